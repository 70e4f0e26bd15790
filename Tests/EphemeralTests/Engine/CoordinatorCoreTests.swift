import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct CoordinatorCoreTests {
    private let now = Timestamp(nanoseconds: 1000)

    private func core(limit: Int = 2) -> CoordinatorCore {
        CoordinatorCore(
            limit: limit,
            queueCapacity: nil,
            window: OperationWindow(capacity: 10, lifetime: nil, reportsEvictions: false),
            gate: StartGate(allowance: nil)
        )
    }

    private func ticket() -> Ticket { Ticket(id: .next(), enqueuedAt: now) }

    /// Brings an accepted operation to a worker and starts it.
    private func start(_ core: inout CoordinatorCore, slot: Int) -> NextStep {
        var effects: Effects?
        core.workerReturned(slot: slot, hasArrived: true, finished: nil, now: now, &effects)
        return core.nextStep(slot: slot, head: core.pending > 0 ? ticket() : nil, now: now, &effects)
    }

    private func finish(_ core: inout CoordinatorCore, slot: Int, _ outcome: BodyOutcome = .completed) {
        var effects: Effects?
        core.workerReturned(slot: slot, hasArrived: false, finished: outcome, now: now, &effects)
    }

    @Test func oneWorkerAtATimeIsBroughtOnItsWay() {
        var core = core()
        core.accept(2)
        #expect(core.wakeUp(now: now).text == "spawn(slot: 0)")
        #expect(core.wakeUp(now: now).text == "nothing")
        #expect(start(&core, slot: 0).text == "run")
        #expect(core.wakeUp(now: now).text == "spawn(slot: 1)")
    }

    @Test func noMoreWorkersThanTheLimit() {
        var core = core(limit: 1)
        core.accept(2)
        _ = core.wakeUp(now: now)
        #expect(start(&core, slot: 0).text == "run")
        #expect(core.wakeUp(now: now).text == "nothing")
        #expect(core.workers == 1)
    }

    @Test func anEmptyQueueNeedsNobody() {
        var core = core()
        #expect(core.wakeUp(now: now).text == "nothing")
    }

    @Test func aPausedCoreStartsNothing() {
        var core = core()
        core.accept(1)
        _ = core.wakeUp(now: now)
        core.isPaused = true
        #expect(start(&core, slot: 0).text == "park")
        #expect(core.wakeUp(now: now).text == "nothing")
        #expect(core.stats.pending == 1)
    }

    @Test(arguments: [CoordinatorCore.Lifecycle.finished, .cancelled])
    func aWorkerWithoutWorkEndsWhenTheIntakeIsClosed(_ lifecycle: CoordinatorCore.Lifecycle) {
        var core = core()
        core.accept(1)
        _ = core.wakeUp(now: now)
        _ = start(&core, slot: 0)
        finish(&core, slot: 0)
        core.lifecycle = lifecycle
        var effects: Effects?
        #expect(core.nextStep(slot: 0, head: nil, now: now, &effects).text == "retire")
        #expect(core.workers == 0)
        #expect(core.isMet(.joined))
    }

    @Test func aWorkerWaitsWhileInputMayCome() {
        var core = core()
        core.accept(1)
        _ = core.wakeUp(now: now)
        _ = start(&core, slot: 0)
        finish(&core, slot: 0)
        var effects: Effects?
        #expect(core.nextStep(slot: 0, head: nil, now: now, &effects).text == "park")
        core.lifecycle = .finished
        core.hasOpenSource = true
        #expect(core.nextStep(slot: 0, head: nil, now: now, &effects).text == "park")
        #expect(!core.isDrained)
    }

    @Test func surplusWorkersEndAfterShrinkingAlthoughThereIsWork() {
        var core = core(limit: 2)
        core.accept(4)
        for slot in 0..<2 {
            _ = core.wakeUp(now: now)
            _ = start(&core, slot: slot)
        }
        core.limit = 1
        finish(&core, slot: 0)
        var effects: Effects?
        #expect(core.nextStep(slot: 0, head: ticket(), now: now, &effects).text == "retire")
        #expect(core.active == 1)
        #expect(core.wakeUp(now: now).text == "nothing")
        finish(&core, slot: 1)
        #expect(core.nextStep(slot: 1, head: ticket(), now: now, &effects).text == "run")
        #expect(core.active == 1)
    }

    @Test(
        arguments: [
            (CoordinatorCore.Lifecycle.open, BodyOutcome.completed, "completed"),
            (.open, .failed(Failure()), "failed"),
            (.open, .failed(CancellationError()), "failed"),
            (.finished, .failed(CancellationError()), "failed"),
            (.cancelled, .completed, "completed"),
            (.cancelled, .failed(Failure()), "failed"),
            (.cancelled, .failed(CancellationError()), "cancelled"),
        ] as [(CoordinatorCore.Lifecycle, BodyOutcome, String)]
    )
    func theOutcomeDependsOnTheBodyAndTheLifecycle(
        _ lifecycle: CoordinatorCore.Lifecycle,
        _ outcome: BodyOutcome,
        _ expected: String
    ) {
        var core = core()
        core.accept(1)
        _ = core.wakeUp(now: now)
        _ = start(&core, slot: 0)
        core.lifecycle = lifecycle
        finish(&core, slot: 0, outcome)
        let counters = ["completed": core.completed, "failed": core.failed, "cancelled": core.cancelled]
        #expect(counters.filter { $0.value > 0 } == [expected: 1])
        #expect(core.records { _ in true }.map { "\($0.state)" } == [expected])
    }

    @Test func aDiscardedOperationIsCountedAndShown() {
        var core = core()
        core.accept(2)
        var effects: Effects?
        core.discard(ticket(), skippedBy: nil, now: now, &effects)
        core.discard(ticket(), skippedBy: "stop", now: now, &effects)
        #expect(core.cancelled == 2)
        #expect(core.pending == 0)
        #expect(core.records { _ in true }.map { "\($0.state)" } == ["cancelled", "skipped"])
        #expect(core.records { _ in true }.map(\.skippedBy) == [nil, "stop"])
    }

    @Test func aSlotIsReusedOnlyAfterItsTaskIsKnown() async {
        var core = core(limit: 1)
        core.accept(1)
        _ = core.wakeUp(now: now)
        _ = start(&core, slot: 0)
        finish(&core, slot: 0)
        core.limit = 0
        var effects: Effects?
        #expect(core.nextStep(slot: 0, head: nil, now: now, &effects).text == "retire")
        core.limit = 1
        core.accept(1)
        #expect(core.wakeUp(now: now).text == "spawn(slot: 1)")
        let first = Task {}
        let second = Task {}
        #expect(core.register(second, slot: 1) == false)
        #expect(core.register(first, slot: 0) == false)
        #expect(core.tasks == [nil, second])
        #expect(core.freeSlots == [0])
        await first.value
        await second.value
    }

    @Test func aWorkerThatWasSpawnedBeforeTheCancellationIsCancelledWhenItIsKnown() async {
        var core = core()
        core.accept(1)
        _ = core.wakeUp(now: now)
        core.lifecycle = .cancelled
        let task = Task {}
        #expect(core.register(task, slot: 0) == true)
        await task.value
    }
}

extension WakeUp {
    fileprivate var text: String { String(describing: self) }
}

extension NextStep {
    fileprivate var text: String { String(describing: self) }
}
