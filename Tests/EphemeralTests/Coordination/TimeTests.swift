import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TimeTests {
    let stage = Stage()

    private func advance(seconds: Int) {
        stage.time.advance(by: .seconds(seconds))
        stage.run()
    }

    @Test func drainGivesUpAfterItsTimeAndTellsWhatIsLeft() throws {
        let coordinator = try stage.coordinator()
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        let drain = stage.call { try await coordinator.drain(timeout: .seconds(5)) }
        advance(seconds: 4)
        #expect(drain.isSuspended)
        advance(seconds: 1)
        let error = try #require(drain.error as? CoordinatorError)
        #expect(error.code == .drainTimeout)
        #expect(error.message.contains("2 operations are queued and 1 are running"))
        stage.open()
        #expect(coordinator.isDrained)
    }

    @Test func aDrainInTimeLeavesNoSleeperBehind() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        let drain = stage.call { try await coordinator.drain(timeout: .seconds(5)) }
        stage.open()
        #expect(drain.hasSucceeded)
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func aCancelledDrainWithATimeoutThrowsCancellationError() throws {
        let coordinator = try stage.coordinator()
        #expect(coordinator.tryEnqueue(1))
        let drain = stage.call { try await coordinator.drain(timeout: .seconds(5)) }
        drain.task.cancel()
        stage.run()
        #expect(drain.error is CancellationError)
        stage.open()
    }

    @Test func theLifetimeOfAnOperationCountsFromItsCompletion() throws {
        let coordinator = try stage.coordinator { $0.maxOperationLifetime = .seconds(10) }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        advance(seconds: 60)
        #expect(coordinator.snapshot().count == 1)
        stage.open()
        advance(seconds: 9)
        #expect(coordinator.snapshot().count == 1)
        advance(seconds: 1)
        #expect(coordinator.snapshot().isEmpty)
    }

    @Test func aLifetimeBelowASecondIsExact() throws {
        let coordinator = try stage.coordinator { $0.maxOperationLifetime = .milliseconds(5) }
        stage.gate.open()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        stage.time.advance(by: .milliseconds(4))
        #expect(coordinator.operations(in: .completed).count == 1)
        stage.time.advance(by: .milliseconds(1))
        #expect(coordinator.operations(in: .completed).isEmpty)
    }

    @Test func withoutALifetimeOperationsStay() throws {
        let coordinator = try stage.coordinator { $0.maxOperationLifetime = nil }
        stage.gate.open()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        advance(seconds: 1_000_000)
        #expect(coordinator.snapshot().count == 1)
    }

    @Test func snapshotsCarryTheTimesOfTheClock() throws {
        let coordinator = try stage.coordinator()
        let start = stage.time.now
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        advance(seconds: 3)
        stage.release()
        advance(seconds: 4)
        stage.open()
        let snapshots = coordinator.snapshot()
        #expect(snapshots.map(\.enqueuedAt) == [start, start])
        #expect(snapshots.map(\.queueDelay) == [.zero, .seconds(3)])
        #expect(snapshots.map(\.duration) == [.seconds(3), .seconds(4)])
        #expect(snapshots.last?.completedAt == start.advanced(by: .seconds(7)))
        #expect(snapshots.map(\.enqueued.description).first == "2026-01-01T00:00:00.000Z")
        #expect(snapshots.last?.completed?.description == "2026-01-01T00:00:07.000Z")
    }
}
