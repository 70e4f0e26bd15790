import Ephemeral
import EphemeralTesting
import Testing

@testable import EphemeralAtoms

@Suite(.timeLimit(.minutes(1)))
struct RetryStateMachineTests {
    typealias Machine = RetryStateMachine<String>

    private let start = ContinuousClock().systemEpoch
    private var machine = Machine(EphemeralOptions())
    private var effects = Machine.Effects()

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start.advanced(by: .milliseconds(milliseconds)) }

    /// An item that was accepted.
    private mutating func arrival(_ item: String) -> OperationID {
        let id = OperationID.next()
        let arrival = Machine.Submission(id: id, item: item)
        let admission = machine.enqueue(arrival, ignoringCapacity: false, now: start, &effects)
        #expect(admission == .accepted)
        return id
    }

    /// An item whose first attempt has failed and that waits so long.
    private mutating func waiting(_ item: String, _ milliseconds: Int) -> OperationID {
        let id = arrival(item)
        let number = machine.begin(id, now: start, &effects)
        #expect(number == 1)
        machine.retry(id, after: .milliseconds(milliseconds), error: Failure(), now: start, &effects)
        return id
    }

    /// What is submitted when the present alarm rings.
    private mutating func submissions(at milliseconds: Int) -> [String] {
        let number = effects.alarm?.number ?? 0
        effects = Machine.Effects()
        machine.alarmRings(number, now: at(milliseconds), &effects)
        return effects.submissions.map(\.item)
    }

    @Test mutating func itemsGetInLineWhenTheirTimeHasComeEarliestFirst() {
        _ = waiting("late", 30)
        _ = waiting("early", 10)
        _ = waiting("also early", 10)
        #expect(effects.alarm?.due == at(10))
        let first = submissions(at: 10)
        #expect(first == ["early", "also early"])
        #expect(effects.alarm?.due == at(30))
        let second = submissions(at: 30)
        #expect(second == ["late"])
        #expect(effects.alarm == nil)
    }

    @Test mutating func anAlarmThatWasOrderedBeforeTheLastIsIgnored() {
        _ = waiting("late", 30)
        let former = effects.alarm?.number ?? 0
        _ = waiting("early", 10)
        effects = Machine.Effects()
        machine.alarmRings(former, now: at(40), &effects)
        #expect(effects.submissions.isEmpty)
    }

    @Test mutating func cancellingDropsWhatDoesNotRunAndTakesTheAlarmBack() {
        let running = arrival("running")
        _ = machine.begin(running, now: start, &effects)
        _ = waiting("waiting", 10)
        _ = arrival("queued")
        let dropped = machine.cancel(now: start, &effects)
        #expect(Set(dropped) == ["waiting", "queued"])
        #expect(effects.alarm.map { $0.due == nil } == true)
        #expect(machine.stats == CoordinatorStats(enqueued: 3, active: 1, cancelled: 2))
        #expect(!machine.isDrained)
        machine.end(running, .completed, now: start, &effects)
        #expect(machine.isDrained)
    }

    @Test mutating func anItemThatWasDroppedIsNotBegun() {
        let id = arrival("a")
        _ = machine.cancel(now: start, &effects)
        let number = machine.begin(id, now: start, &effects)
        let isKnown = machine.end(id, .cancelled, now: start, &effects)
        #expect(number == nil && !isKnown)
    }

    @Test mutating func aFailureAfterTheCancellationIsFinal() {
        let id = arrival("a")
        _ = machine.begin(id, now: start, &effects)
        _ = machine.cancel(now: start, &effects)
        machine.retry(id, after: .milliseconds(1), error: Failure(), now: start, &effects)
        #expect(machine.stats == CoordinatorStats(enqueued: 1, failed: 1))
    }

    @Test mutating func aReadingIsConsistentAfterEveryEvent() {
        let id = arrival("a")
        #expect(machine.stats.isConsistent)
        _ = machine.begin(id, now: start, &effects)
        #expect(machine.stats.isConsistent)
        machine.retry(id, after: .milliseconds(5), error: Failure(), now: start, &effects)
        #expect(machine.stats.isConsistent && machine.stats.pending == 1)
        let submitted = submissions(at: 5)
        let number = machine.begin(id, now: at(5), &effects)
        #expect(submitted == ["a"] && number == 2)
        machine.end(id, .completed, now: at(6), &effects)
        #expect(machine.stats == CoordinatorStats(enqueued: 1, completed: 1))
    }
}
