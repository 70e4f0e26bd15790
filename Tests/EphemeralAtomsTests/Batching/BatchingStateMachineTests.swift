import Ephemeral
import Testing

@testable import EphemeralAtoms

@Suite(.timeLimit(.minutes(1)))
struct BatchingStateMachineTests {
    typealias Machine = BatchingStateMachine<Int>

    private let start = ContinuousClock().systemEpoch

    private func machine(size: Int = 3, interval: Duration = .seconds(1), buffered: Int? = nil) -> Machine {
        var options = BatchingOptions(maxBatchSize: size, flushInterval: interval)
        options.maxBuffered = buffered
        return Machine(options)
    }

    private func add(_ items: some Sequence<Int>, to machine: inout Machine) -> Machine.Effects {
        var effects = Machine.Effects()
        for item in items { _ = machine.enqueue(item, now: start, &effects) }
        return effects
    }

    @Test func theFirstItemOfAnEmptyBufferOrdersTheAlarmAndOthersDoNot() {
        var machine = machine()
        var effects = add([1], to: &machine)
        #expect(effects.alarm?.due == start.advanced(by: .seconds(1)))
        effects = add([2], to: &machine)
        #expect(effects.alarm == nil)
    }

    @Test func aFullBatchIsReadyAtOnceAndTakesTheAlarmBack() {
        var machine = machine()
        let effects = add([1, 2, 3], to: &machine)
        #expect(effects.turns == 1)
        #expect(effects.alarm.map { $0.due == nil } == true)
    }

    @Test func anAlarmThatWasTakenBackSealsNothing() {
        var machine = machine()
        let number = add([1], to: &machine).alarm?.number ?? 0
        _ = add([2, 3, 4], to: &machine)
        var effects = Machine.Effects()
        machine.intervalIsOver(number, &effects)
        #expect(effects.turns == 0)
    }

    @Test func flushingAnEmptyBufferMakesNoBatch() {
        var machine = machine()
        var effects = Machine.Effects()
        #expect(machine.flush(&effects) == 0)
        #expect(effects.turns == 0)
    }

    @Test func itemsOfManyBatchesStayInOrder() {
        var machine = machine()
        var effects = add(1...7, to: &machine)
        _ = machine.flush(&effects)
        var batches: [[Int]] = []
        while let batch = machine.begin(now: start, &effects) {
            batches.append(batch.items)
            machine.end(.delivered, &effects)
        }
        #expect(batches == [[1, 2, 3], [4, 5, 6], [7]])
        #expect(effects.turns == 3)
    }

    @Test func cancellingHandsBackWhatWaitsInOrderAndNothingTwice() {
        var machine = machine()
        var effects = add(1...5, to: &machine)
        #expect(machine.cancel(&effects) == [1, 2, 3, 4, 5])
        #expect(machine.cancel(&effects).isEmpty)
        #expect(machine.begin(now: start, &effects) == nil)
        #expect(machine.stats.cancelled == 5 && machine.stats.buffered == 0)
        #expect(machine.enqueue(6, now: start, &effects) == .closed)
    }

    @Test func aBufferWithItsMostItemsTakesNoMoreUntilABatchBegins() {
        var machine = machine(buffered: 3)
        var effects = add(1...3, to: &machine)
        #expect(machine.enqueue(4, now: start, &effects) == .full)
        #expect(machine.begin(now: start, &effects)?.items == [1, 2, 3])
        #expect(machine.enqueue(4, now: start, &effects) == .accepted)
    }
}
