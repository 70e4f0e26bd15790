import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CancellationTests {
    let stage = Stage()

    /// A coordinator whose bodies hold out at the gate whatever happens to their task.
    private func stubborn(_ maxConcurrency: Int = 1) throws -> WorkCoordinator<Int> {
        try WorkCoordinator(options: stage.options(maxConcurrency)) { [stage] item in
            stage.starts.record(item)
            await stage.gate.waitIgnoringCancellation()
            stage.ends.record(item)
        }
    }

    @Test func cancelDropsWhatIsQueuedAndCancelsWhatRuns() throws {
        let coordinator = try stage.coordinator(2)
        for item in 1...5 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        coordinator.cancel()
        #expect(coordinator.stats.pending == 0)
        #expect(coordinator.stats.cancelled == 3)
        #expect(coordinator.stats.isConsistent)
        stage.run()
        #expect(coordinator.stats.cancelled == 5)
        #expect(coordinator.stats.failed == 0)
        #expect(stage.starts.elements == [1, 2])
        #expect(coordinator.operations(in: .cancelled).count == 5)
        #expect(coordinator.isDrained)
        #expect(!coordinator.tryEnqueue(6))
    }

    @Test func cancelJoinsRunningBodies() throws {
        let coordinator = try stubborn()
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.isSuspended)
        #expect(coordinator.activeCount == 1)
        stage.open()
        #expect(shutdown.hasSucceeded)
        #expect(stage.ends.elements == [1])
        #expect(coordinator.stats.completed == 1)
        #expect(coordinator.stats.cancelled == 1)
        #expect(coordinator.stats.active == 0)
    }

    @Test func drainAfterCancelJoins() throws {
        let coordinator = try stubborn()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        coordinator.cancel()
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.isSuspended)
        stage.open()
        #expect(drain.hasSucceeded)
    }

    @Test func aBodyThatFailsAfterTheCancellationHasFailed() throws {
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { [gate = stage.gate] _ in
            do { try await gate.wait() } catch { throw Failure(number: 9) }
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        coordinator.cancel()
        stage.run()
        #expect(coordinator.stats.failed == 1)
        #expect(coordinator.stats.cancelled == 0)
    }

    @Test func aBodyThatThrowsCancellationErrorByItselfHasFailed() throws {
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { _ in throw CancellationError() }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.stats.failed == 1)
        #expect(coordinator.operations(in: .failed).first?.error is CancellationError)
    }

    @Test func cancelledOperationsAppearInTheWindowAsCancelledNotFailed() throws {
        let coordinator = try stage.coordinator()
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        coordinator.cancel()
        stage.run()
        #expect(coordinator.snapshot().map(\.outcome.name) == ["cancelled", "cancelled"])
        #expect(coordinator.snapshot().map { $0.startedAt == nil } == [true, false])
        #expect(coordinator.snapshot().allSatisfy { $0.completedAt != nil && $0.error == nil })
    }

    @Test func aWorkerThatWasOnItsWayIsTurnedBackByTheCancellation() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        coordinator.cancel()
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(stage.starts.elements.isEmpty)
        #expect(coordinator.stats.cancelled == 1)
    }

    /// The clock is read at several points of a cancellation, also between its parts: an item arrives at each of them.
    @Test(arguments: 1...4)
    func anItemThatArrivesDuringTheCancellationIsRefusedOrCancelled(_ reading: Int) throws {
        let time = InterruptedTimeSource()
        var options = stage.options()
        options.time = time
        let coordinator = try WorkCoordinator<Int>(options: options) { [gate = stage.gate] _ in try await gate.wait() }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        let arrivals = Journal<Bool>()
        time.interrupt(atReading: reading) { arrivals.record(coordinator.tryEnqueue(2)) }
        coordinator.cancel()
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(coordinator.stats.cancelled == (arrivals.elements.contains(true) ? 2 : 1))
        #expect(coordinator.stats.isConsistent)
    }

    @Test func cancelEndsAPause() throws {
        let coordinator = try stage.coordinator()
        coordinator.pause()
        #expect(coordinator.tryEnqueue(1))
        let drain = stage.call { try await coordinator.drain() }
        coordinator.cancel()
        stage.run()
        #expect(drain.hasSucceeded)
        #expect(coordinator.stats.cancelled == 1)
    }

    @Test func cancelAndShutdownAreIdempotent() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        coordinator.cancel()
        let after = coordinator.stats
        coordinator.cancel()
        #expect(coordinator.stats == after)
        let shutdowns = (0..<2).map { _ in stage.call { await coordinator.shutdown() } }
        #expect(shutdowns.allSatisfy { $0.hasSucceeded })
        #expect(coordinator.stats.enqueued == 1)
    }

    @Test func anUnusedCoordinatorShutsDown() throws {
        let coordinator = try stage.coordinator()
        let call = stage.call { await coordinator.shutdown() }
        #expect(call.hasSucceeded)
        #expect(coordinator.isDrained)
    }

    @Test(arguments: [true, false])
    func cancellationOfTheCallerDoesNotShortenAShutdown(_ beforehand: Bool) throws {
        let coordinator = try stubborn()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        let shutdown = stage.call(cancelled: beforehand) { await coordinator.shutdown() }
        shutdown.task.cancel()
        stage.run()
        #expect(shutdown.isSuspended)
        stage.open()
        #expect(shutdown.hasSucceeded)
        #expect(coordinator.stats.active == 0)
    }

    @Test func droppedCoordinatorCancelsItsWorkers() throws {
        let (options, gate, cancelled) = (stage.options(2), stage.gate, Journal<Int>())
        weak var payload: Payload?
        weak var released: WorkCoordinator<Payload>?
        do {
            let item = Payload()
            payload = item
            let coordinator = try WorkCoordinator<Payload>(options: options) { item in
                do { try await gate.wait() } catch { cancelled.record(item.number) }
            }
            released = coordinator
            for _ in 0..<3 { #expect(coordinator.tryEnqueue(item)) }
            stage.run()
            #expect(gate.waitingCount == 2)
        }
        #expect(released == nil)
        stage.run()
        #expect(cancelled.elements == [1, 1])
        #expect(payload == nil)
        #expect(stage.executor.jobCount == 0)
    }

    @Test func anIdleCoordinatorThatIsDroppedLeavesNoWorkersBehind() throws {
        weak var payload: Payload?
        do {
            let coordinator = try WorkCoordinator<Payload>(options: stage.options()) { _ in }
            let item = Payload()
            payload = item
            #expect(coordinator.tryEnqueue(item))
            stage.run()
        }
        #expect(stage.executor.jobCount == 1)
        stage.run()
        #expect(payload == nil)
    }

    @Test func anEndedOperationKeepsNothingOfItsItem() throws {
        let coordinator = try WorkCoordinator<Payload>(options: stage.options()) { _ in }
        weak var payload: Payload?
        do {
            let item = Payload()
            payload = item
            #expect(coordinator.tryEnqueue(item))
        }
        #expect(payload != nil)
        stage.run()
        #expect(coordinator.snapshot().count == 1)
        #expect(payload == nil)
    }
}

private final class Payload: Sendable {
    let number = 1
}
