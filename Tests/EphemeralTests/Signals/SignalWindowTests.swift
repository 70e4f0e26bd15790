import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalWindowTests {
    @Test(arguments: [1, 2, 3, 7, 100, 1000])
    func neverHoldsMoreThanItsCapacity(capacity: Int) {
        var window = SignalWindow.forTests(capacity: capacity)
        for step in 1...5000 {
            window.raise(Int64(step), "s\(step % 13)")
            #expect(window.count == min(step, capacity))
        }
        #expect(window.events(["*"]).map(\.time) == (5001 - Int64(capacity)...5000).map { Timestamp.at($0) })
    }

    @Test(arguments: [0, -1, .min])
    func aCapacityBelowOneIsOne(capacity: Int) {
        var window = SignalWindow.forTests(capacity: capacity)
        window.raise(1, "a")
        window.raise(2, "b")
        #expect(window.names() == ["b"])
    }

    @Test func noLiveSignalIsLostOverManyRaises() {
        var window = SignalWindow.forTests(capacity: 2000)
        var lost = 0
        for step in 1...100_000 {
            window.raise(Int64(step), "s\(step % 7)")
            if window.count != min(step, 2000) { lost += 1 }
        }
        #expect(lost == 0)
        #expect(window.events(["*"]).map(\.time) == (98_001...100_000).map { Timestamp.at($0) })
    }

    @Test func nothingOlderThanItsAgeIsShown() {
        var window = SignalWindow.forTests(maxAge: .milliseconds(10))
        window.raise(0, "a")
        window.raise(5, "b")
        window.expire(now: .at(9))
        #expect(window.names() == ["a", "b"])
        window.expire(now: .at(10))
        #expect(window.names() == ["b"])
        #expect(window.countOf(name: "a") == 0)
        window.expire(now: .at(15))
        #expect(window.count == 0)
    }

    @Test func anEventThatIsTooOldIsNotStored() {
        var window = SignalWindow.forTests(maxAge: .milliseconds(10))
        window.append(.at(0, "old"), now: .at(20))
        #expect(window.count == 0)
        window.raise(20, "a")
        window.append(.at(5, "old"), now: .at(20))
        #expect(window.names() == ["a"])
    }

    @Test func oldTimeStampsAreInsertedInOrder() {
        var window = SignalWindow.forTests()
        for time in [10, 30, 20, 30, 5, 20] as [Int64] { window.append(.at(time, "t\(time)"), now: .at(30)) }
        #expect(window.names() == ["t5", "t10", "t20", "t20", "t30", "t30"])
        #expect(window.count(["t2*"], since: .at(20)) == 2)
        #expect(window.count(["*"], since: .at(21)) == 2)
    }

    @Test func equalTimesKeepTheOrderOfArrival() {
        var window = SignalWindow.forTests()
        for name in ["a", "b", "c"] { window.raise(1, name) }
        window.append(.at(0, "first"), now: .at(1))
        window.append(.at(1, "d"), now: .at(1))
        #expect(window.names() == ["first", "a", "b", "c", "d"])
    }

    @Test func anOldEventGoesFirstWhenThereIsNoRoom() {
        var window = SignalWindow.forTests(capacity: 2)
        window.raise(10, "a")
        window.raise(20, "b")
        window.append(.at(5, "old"), now: .at(20))
        #expect(window.names() == ["a", "b"])
        window.append(.at(15, "middle"), now: .at(20))
        #expect(window.names() == ["middle", "b"])
    }

    @Test func removalTakesAllOccurrencesInPlaceAndReportsEach() {
        var window = SignalWindow.forTests()
        for (time, name) in ["a", "b", "a", "c", "a"].enumerated() { window.raise(Int64(time), name) }
        #expect(window.remove(["a"]).map(\.time) == [.at(0), .at(2), .at(4)])
        #expect(window.names() == ["b", "c"])
        #expect(window.countOf(name: "a") == 0)
        #expect(window.remove(["a"]).isEmpty)
        window.raise(9, "a")
        #expect(window.names() == ["b", "c", "a"])
    }

    @Test func removalCanBeLimitedToAnOperation() {
        var window = SignalWindow.forTests()
        window.raise(0, "a", by: 1)
        window.raise(1, "a", by: 2)
        let removed = window.remove(["a"], of: OperationID(rawValue: 2))
        #expect(removed.map(\.time) == [.at(1)])
        #expect(window.events(["a"]).map(\.operationID.rawValue) == [1])
    }

    @Test func vacanciesAreCompactedAway() {
        var window = SignalWindow.forTests(capacity: 1000)
        for time in 0..<1000 as Range<Int64> { window.raise(time, time % 4 == 0 ? "keep" : "drop.\(time % 3)") }
        #expect(window.count(["keep"], since: nil) == 250)
        #expect(window.remove(["drop.*"]).count == 750)
        #expect(window.count == 250)
        #expect(window.names() == Array(repeating: "keep", count: 250))
        #expect(window.count(["keep"], since: .at(500)) == 125)
        for time in 1000..<1750 as Range<Int64> { window.raise(time, "more") }
        #expect(window.count == 1000)
        #expect(window.count(["keep"], since: nil) == 250)
        window.raise(1750, "more")
        #expect(window.count(["keep"], since: nil) == 249)
    }

    @Test func shrinkingDropsTheOldest() {
        var window = SignalWindow.forTests()
        for time in 0..<10 as Range<Int64> { window.raise(time, "t\(time)") }
        window.resize(capacity: 3, maxAge: nil, now: .at(9))
        #expect(window.names() == ["t7", "t8", "t9"])
        window.resize(capacity: 4, maxAge: .milliseconds(2), now: .at(9))
        #expect(window.names() == ["t8", "t9"])
        window.resize(capacity: nil, maxAge: .zero, now: .at(9))
        #expect(window.maxAge == 2_000_000)
    }

    @Test func everythingOfAnEventIsGivenBack() throws {
        var window = SignalWindow.forTests()
        let event = SignalEvent(
            signal: "a",
            operationID: OperationID(rawValue: 7),
            key: "key",
            time: .at(3),
            wallOffset: 11,
            propagation: .root("z").extended(by: "a")
        )
        window.append(event, now: .at(3))
        #expect(window.events(["*"]) == [event])
        #expect(window.remove(["a"]) == [event])
    }

    @Test func aRuleReadsItsNewestMatchAndItsExpiry() {
        var window = SignalWindow.forTests(maxAge: .milliseconds(10))
        let rule = window.place(of: ["a.*"])
        #expect(window.reading(rule).newest == nil)
        window.raise(1, "a.1")
        window.raise(2, "a.2")
        window.raise(3, "b")
        let reading = window.reading(rule)
        #expect(reading.newest == StartGate.Reading.Match(signal: "a.2", time: .at(2)))
        #expect(reading.expiry == .at(12))
        _ = window.remove(["a.2"])
        #expect(window.reading(rule).newest?.signal == "a.1")
        #expect(window.reading(rule).version > reading.version)
    }
}
