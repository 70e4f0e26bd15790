import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct WorkStateTests {
    private let now = Timestamp(nanoseconds: 1_000_000)

    private typealias State = WorkState<ArrivalQueue<Int, Unrouted>>

    private func state(capacity: Int? = 2, gate: StartGate = StartGate(allowance: nil)) -> State {
        WorkState(
            core: CoordinatorCore(
                limit: 1,
                queueCapacity: capacity,
                window: OperationWindow(capacity: 10, lifetime: nil, reportsEvictions: false),
                gate: gate
            ),
            queue: ArrivalQueue()
        )
    }

    private func entry(_ item: Int) -> QueueEntry<Int, Unrouted> {
        QueueEntry(item: item, route: Unrouted(), ticket: Ticket(id: .next(), enqueuedAt: now))
    }

    private func reconsider(
        _ item: Int,
        in state: inout State,
        ignoringCapacity: Bool = false
    ) -> String {
        switch state.reconsider(entry(item), ignoringCapacity: ignoringCapacity, mayWait: false, now: now) {
        case .accepted: "accepted"
        case .waits, .waitsShortly: "waits"
        case .full: "full"
        case .refused: "refused"
        }
    }

    /// The alarm of a held head goes off while its only worker is between its turn and its rest: it finds nobody to wake, and
    /// the worker's own reading of the clock is from before.
    @Test func aWorkerThatRestsAfterTheAlarmHasGoneOffSetsItAgain() async {
        var state = state(gate: StartGate(allowance: 100))
        #expect(reconsider(1, in: &state) == "accepted")
        let match = StartGate.Reading.Match(signal: "busy", time: now)
        state.core.gate.update(deferral: StartGate.Reading(version: 1, newest: match))
        state.core.workers = 1
        var effects: Effects?
        state.watchHead(now: now, &effects)
        #expect(effects?.list.alarm?.due == now.advanced(byNanoseconds: 100))
        effects = nil
        state.core.alarm = nil
        state.watchHead(now: now.advanced(byNanoseconds: 100), &effects)
        #expect(effects == nil && state.core.wakeUp(now: now.advanced(byNanoseconds: 100)).isNothing)
        await WorkerContinuation.suspend { continuation in
            let waits = state.park(ParkedWorker(slot: 0, continuation: continuation), now: now, &effects)
            #expect(waits)
            #expect(effects?.list.alarm?.due == now.advanced(byNanoseconds: 100))
            continuation.resume()
        }
    }

    @Test func anArrivalWithoutRoomInTheIntakeIsHeldToTheRulesOfSignals() {
        var state = state()
        let match = StartGate.Reading.Match(signal: "busy", time: now)
        state.core.gate.update(deferral: StartGate.Reading(version: 1, newest: match))
        guard case .accepted(nil) = state.reconsider(entry(1), ignoringCapacity: false, mayWait: true, now: now) else {
            Issue.record("a worker is woken, or nobody sets the alarm of the head")
            return
        }
    }

    @Test func absorbingCountsItemsAndLeavesTheRoomThatIsLeft() {
        var state = state(capacity: 5)
        var intake = Intake<QueueEntry<Int, Unrouted>>(room: 5)
        for item in 1...2 { _ = intake.append(entry(item)) }
        state.absorb(&intake)
        for item in 3...4 { _ = intake.append(entry(item)) }
        state.absorb(&intake)
        #expect(state.queue.entries.map(\.item) == [1, 2, 3, 4])
        #expect(state.core.stats.pending == 4)
        #expect(state.core.stats.enqueued == 4)
        #expect(intake.entries.isEmpty)
        #expect(intake.room == 1)
    }

    @Test func anUnboundedQueueAlwaysHasRoom() {
        var state = state(capacity: nil)
        var intake = Intake<QueueEntry<Int, Unrouted>>(room: 1)
        _ = intake.append(entry(1))
        state.absorb(&intake)
        #expect(intake.room == .max - 1)
    }

    @Test func aFullQueueTakesOnlyWhoMayPassItsCapacity() {
        var state = state()
        #expect((1...3).map { reconsider($0, in: &state) } == ["accepted", "accepted", "full"])
        #expect(reconsider(4, in: &state, ignoringCapacity: true) == "accepted")
        #expect(state.core.overflowed == 1)
        #expect(state.queue.entries.map(\.item) == [1, 2, 4])
    }

    @Test(arguments: [CoordinatorCore.Lifecycle.finished, .cancelled])
    func aClosedStateTakesNothing(_ lifecycle: CoordinatorCore.Lifecycle) {
        var state = state()
        state.core.lifecycle = lifecycle
        #expect(reconsider(1, in: &state) == "refused")
        #expect(reconsider(1, in: &state, ignoringCapacity: true) == "refused")
    }

    @Test func aWaitingCallerIsAdmittedWhenThereIsRoom() async throws {
        var state = state(capacity: 1)
        #expect(reconsider(1, in: &state) == "accepted")
        try await withCheckedThrowingContinuation { continuation in
            let producer = State.WaitingProducer(waiter: 7, entry: entry(2), continuation: continuation)
            let answer = state.wait(producer, now: now)
            guard case .waits = answer else {
                Issue.record("does not wait: \(answer)")
                return continuation.resume()
            }
            #expect(state.core.waitingProducers == 1)
            #expect(reconsider(3, in: &state) == "full")
            var effects: Effects?
            state.admitProducers(now: now, isPressed: false, &effects)
            #expect(effects == nil)
            state.queue.entries.removeFirst()
            state.admitProducers(now: now, isPressed: false, &effects)
            #expect(effects?.list.admitted.count == 1)
            effects?.list.admitted.first?.resume()
        }
        #expect(state.queue.entries.map(\.item) == [2])
        #expect(state.core.waitingProducers == 0)
        #expect(state.core.stats.enqueued == 2)
    }

    @Test func aCancelledCallerLeavesNothingBehind() async {
        var state = state(capacity: 1)
        #expect(reconsider(1, in: &state) == "accepted")
        let before = state.core.stats
        await #expect(throws: CancellationError.self) {
            try await withCheckedThrowingContinuation { continuation in
                let producer = State.WaitingProducer(waiter: 7, entry: entry(2), continuation: continuation)
                _ = state.wait(producer, now: now)
                state.cancelProducer(7)?.continuation.resume(throwing: CancellationError())
            }
        }
        #expect(state.core.stats == before)
        #expect(state.core.waitingProducers == 0)
        #expect(state.producers.isEmpty)
    }

    @Test func aCancellationThatComesFirstTurnsTheCallerAway() async throws {
        var state = state(capacity: 1)
        #expect(state.cancelProducer(7) == nil)
        try await withCheckedThrowingContinuation { continuation in
            let producer = State.WaitingProducer(waiter: 7, entry: entry(1), continuation: continuation)
            if case .refused(let error) = state.wait(producer, now: now) {
                #expect(error is CancellationError)
            } else {
                Issue.record("not refused although there is room")
            }
            continuation.resume()
        }
        #expect(state.core.stats.enqueued == 0)
        state.forgetProducer(7)
    }

    @Test func droppingTheQueueCountsEveryItem() {
        var state = state(capacity: 5)
        #expect((1...3).map { reconsider($0, in: &state) }.allSatisfy { $0 == "accepted" })
        var effects: Effects?
        #expect(state.discardQueue(now: now, &effects) == [1, 2, 3])
        #expect(effects?.list.discarded.count == 3)
        #expect(state.core.stats.cancelled == 3)
        #expect(state.core.stats.pending == 0)
    }

    @Test func cancelSignalsDropOnlyWhatWouldStart() {
        var state = state(capacity: 5)
        #expect((1...3).map { reconsider($0, in: &state) }.allSatisfy { $0 == "accepted" })
        let match = StartGate.Reading.Match(signal: "stop", time: now)
        state.core.gate.update(cancellation: StartGate.Reading(version: 1, newest: match))
        var effects: Effects?
        state.core.isPaused = true
        #expect(state.dropSkipped(now: now, &effects).isEmpty)
        state.core.isPaused = false
        state.core.active = 1
        #expect(state.dropSkipped(now: now, &effects).isEmpty)
        state.core.active = 0
        #expect(state.dropSkipped(now: now, &effects) == [1, 2, 3])
    }
}

extension WakeUp {
    fileprivate var isNothing: Bool {
        if case .nothing = self { true } else { false }
    }
}
