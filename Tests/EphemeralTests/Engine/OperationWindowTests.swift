import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct OperationWindowTests {
    private func at(_ nanoseconds: Int64) -> Timestamp { Timestamp(nanoseconds: nanoseconds) }

    private func record(_ number: Int64, completedAt: Int64 = 0, isPinned: Bool = false) -> OperationRecord {
        var record = OperationRecord(id: OperationID(rawValue: number), enqueuedAt: at(0), startedAt: at(0))
        record.completedAt = at(completedAt)
        record.state = .completed
        record.isPinned = isPinned
        return record
    }

    private func window(_ capacity: Int, lifetime: Duration? = nil, filledWith numbers: [Int64] = []) -> OperationWindow
    {
        var window = OperationWindow(capacity: capacity, lifetime: lifetime, reportsEvictions: true)
        for number in numbers { window.append(record(number), now: at(0)) }
        return window
    }

    private func numbers(_ window: OperationWindow) -> [Int64] {
        var numbers: [Int64] = []
        window.forEach { numbers.append($0.id.rawValue) }
        return numbers
    }

    @Test func theOldestLeavesWhenTheLimitIsPassed() {
        var window = window(3, filledWith: [1, 2, 3, 4, 5])
        #expect(numbers(window) == [3, 4, 5])
        #expect(window.count == 3)
        #expect(window.takeEvicted().map(\.id.rawValue) == [1, 2])
        #expect(window.takeEvicted().isEmpty)
    }

    @Test func aWindowOfZeroKeepsNothingButPinnedOperations() {
        var window = window(0, filledWith: [1])
        window.append(record(2, isPinned: true), now: at(0))
        window.append(record(3), now: at(0))
        #expect(numbers(window) == [2])
    }

    @Test func pinnedOperationsDoNotCountAndKeepTheirPlace() {
        var window = window(2, filledWith: [1, 2])
        #expect(window.setPinned(OperationID(rawValue: 1), true, now: at(0)) == true)
        for number in 3...6 { window.append(record(Int64(number)), now: at(0)) }
        #expect(numbers(window) == [1, 5, 6])
        #expect(window.setPinned(OperationID(rawValue: 5), true, now: at(0)) == true)
        for number in 7...9 { window.append(record(Int64(number)), now: at(0)) }
        #expect(numbers(window) == [1, 5, 8, 9])
    }

    @Test func anUnpinnedOperationOverTheLimitLeavesAtOnce() {
        var window = window(1, filledWith: [1])
        _ = window.setPinned(OperationID(rawValue: 1), true, now: at(0))
        window.append(record(2), now: at(0))
        window.append(record(3), now: at(0))
        #expect(numbers(window) == [1, 3])
        #expect(window.setPinned(OperationID(rawValue: 1), false, now: at(0)) == true)
        #expect(numbers(window) == [3])
    }

    @Test func pinningTwiceCountsOnce() {
        var window = window(1, filledWith: [1])
        for _ in 0..<2 { _ = window.setPinned(OperationID(rawValue: 1), true, now: at(0)) }
        window.append(record(2), now: at(0))
        window.append(record(3), now: at(0))
        #expect(numbers(window) == [1, 3])
    }

    @Test func anUnknownOperationCannotBePinned() {
        var window = window(1, filledWith: [1])
        #expect(window.setPinned(OperationID(rawValue: 9), true, now: at(0)) == false)
    }

    @Test func theLifetimeCountsFromTheEnd() {
        var window = window(10, lifetime: .nanoseconds(50))
        window.append(record(1, completedAt: 100), now: at(100))
        window.trim(now: at(149))
        #expect(numbers(window) == [1])
        window.trim(now: at(150))
        #expect(numbers(window).isEmpty)
    }

    @Test func pinnedOperationsOutliveTheirTimeUntilTheyAreUnpinned() {
        var window = window(10, lifetime: .nanoseconds(50))
        window.append(record(1, completedAt: 100, isPinned: true), now: at(100))
        window.append(record(2, completedAt: 110), now: at(110))
        window.trim(now: at(500))
        #expect(numbers(window) == [1])
        _ = window.setPinned(OperationID(rawValue: 1), false, now: at(500))
        #expect(numbers(window).isEmpty)
        #expect(window.takeEvicted().map(\.id.rawValue) == [2, 1])
    }

    @Test func theNextExpiryIsThatOfTheOldestOperationThatCanLeave() {
        var window = window(10, lifetime: .nanoseconds(50))
        #expect(window.nextExpiry == .distantFuture)
        window.append(record(1, completedAt: 100, isPinned: true), now: at(100))
        window.append(record(2, completedAt: 110), now: at(110))
        #expect(window.nextExpiry == at(160))
        #expect(self.window(10, filledWith: [1]).nextExpiry == .distantFuture)
    }

    @Test(arguments: [1, 2, 3] as [Int64])
    func anEvictedOperationIsGoneWhereverItStood(_ number: Int64) {
        var window = window(5, filledWith: [1, 2, 3])
        #expect(window.evict(OperationID(rawValue: number), now: at(0)) == true)
        #expect(window.evict(OperationID(rawValue: number), now: at(0)) == false)
        #expect(numbers(window) == [1, 2, 3].filter { $0 != number })
        #expect(window.count == 2)
        #expect(window.record(OperationID(rawValue: number)) == nil)
        #expect(window.takeEvicted().map(\.id.rawValue) == [number])
    }

    @Test func pinnedOperationsCanBeEvicted() {
        var window = window(1, filledWith: [1])
        _ = window.setPinned(OperationID(rawValue: 1), true, now: at(0))
        for number in 2...4 { window.append(record(Int64(number)), now: at(0)) }
        #expect(window.evict(OperationID(rawValue: 1), now: at(0)) == true)
        #expect(numbers(window) == [4])
        window.append(record(5), now: at(0))
        #expect(numbers(window) == [5])
    }

    @Test func evictingManyLeavesTheLimitExact() {
        var window = window(100, filledWith: Array(1...100))
        for number in stride(from: Int64(2), through: 98, by: 2) {
            #expect(window.evict(OperationID(rawValue: number), now: at(0)) == true)
        }
        #expect(window.count == 51)
        for number in 101...149 { window.append(record(Int64(number)), now: at(0)) }
        #expect(window.count == 100)
        window.append(record(150), now: at(0))
        #expect(numbers(window).first == 3)
        #expect(window.count == 100)
    }

    @Test func operationsAreFoundAndChangedByIdentity() {
        var window = window(5, filledWith: [1, 2])
        #expect(window.record(OperationID(rawValue: 2))?.id.rawValue == 2)
        let changed: Int? = window.update(OperationID(rawValue: 1)) { record in
            record.tag = KeyTag("k")
            return 7
        }
        #expect(changed == 7)
        #expect(window.record(OperationID(rawValue: 1))?.hasKey("k") == true)
        #expect(window.update(OperationID(rawValue: 9)) { _ in 1 } == nil)
    }

    @Test func lostSignalsAreNoticed() {
        var window = window(1)
        var loud = record(1)
        loud.append(SignalEvent(signal: "a", operationID: loud.id, key: nil, time: at(0), wallOffset: 0))
        window.append(loud, now: at(0))
        #expect(!window.hasLostSignals)
        window.append(record(2), now: at(0))
        #expect(window.hasLostSignals)
    }

    @Test func evictionsAreCollectedOnlyWhenSomebodyAsks() {
        var window = OperationWindow(capacity: 0, lifetime: nil, reportsEvictions: false)
        window.append(record(1), now: at(0))
        #expect(window.evicted.isEmpty)
    }
}
