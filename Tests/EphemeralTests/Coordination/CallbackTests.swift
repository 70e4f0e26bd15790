import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

/// Callbacks run outside all locks and may use the coordinator that calls them.
@Suite(.timeLimit(.minutes(1)))
struct CallbackTests {
    let stage = Stage()

    @Test func onSampleSeesTheLastOperationAndDrainWaitsForIt() throws {
        let samples = Journal<[Int]>()
        let coordinator = try stage.coordinator {
            $0.onSample = { samples.record([$0.count { $0.completedAt != nil }]) }
        }
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        stage.gate.open()
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.hasSucceeded)
        #expect(samples.elements.last == [3])
        #expect(samples.count <= 3)
    }

    @Test func aSlowSamplerHoldsNobodyUp() throws {
        let coordinators = Journal<WorkCoordinator<Int>>()
        let completed = Journal<Int>()
        let executor = stage.executor
        let coordinator = try stage.coordinator {
            $0.onSample = { _ in
                completed.record(coordinators.elements.first?.stats.completed ?? -1)
                // The sampler is at work while the next operations end.
                if completed.count == 1 { for _ in 0..<200 { executor.runNext() } }
            }
        }
        coordinators.record(coordinator)
        stage.gate.open()
        for item in 1...50 { #expect(coordinator.tryEnqueue(item)) }
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.hasSucceeded)
        #expect(coordinator.stats.completed == 50)
        #expect(completed.elements.last == 50)
        #expect(completed.count < 50)
    }

    @Test func observersMayUseTheCoordinator() throws {
        let observer = ReentrantObserver()
        let coordinator = try stage.coordinator {
            $0.maxTrackedOperations = 1
            $0.observer = observer
        }
        observer.coordinators.record(coordinator)
        stage.gate.open()
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(observer.finalized.elements.allSatisfy { $0 >= 1 })
        #expect(coordinator.stats.completed == 3 + 2)
        #expect(coordinator.stats.isConsistent)
    }

    @Test func signalHandlersMayUseTheCoordinator() throws {
        let coordinators = Journal<WorkCoordinator<Int>>()
        var options = stage.options()
        let seen = Journal<Int>()
        options.signals.onSignal = { event in
            guard let coordinator = coordinators.elements.first else { return }
            seen.record(coordinator.signals(.name(event.signal)).count)
            coordinator.pause()
            coordinator.resume()
        }
        options.signals.onSignalRetracted = { _ in _ = coordinators.elements.first?.snapshot() }
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in
            context.emit("a")
            context.retract("a")
        }
        coordinators.record(coordinator)
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(seen.elements == [1, 1])
        #expect(coordinator.stats.completed == 2)
    }

    @Test func discardedItemsAreHandedOnOnce() throws {
        let discarded = Journal<Int>()
        let sink = SignalSink(time: stage.time)
        var options = stage.options()
        options.signals.sink = sink
        options.signals.cancelOn = ["stop"]
        let coordinator = try WorkCoordinator<Int>(
            options: options,
            onDiscard: { discarded.record($0) },
            body: { [gate = stage.gate] _, _ in try await gate.wait() }
        )
        sink.raise("stop")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(discarded.elements == [1])
        sink.retract("stop")
        for item in 2...4 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        coordinator.cancel()
        stage.run()
        #expect(discarded.elements == [1, 3, 4])
        #expect(coordinator.stats.cancelled == 4)
    }
}

/// An observer that reads and feeds its coordinator whenever it is called.
private final class ReentrantObserver: CoordinatorObserver {
    let coordinators = Journal<WorkCoordinator<Int>>()
    let finalized = Journal<Int>()

    func operationFinalized(_ snapshot: OperationSnapshot) {
        guard let coordinator = coordinators.elements.first else { return }
        finalized.record(coordinator.stats.completed)
        if finalized.count <= 2 { _ = coordinator.tryEnqueue(10) }
        _ = coordinator.snapshot()
    }
}
