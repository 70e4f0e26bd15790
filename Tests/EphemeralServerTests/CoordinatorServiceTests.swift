import Ephemeral
import EphemeralServer
import EphemeralTesting
import Logging
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

/// A coordinator of numbers whose bodies stop at a gate, and a log of what happened in which order.
private struct Workshop {
    let gate = Gate()
    let time = ManualTimeSource()
    let events = Journal<String>()
    let coordinator: WorkCoordinator<Int>

    init() throws {
        var options = EphemeralOptions(maxConcurrency: 1)
        options.queueCapacity = 1
        options.maxOperationLifetime = nil
        options.time = time
        coordinator = try WorkCoordinator(options: options) { [gate, events] item in
            do {
                try await gate.wait()
                events.record("\(item) ended")
            } catch {
                events.record("\(item) cancelled")
                throw error
            }
        }
    }

    /// Runs a service in a task of its own, and notes how it returned.
    func run(_ service: CoordinatorService) -> Task<Void, any Error> {
        Task { [events] in
            defer { events.record("returned") }
            try await service.run()
        }
    }

    /// Brings as much as there is room for.
    func fill() async throws {
        try await coordinator.enqueue(1)
        try await gate.arrivals(1)
        try await coordinator.enqueue(2)
    }

    /// Waits until nothing more is accepted: a caller that finds the queue full is told so at that moment.
    func intakeCloses() async {
        do {
            while true { try await coordinator.enqueue(3) }
        } catch {
            events.record("refused")
        }
    }
}

