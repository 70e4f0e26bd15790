import EphemeralTesting
import Testing

@testable import Ephemeral

/// Bodies that misbehave break nobody else, whatever the kind of coordinator.
@Suite(.timeLimit(.minutes(1)))
struct MisbehaviourTests {
    let stage = Stage()
    /// The coordinator that bodies use.
    private let own = Journal<CoordinatorKind.Made>()

    private func make(
        _ kind: CoordinatorKind,
        _ options: EphemeralOptions,
        body: @escaping CoordinatorKind.Body
    ) throws -> CoordinatorKind.Made {
        let made = try kind.make(options, body: body)
        own.record(made)
        return made
    }

    @Test(arguments: CoordinatorKind.allCases)
    func aBodyThatThrowsHoldsNobodyUp(_ kind: CoordinatorKind) throws {
        let made = try make(kind, stage.options()) { item, _ in
            if item % 2 == 0 { throw Failure(number: item) }
        }
        for item in 0..<10 { #expect(made.tryEnqueue(item)) }
        let drain = stage.call { try await made.coordinator.drain() }
        #expect(drain.hasSucceeded)
        #expect(made.coordinator.stats.completed == 5 && made.coordinator.stats.failed == 5)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func aBodyThatHangsHoldsOnePlaceUntilItIsCancelled(_ kind: CoordinatorKind) throws {
        let made = try make(kind, stage.options(2)) { [gate = stage.gate] item, _ in
            if item == 0 { try await gate.wait() }
        }
        for item in 0..<10 { #expect(made.tryEnqueue(item)) }
        stage.run()
        #expect(made.coordinator.stats.completed == 9 && made.coordinator.stats.active == 1)
        let shutdown = stage.call { await made.coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(made.coordinator.stats.cancelled == 1 && made.coordinator.isDrained)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func bodiesThatBlockTheirThreadsHoldTheirPlacesOnly(_ kind: CoordinatorKind) async throws {
        var options = EphemeralOptions(maxConcurrency: 3)
        options.executor = ThreadExecutor()
        let meeting = Meeting(of: 3)
        let made = try make(kind, options) { item, _ in
            // Two block their threads until the last has come past them and those between.
            if item < 2 || item == 9 { #expect(meeting.attend()) }
        }
        for item in 0..<10 { #expect(made.tryEnqueue(item)) }
        try await made.coordinator.drain()
        #expect(made.coordinator.stats.completed == 10)
        await made.coordinator.shutdown()
    }

    @Test(arguments: CoordinatorKind.allCases)
    func aBodyMayUseItsCoordinator(_ kind: CoordinatorKind) throws {
        var options = stage.options()
        options.enableDynamicConcurrency = true
        options.queueCapacity = 1
        let made = try make(kind, options) { [own, starts = stage.starts] item, context in
            starts.record(item)
            guard item == 0, let made = own.elements.first else { return }
            let coordinator = made.coordinator
            #expect(coordinator.stats.active == 1)
            #expect(coordinator.snapshot().map(\.id) == [context.id])
            #expect(coordinator.pin(context.id) && coordinator.unpin(context.id))
            #expect(!coordinator.evict(context.id), "it runs")
            coordinator.pause()
            #expect(made.tryEnqueue(1))
            try await made.enqueue(2)
            try coordinator.setMaxConcurrency(2)
            coordinator.resume()
            coordinator.finish()
            #expect(!made.tryEnqueue(3))
        }
        let process = stage.call { try await made.enqueue(0) }
        #expect(process.hasSucceeded)
        stage.run()
        #expect(stage.starts.elements.sorted() == [0, 1, 2])
        #expect(made.coordinator.stats.completed == 3 && made.coordinator.stats.overflowed == 1)
        #expect(made.coordinator.isDrained)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func aBodyMayCancelItsCoordinator(_ kind: CoordinatorKind) throws {
        let made = try make(kind, stage.options()) { [own] _, _ in
            own.elements.first?.coordinator.cancel()
            try Task.checkCancellation()
        }
        for item in 0..<5 { #expect(made.tryEnqueue(item)) }
        let drain = stage.call { try await made.coordinator.drain() }
        #expect(drain.hasSucceeded)
        #expect(made.coordinator.stats.cancelled == 5)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func aBodyThatRaisesSignalsInALoopHoldsNobodyUp(_ kind: CoordinatorKind) throws {
        var options = stage.options(2)
        options.signals.sink = SignalSink(maxCapacity: 10, time: stage.time)
        options.signals.deferOn = ["busy"]
        let made = try make(kind, options) { item, context in
            guard item == 0 else { return }
            for number in 0..<5000 { context.emit("noise.\(number % 10)") }
            for _ in 0..<100 {
                context.emit("busy")
                context.retract("busy")
            }
        }
        for item in 0..<10 { #expect(made.tryEnqueue(item)) }
        stage.run()
        #expect(made.coordinator.stats.completed == 10)
        let events = made.coordinator.snapshot().flatMap(\.events)
        #expect(events.count <= OperationRecord.signalLimit)
        #expect(events.last?.signal == "noise.9")
    }

    @Test(arguments: CoordinatorKind.allCases)
    func endingTwiceInWhateverOrderIsHarmless(_ kind: CoordinatorKind) throws {
        let made = try make(kind, stage.options()) { _, _ in }
        let coordinator = made.coordinator
        #expect(made.tryEnqueue(0))
        let ends = stage.call {
            for _ in 0..<2 {
                coordinator.finish()
                try await coordinator.drain()
                coordinator.cancel()
                coordinator.finish()
                await coordinator.shutdown()
            }
        }
        #expect(ends.hasSucceeded)
        #expect(coordinator.stats.completed == 1 && coordinator.stats.cancelled == 0)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func shrinkingTheLimitHoldsUnderBacklogAndGrowingStartsAtOnce(_ kind: CoordinatorKind) throws {
        var options = stage.options(3)
        options.enableDynamicConcurrency = true
        let made = try make(kind, options) { [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
        for item in 0..<10 { #expect(made.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.count == 3)
        try made.coordinator.setMaxConcurrency(1)
        stage.release(2)
        #expect(stage.starts.count == 3 && made.coordinator.stats.active == 1)
        stage.release()
        #expect(stage.starts.count == 4)
        try made.coordinator.setMaxConcurrency(3)
        stage.run()
        #expect(stage.starts.count == 6 && made.coordinator.stats.active == 3)
        stage.open()
        #expect(made.coordinator.stats.completed == 10)
    }

    @Test(arguments: CoordinatorKind.allCases)
    func shutdownWaitsForBodiesThatIgnoreIt(_ kind: CoordinatorKind) throws {
        let made = try make(kind, stage.options()) { [gate = stage.gate] _, _ in await gate.waitIgnoringCancellation() }
        for item in 0..<3 { #expect(made.tryEnqueue(item)) }
        stage.run()
        let shutdown = stage.call { await made.coordinator.shutdown() }
        #expect(shutdown.isSuspended && made.coordinator.stats.cancelled == 2)
        stage.open()
        #expect(shutdown.hasSucceeded)
        #expect(made.coordinator.stats.completed == 1 && made.coordinator.stats.isConsistent)
    }
}
