import EphemeralTime
import Testing

@testable import Ephemeral

/// The parts that a queue with keys is made of, each alone.
@Suite(.timeLimit(.minutes(1)))
struct KeyedPartsTests {
    // Ready keys

    private func taken(_ keys: inout ReadyKeys) -> [Int] {
        var taken: [Int] = []
        while let next = keys.next {
            #expect(keys.removeNext() == next)
            taken.append(next)
        }
        #expect(keys.isEmpty && keys.removeNext() == nil)
        return taken
    }

    @Test func keysThatBecomeReadyLateAreServedInTheOrderOfArrival() {
        var keys = ReadyKeys(isFair: false)
        for (key, arrival) in [(1, 10), (2, 20), (3, 5), (4, 30), (5, 1)] { keys.insert(key, arrival: UInt64(arrival)) }
        #expect(taken(&keys) == [5, 3, 1, 2, 4])
    }

    @Test func fairKeysAreServedInTheOrderInWhichTheyBecameReady() {
        var keys = ReadyKeys(isFair: true)
        for (key, arrival) in [(1, 10), (2, 20), (3, 5)] { keys.insert(key, arrival: UInt64(arrival)) }
        #expect(taken(&keys) == [1, 2, 3])
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func readyKeysAgreeWithASortedList(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var keys = ReadyKeys(isFair: false)
        var model: [UInt64] = []
        for _ in 0..<2000 {
            if Bool.random(using: &random) {
                let arrival = UInt64.random(in: 0..<1_000_000, using: &random)
                guard !model.contains(arrival) else { continue }
                keys.insert(Int(arrival), arrival: arrival)
                model.append(arrival)
                model.sort()
            } else {
                #expect(keys.removeNext() == (model.isEmpty ? nil : Int(model.removeFirst())))
            }
            #expect(keys.next == model.first.map { Int($0) })
        }
    }

    // Key table

    @Test func aKeyKeepsItsNumberAsLongAsItIsLive() {
        var table = KeyTable<String>()
        let first = table.number(of: "a")
        table.states[first].pending = 1
        #expect(table.number(of: "a") == first)
        #expect(table.number(of: "b") != first)
        #expect(table.forgetIfIdle(first) == false)
        #expect(table.pending("a") == 1 && table.pending("b") == 0 && table.pending("c") == 0)
        #expect(table.count == 2)
    }

    @Test func aNumberIsGivenAgainWithoutWhatWasKnownOfItsOldKey() {
        var table = KeyTable<String>()
        let old = table.number(of: "a")
        let other = table.number(of: "b")
        table.states[old].running = 1
        #expect(table.forgetIfIdle(old) == false, "something runs")
        table.states[old].running = 0
        #expect(table.forgetIfIdle(old) == false, "b is live")
        #expect(table.number(of: "c") == old)
        #expect(table.states[old].tag?.key == "c" && table.states[old].pending == 0 && table.states[old].running == 0)
        #expect(table.number(of: "a") != old && table.number(of: "b") == other)
    }

    @Test func aNumberIsGivenBackOnce() {
        var table = KeyTable<Int>()
        let number = table.number(of: 1)
        _ = table.forgetIfIdle(number)
        _ = table.forgetIfIdle(number)
        #expect(table.free == [number])
        #expect(table.number(of: 2) != table.number(of: 3))
    }

    @Test func aTableThatHasBeenLargeGivesItsMemoryBack() {
        var table = KeyTable<Int>()
        let count = KeyTable<Int>.keptStates + 1
        let numbers = (0..<count).map { table.number(of: $0) }
        #expect(Set(numbers).count == count)
        #expect(numbers.map { table.forgetIfIdle($0) }.count { $0 } == 1)
        #expect(table.count == 0 && table.states.isEmpty && table.free.isEmpty)
    }

    // Lines

    @Test func entriesOfAKeyLeaveInTheirOrderAndTheirPlacesAreUsedAgain() {
        var line = KeyedLine<Int>(isFair: false)
        for (arrival, entry) in [10, 20, 11, 21, 12].enumerated() {
            line.append(entry, key: entry / 10, arrival: UInt64(arrival))
        }
        #expect(line.first(1) == 10 && line.first(2) == 20)
        #expect([1, 1, 2].map { line.popFirst($0) } == [10, 11, 20])
        for entry in [13, 22, 30] { line.append(entry, key: entry / 10, arrival: 9) }
        #expect(line.nodes.count == 5)
        #expect([1, 1, 1].map { line.popFirst($0) } == [12, 13, nil])
        #expect([2, 2, 2].map { line.popFirst($0) } == [21, 22, nil])
        #expect(line.hasPending(3) && !line.hasPending(1) && !line.hasPending(7))
        #expect(line.nodes.count { $0.entry != nil } == 1, "nothing is kept of what has left")
    }

    @Test func aKeyStandsAmongTheReadyOnesOnceAndOnlyWithSomethingThatWaits() {
        var line = KeyedLine<Int>(isFair: false)
        line.append(10, key: 1, arrival: 1)
        line.append(11, key: 1, arrival: 2)
        for _ in 0..<3 { line.makeReady(1) }
        line.makeReady(0)
        line.makeReady(5)
        #expect(line.ready.next == 1)
        line.removeNextReady()
        #expect(line.ready.isEmpty)
        line.makeReady(1)
        #expect(line.ready.next == 1)
        line.reset()
        #expect(line.ready.isEmpty && line.nodes.isEmpty && !line.hasPending(1))
    }
}