@Suite(.timeLimit(.minutes(1)))
struct CoordinatorServiceTests {
    @Test func aGracefulShutdownFinishesWhatWasAccepted() async throws {
        let workshop = try Workshop()
        try await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(workshop.coordinator))
            try await workshop.fill()
            trigger.triggerGracefulShutdown()
            await workshop.intakeCloses()
            workshop.gate.open()
            try await run.value
        }
        #expect(workshop.events.elements == ["refused", "1 ended", "2 ended", "returned"])
        #expect(workshop.coordinator.isDrained)
    }

    @Test func whatTakesTooLongIsCancelledAndReported() async throws {
        let workshop = try Workshop()
        await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(workshop.coordinator, drainTimeout: .seconds(5)))
            let error = await #expect(throws: CoordinatorError.self) {
                try await workshop.fill()
                trigger.triggerGracefulShutdown()
                workshop.time.advance(to: try await workshop.time.nextSleep())
                try await run.value
            }
            #expect(error?.code == .drainTimeout)
        }
        #expect(workshop.events.elements == ["1 cancelled", "returned"])
        #expect(workshop.coordinator.stats.cancelled == 2)
        #expect(workshop.time.now == ManualTimeSource().now.advanced(by: .seconds(5)))
    }

    @Test func withoutATimeoutNobodySleeps() async throws {
        let workshop = try Workshop()
        try await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(workshop.coordinator, drainTimeout: nil))
            try await workshop.fill()
            trigger.triggerGracefulShutdown()
            await workshop.intakeCloses()
            #expect(workshop.time.deadlines.isEmpty)
            workshop.gate.open()
            try await run.value
        }
        #expect(workshop.coordinator.stats.completed == 2)
    }

    @Test func aCancelledServiceCancelsAndWaitsForBodies() async throws {
        let workshop = try Workshop()
        try await testGracefulShutdown { _ in
            let run = workshop.run(CoordinatorService(workshop.coordinator))
            try await workshop.fill()
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
        }
        #expect(workshop.events.elements == ["1 cancelled", "returned"])
        #expect(workshop.coordinator.isDrained)
    }

    @Test func aCancellationEndsAGracefulShutdown() async throws {
        let workshop = try Workshop()
        try await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(workshop.coordinator, drainTimeout: nil))
            try await workshop.fill()
            trigger.triggerGracefulShutdown()
            await workshop.intakeCloses()
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
        }
        #expect(workshop.events.elements == ["refused", "1 cancelled", "returned"])
    }

    /// On a manual executor: when nothing is left to run, the service still waits.
    @Test func aCoordinatorThatHasEndedDoesNotEndTheService() async throws {
        let workshop = try Workshop()
        let executor = ManualTaskExecutor()
        workshop.coordinator.cancel()
        #expect(workshop.coordinator.isDrained)
        await testGracefulShutdown { _ in
            let run = executor.spawn {
                defer { workshop.events.record("returned") }
                try await CoordinatorService(workshop.coordinator).run()
            }
            executor.runUntilIdle()
            #expect(workshop.events.elements.isEmpty)
            run.cancel()
        }
    }

    @Test func aSequenceThatNeverEndsDoesNotKeepTheServiceFromItsEnd() async throws {
        let (items, feed) = AsyncStream.makeStream(of: Int.self)
        let ended = Journal<Int>()
        let coordinator = try WorkCoordinator<Int>(consuming: items) { item, _ in ended.record(item) }
        feed.yield(1)
        _ = try await ended.first(1)
        try await testGracefulShutdown { trigger in
            trigger.triggerGracefulShutdown()
            try await CoordinatorService(coordinator, drainTimeout: nil).run()
        }
        #expect(coordinator.isDrained)
        feed.finish()
    }

    @Test func aRegistryIsDrainedFromItsNewestCoordinator() async throws {
        let workshop = try Workshop()
        let registry = CoordinatorRegistry(time: workshop.time)
        try registry.register(WorkCoordinator<Int>.self, named: "numbers") { _ in workshop.coordinator }
        try registry.register(WorkCoordinator<String>.self, named: "texts") { registry in
            let numbers = try await registry.workCoordinator(of: Int.self, named: "numbers")
            return try WorkCoordinator { text in _ = try await numbers.enqueue(text.utf8.count) }
        }
        let texts = try await registry.workCoordinator(of: String.self, named: "texts")
        for text in ["a", "bb", "ccc"] { try await texts.enqueue(text) }
        workshop.gate.open()
        try await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(registry))
            trigger.triggerGracefulShutdown()
            try await run.value
        }
        #expect(Set(workshop.events.elements) == ["1 ended", "2 ended", "3 ended", "returned"])
        #expect(workshop.events.elements.last == "returned")
    }

    @Test func aRegistryThatTakesTooLongIsCancelled() async throws {
        let workshop = try Workshop()
        let registry = CoordinatorRegistry(time: workshop.time)
        try registry.register(WorkCoordinator<Int>.self) { _ in workshop.coordinator }
        _ = try await registry.workCoordinator(of: Int.self)
        await testGracefulShutdown { trigger in
            let run = workshop.run(CoordinatorService(registry, drainTimeout: .seconds(5)))
            let error = await #expect(throws: CoordinatorError.self) {
                try await workshop.fill()
                trigger.triggerGracefulShutdown()
                workshop.time.advance(to: try await workshop.time.nextSleep())
                try await run.value
            }
            #expect(error?.code == .drainTimeout)
        }
        #expect(workshop.coordinator.isDrained)
    }

    /// The producer was given to the group after the coordinator, so it ends first, and all that it brought is done.
    @Test func inAGroupNothingThatAnotherServiceBroughtIsLost() async throws {
        struct Producer: Service {
            let coordinator: WorkCoordinator<Int>
            let brought: Journal<Int>

            func run() async throws {
                for item in 1...20 {
                    try await coordinator.enqueue(item)
                    brought.record(item)
                }
                try await gracefulShutdown()
                try await coordinator.enqueue(21)
                brought.record(21)
            }
        }
        let workshop = try Workshop()
        workshop.gate.open()
        let brought = Journal<Int>()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let group = ServiceGroup(
            services: [
                CoordinatorService(workshop.coordinator), Producer(coordinator: workshop.coordinator, brought: brought),
            ],
            logger: logger
        )
        let run = Task { try await group.run() }
        _ = try await brought.first(20)
        await group.triggerGracefulShutdown()
        try await run.value
        #expect(brought.count == 21)
        #expect(workshop.coordinator.stats.completed == 21)
    }
}
