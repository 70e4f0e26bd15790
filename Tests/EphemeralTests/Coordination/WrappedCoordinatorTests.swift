import EphemeralTesting
import EphemeralTime
import Testing

@testable import Ephemeral

/// What types that wrap a coordinator ask of it.
@Suite(.timeLimit(.minutes(1)))
struct WrappedCoordinatorTests {
    let stage = Stage()

    @Test func anItemRunsUnderTheIdentityItWasBroughtWith() throws {
        let coordinator = try stage.coordinator()
        let id = OperationID.next()
        #expect(coordinator.tryEnqueue(1, as: id))
        stage.run()
        #expect(coordinator.operations(in: .running).map(\.id) == [id])
        stage.open()
        #expect(coordinator.snapshot().map(\.id) == [id])
    }

    @Test func anIdentityMayComeAgainWhenNothingStaysVisible() throws {
        let coordinator = try stage.coordinator(2) { $0.maxTrackedOperations = 0 }
        let id = OperationID.next()
        #expect(coordinator.tryEnqueue(1, as: id))
        stage.open()
        #expect(coordinator.tryEnqueue(2, as: id))
        stage.run()
        #expect(stage.ends.elements == [1, 2])
    }

    @Test func aFullQueueAndAFinishedCoordinatorRefuseIdentities() throws {
        let coordinator = try stage.coordinator { $0.queueCapacity = 1 }
        #expect(coordinator.tryEnqueue(1, as: .next()))
        #expect(!coordinator.tryEnqueue(2, as: .next()))
        coordinator.finish()
        #expect(!coordinator.tryEnqueue(3, as: .next()))
        stage.open()
        #expect(coordinator.stats.enqueued == 1)
    }

    @Test func aSecondSinkCountsForTheRulesAndGetsNoSignals() throws {
        let ambient = SignalSink(time: stage.time)
        let coordinator = try stage.coordinator { $0.signals.deferOn = ["busy"] }
        ambient.raise("busy")
        coordinator.control.heed(ambient)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        ambient.retract("busy")
        stage.run()
        #expect(stage.starts.elements == [1])
        #expect(ambient.count == 0)
        stage.open()
    }

    @Test func aHoldEndsAtItsInstantAndLeavesPausesAlone() throws {
        let coordinator = try stage.coordinator()
        coordinator.control.holdStarts(until: Timestamp(stage.time.now.advanced(by: .milliseconds(5))), order: 1)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(!coordinator.isPaused)
        stage.time.advance(by: .milliseconds(4))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        stage.time.advance(by: .milliseconds(1))
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aHoldThatIsTakenBackLetsWhatWaitsStartAtOnce() throws {
        let coordinator = try stage.coordinator()
        coordinator.control.holdStarts(until: .distantFuture, order: 1)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        coordinator.control.holdStarts(until: .distantPast, order: 2)
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }
}
