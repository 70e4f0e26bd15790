import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Synchronization
import Testing

/// How an unhealthy processor comes back.
@Suite(.timeLimit(.minutes(1)))
struct ProbingTests {
    let world = ProcessorStage()
    var stage: AtomStage { world.stage }

    private func unhealthyPrimary(
        configure: (inout PriorityProcessorOptions) -> Void = { _ in }
    ) throws -> PriorityProcessorAtom {
        let primary = try world.processor(1, configure: configure)
        stage.gate.open()
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", to: primary))
        #expect(!primary.isHealthy)
        return primary
    }

    @Test func noTimerExistsWhileEverybodyIsHealthy() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        #expect(world.enqueue("a", to: primary))
        #expect(stage.time.deadlines.isEmpty && backup.isHealthy)
    }

    @Test func aProbeIsMadeOnceInEachIntervalUntilItSucceeds() throws {
        let works = Mutex(false)
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary { $0.probe = { works.withLock { $0 } } }
        stage.advance(4999)
        #expect(world.signals("probe.").isEmpty)
        stage.advance(1)
        #expect(world.signals("probe.") == ["probe.testing:pri1", "probe.failed:pri1"])
        #expect(!primary.isHealthy)
        works.withLock { $0 = true }
        stage.advance(5000)
        #expect(world.signals("probe.").suffix(2) == ["probe.testing:pri1", "probe.success:pri1"])
        #expect(world.signals("failover.restored") == ["failover.restored:pri1"])
        #expect(primary.isHealthy && backup.isHealthy && stage.time.deadlines.isEmpty)
    }

    @Test func aProbeThatThrowsHasFailed() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary { $0.probe = { throw Failure() } }
        stage.advance(5000)
        #expect(world.signals("probe.") == ["probe.testing:pri1", "probe.failed:pri1"])
        #expect(!primary.isHealthy && backup.isHealthy)
    }

    @Test func itemsGoToThePrimaryAgainAfterItsRecovery() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary { $0.probe = { true } }
        #expect(world.enqueue("d", to: primary))
        world.setFailing()
        stage.advance(5000)
        #expect(world.enqueue("e", to: primary))
        #expect(world.processed.elements.suffix(2) == ["2:d", "1:e"])
        #expect(backup.stats.completed == 1)
    }

    @Test func withoutAProbeTheNextItemFindsOutAndRestoresThePrimary() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary()
        stage.advance(5000)
        #expect(world.signals("probe.") == ["probe.testing:pri1"])
        world.setFailing()
        #expect(world.enqueue("d", to: primary))
        #expect(world.processed.elements.last == "1:d")
        #expect(world.signals("probe.").last == "probe.success:pri1")
        #expect(primary.isHealthy && backup.stats.received == 0)
    }

    @Test func anItemThatFindsOutInVainGoesToTheBackup() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary()
        stage.advance(5000)
        #expect(world.enqueue("d", "e", to: primary))
        #expect(world.processed.elements.suffix(3) == ["1:d", "2:e", "2:d"])
        #expect(world.signals("probe.") == ["probe.testing:pri1", "probe.failed:pri1"])
        #expect(!primary.isHealthy && backup.stats.completed == 2)
        #expect(primary.groupStats.failed == 3 && primary.groupStats.completed == 2)
        stage.advance(5000)
        #expect(world.signals("probe.").count == 3)
    }

    @Test func anItemThatWaitsForTheBackupFindsOut() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary()
        stage.gate.close()
        #expect(world.enqueue("d", "e", "f", to: primary))
        world.setFailing()
        stage.advance(5000)
        #expect(world.processed.elements.suffix(2) == ["2:d", "1:e"])
        stage.open()
        #expect(primary.isHealthy && primary.stats.completed == 1)
        #expect(backup.stats.completed == 2 && backup.stats.forwarded == 1)
    }

    @Test func whatBeganBeforeTheFailoverRestoresNobody() throws {
        let backup = try world.processor(2)
        let primary = try world.processor(1, limit: 4)
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "slow", to: primary))
        stage.release(3)
        #expect(!primary.isHealthy)
        world.setFailing()
        stage.open()
        #expect(!primary.isHealthy && primary.stats.completed == 1)
        #expect(backup.isHealthy)
    }

    @Test func aDrainedProcessorIsNotTriedAnyMore() throws {
        let backup = try world.processor(2)
        let primary = try unhealthyPrimary()
        #expect(!stage.call { try await primary.drain() }.isSuspended)
        #expect(stage.time.deadlines.isEmpty)
        stage.advance(60_000)
        #expect(world.signals("probe.").isEmpty && backup.isHealthy)
    }

    // What the snapshot shows as ended is what the coordinator has ended, not only the group.
    @Test func nothingIsInFlightAfterDrainingNotEvenAProbe() throws {
        let gate = stage.gate
        let primary = try unhealthyPrimary {
            $0.probe = {
                try await gate.wait()
                return true
            }
        }
        gate.close()
        stage.advance(5000)
        let call = stage.call { try await primary.drain() }
        stage.run()
        #expect(call.isSuspended)
        stage.open()
        #expect(!call.isSuspended)
        #expect(primary.snapshot().allSatisfy { $0.completedAt != nil })
    }
}
