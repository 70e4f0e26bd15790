import EphemeralTesting
import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct ScarceRoomTests {
    @Test func aNearlyFullQueueTakesItemsWhileItsBodyWaitsForTheProducer() async throws {
        let gate = Gate()
        var options = EphemeralOptions(maxConcurrency: 1)
        options.queueCapacity = 32
        options.time = ManualTimeSource()
        let coordinator = try WorkCoordinator<Int>(options: options) { _ in try await gate.wait() }
        try await coordinator.enqueue(0)
        try await gate.arrivals(1)
        // The body ends only after the producer has brought all that there is room for.
        for item in 1...32 { try await coordinator.enqueue(item) }
        #expect(coordinator.stats.pending == 32)
        gate.open()
        try await coordinator.drain()
        #expect(coordinator.stats.completed == 33)
    }

    @Test func aWorkerBesideALongBodyDoesNotStepAside() throws {
        var core = try CoordinatorCore(EphemeralOptions(maxConcurrency: 2))
        let now = Timestamp(nanoseconds: 1_000_000)
        core.accept(10)
        #expect(step(&core, spawned(core.wakeUp(now: now)), finished: nil, now: now) == "run")
        let other = spawned(core.wakeUp(now: now))
        #expect(step(&core, other, finished: nil, now: now) == "run")
        #expect(step(&core, other, finished: .completed, now: now) == "run")
        #expect(step(&core, other, finished: .completed, now: now) == "run")
    }

    @Test func aWorkerStepsAsideWhenAnotherHasJustEndedAShortBody() throws {
        var core = try CoordinatorCore(EphemeralOptions(maxConcurrency: 2))
        let now = Timestamp(nanoseconds: 1_000_000)
        core.accept(10)
        let first = spawned(core.wakeUp(now: now))
        #expect(step(&core, first, finished: nil, now: now) == "run")
        let second = spawned(core.wakeUp(now: now))
        #expect(step(&core, second, finished: nil, now: now) == "run")
        #expect(step(&core, first, finished: .completed, now: now) == "run")
        #expect(step(&core, second, finished: .completed, now: now) == "run", "its own bodies are long")
        #expect(step(&core, first, finished: .completed, hasShortBodies: true, now: now) == "hover")
        #expect(step(&core, first, finished: nil, now: now) == "run", "it is back after a moment")
    }

    @Test func aWorkerMeasuresItsFirstBodyAndThenNowAndAgain() {
        var pace = WorkerPace()
        #expect(pace.isTimeToMeasure() && !pace.hasShortBodies)
        pace.bodyStarts(at: Timestamp(nanoseconds: 1_000))
        pace.bodyEnded(at: Timestamp(nanoseconds: 1_999))
        #expect(pace.hasShortBodies)
        #expect((1...32).map { _ in pace.isTimeToMeasure() } == Array(repeating: false, count: 31) + [true])
        pace.bodyEnded(at: Timestamp(nanoseconds: 9_000))
        #expect(pace.hasShortBodies, "this one was not measured")
        pace.bodyStarts(at: Timestamp(nanoseconds: 10_000))
        pace.bodyEnded(at: Timestamp(nanoseconds: 11_000))
        #expect(!pace.hasShortBodies)
    }

    private func spawned(_ wakeUp: WakeUp) -> Int {
        if case .spawn(let slot) = wakeUp { return slot }
        Issue.record("no worker is spawned: \(wakeUp)")
        return 0
    }

    private func step(
        _ core: inout CoordinatorCore,
        _ slot: Int,
        finished: BodyOutcome?,
        hasShortBodies: Bool = false,
        now: Timestamp
    ) -> String {
        var effects: Effects?
        core.workerReturned(
            slot: slot,
            hasArrived: finished == nil,
            finished: finished,
            hasShortBodies: hasShortBodies,
            now: now,
            &effects
        )
        let head = Ticket(id: OperationID(rawValue: 1), enqueuedAt: now)
        return "\(core.nextStep(slot: slot, head: head, now: now, &effects))"
    }
}
