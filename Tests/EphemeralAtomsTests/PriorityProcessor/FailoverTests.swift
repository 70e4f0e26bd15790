import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

/// Who gets an item, when somebody else takes over, and what is told of it.
@Suite(.timeLimit(.minutes(1)))
struct FailoverTests {
    let world = ProcessorStage()
    var stage: AtomStage { world.stage }

    private func failThreeTimes(_ primary: PriorityProcessorAtom) {
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", to: primary))
    }

    @Test func aHealthyPrimaryProcessesWhatItIsBroughtAndSaysSo() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        #expect(world.enqueue("a", to: primary))
        #expect(world.processed.elements == ["1:a"])
        #expect(
            world.sink.signals().map(\.signal)
                == ["route.assigned:pri1:a", "processing.started:pri1:a", "processing.complete:pri1:a"]
        )
        #expect(primary.stats.completed == 1 && backup.stats.received == 0)
    }

    @Test func threeFailuresInARowFailOverOnceAndInTheSameMoment() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        failThreeTimes(primary)
        #expect(!primary.isHealthy && backup.isHealthy && primary.consecutiveFailures == 3)
        #expect(world.signals("failover.") == ["failover.requested:pri1→pri2", "failover.triggered:pri1→pri2"])
        #expect(world.enqueue("d", to: primary))
        #expect(world.processed.elements == ["1:a", "1:b", "1:c", "2:d"])
        #expect(world.sink.count(.prefix("processing.failed:pri1")) == 3)
    }

    @Test func whatWaitsMovesInOrderAndIsProcessedOnceWhileTheRunningItemEndsWhereItIs() throws {
        let (primary, backup) = (try world.processor(1, limit: 4), try world.processor(2))
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "slow", "d", "e", "f", to: primary))
        stage.release(3)
        #expect(primary.stats.active == 3 && primary.stats.pending == 0 && primary.stats.forwarded == 1)
        #expect(backup.stats.received == 1)
        stage.open()
        #expect(Set(world.processed.elements).count == world.processed.count)
        #expect(primary.groupStats.enqueued == 7)
        #expect(primary.groupStats.completed + primary.groupStats.failed == 7)
    }

    @Test func itemsThatWaitKeepTheirOrderAcrossAFailover() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "d", "e", "f", to: primary))
        stage.open()
        #expect(world.processed.elements == ["1:a", "1:b", "1:c", "2:d", "2:e", "2:f"])
        #expect(primary.stats.forwarded == 3 && backup.stats.completed == 3)
    }

    @Test func aSuccessInBetweenStartsTheCountAnew() throws {
        let primary = try world.processor(1)
        stage.gate.open()
        world.setFailing(1)
        #expect(world.enqueue("a", "b", to: primary))
        world.setFailing()
        #expect(world.enqueue("c", to: primary))
        world.setFailing(1)
        #expect(world.enqueue("d", "e", to: primary))
        #expect(primary.isHealthy && primary.consecutiveFailures == 2)
        #expect(world.enqueue("f", to: primary))
        #expect(!primary.isHealthy)
    }

    @Test func failuresThatAreFurtherApartThanTheWindowDoNotCount() throws {
        let primary = try world.processor(1)
        stage.gate.open()
        world.setFailing(1)
        for item in ["a", "b", "c"] {
            #expect(world.enqueue(item, to: primary))
            stage.advance(5001)
        }
        #expect(primary.isHealthy && primary.consecutiveFailures == 3)
        #expect(world.enqueue("d", to: primary))
        #expect(primary.isHealthy)
        #expect(world.enqueue("e", to: primary))
        #expect(!primary.isHealthy)
    }

    @Test func aFailedItemFailsForGoodUnlessTheOptionsSayOtherwise() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        world.setFailing(1)
        #expect(world.enqueue("a", to: primary))
        #expect(primary.stats.failed == 1 && backup.stats.received == 0)
    }

    @Test func aFailedItemGetsOneMoreChanceAtABackupIfTheOptionsSaySo() throws {
        let primary = try world.processor(1) { $0.retryFailedOnBackup = true }
        let backup = try world.processor(2) { $0.retryFailedOnBackup = true }
        let last = try world.processor(3)
        stage.gate.open()
        world.setFailing(1, 2)
        #expect(world.enqueue("a", to: primary))
        #expect(world.processed.elements == ["1:a", "2:a"])
        #expect(primary.stats.forwarded == 1 && backup.stats.failed == 1 && last.stats.received == 0)
    }

    @Test func itemsOfABackupNeverGoToAHigherPriority() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        #expect(world.enqueue("a", to: backup))
        #expect(world.processed.elements == ["2:a"])
        #expect(primary.stats.received == 0)
    }

    @Test func theMemberOfTheLowestPriorityProcessesWhenNoneIsHealthy() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        world.setFailing(1, 2)
        #expect(world.enqueue("a", "b", "c", "d", "e", "f", "g", to: primary))
        #expect(!primary.isHealthy && !backup.isHealthy)
        #expect(world.processed.elements.suffix(4) == ["2:d", "2:e", "2:f", "2:g"])
        world.setFailing()
        #expect(world.enqueue("h", to: primary))
        #expect(backup.isHealthy && world.processed.elements.last == "2:h")
    }

    @Test func membersOfTheSamePriorityTakeTurnsAndStandInForEachOther() throws {
        let (first, second) = (try world.processor(1), try world.processor(1))
        stage.gate.open()
        #expect(world.enqueue("a", "b", "c", "d", to: first))
        #expect(first.stats.completed == 2 && second.stats.completed == 2)
    }

    @Test func processorsOfDifferentSinksHaveNothingToDoWithEachOther() throws {
        let other = ProcessorStage()
        let (primary, foreign) = (try world.processor(1), try other.processor(2))
        stage.gate.open()
        failThreeTimes(primary)
        #expect(world.enqueue("d", to: primary))
        #expect(foreign.stats.received == 0)
        #expect(world.signals("failover.") == ["failover.requested:pri1→pri2"])
    }

    @Test func aMemberThatJoinsLaterTakesOverWhatWaitsForAnUnhealthyOne() throws {
        let primary = try world.processor(1)
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "d", "e", to: primary))
        stage.release(3)
        #expect(!primary.isHealthy)
        let backup = try world.processor(2)
        stage.open()
        #expect(world.processed.elements == ["1:a", "1:b", "1:c", "1:d", "2:e"])
        #expect(backup.stats.completed == 1)
    }

    @Test func aReleasedMemberLeavesItsGroup() throws {
        let primary = try world.processor(1)
        stage.gate.open()
        do { _ = try world.processor(2) }
        stage.run()
        failThreeTimes(primary)
        #expect(world.enqueue("d", to: primary))
        #expect(world.processed.elements.last == "1:d")
    }

    @Test func resettingTheHealthRoutesItemsBack() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        failThreeTimes(primary)
        world.setFailing()
        primary.resetHealth()
        #expect(primary.isHealthy && primary.consecutiveFailures == 0)
        #expect(world.signals("failover.restored") == ["failover.restored:pri1"])
        #expect(world.enqueue("d", to: primary))
        #expect(world.processed.elements.last == "1:d")
        #expect(stage.time.deadlines.isEmpty && backup.isHealthy)
    }

    @Test func whatFailsForGoodIsReportedOnceAndWhatABackupGetsIsNot() throws {
        let reported = Journal<String>()
        func processor(_ priority: Int) throws -> PriorityProcessorAtom {
            var options = PriorityProcessorOptions(maxConcurrency: 1)
            (options.time, options.executor) = (stage.time, stage.executor)
            options.retryFailedOnBackup = true
            return try PriorityProcessorAtom(
                priority: priority,
                signals: world.sink,
                options: options,
                onFailure: { id, error in reported.record("\(priority):\(id):\(error is Failure)") }
            ) { id, _ in
                if priority == 1 || id == "a" { throw Failure(number: priority) }
            }
        }
        let (primary, backup) = (try processor(1), try processor(2))
        #expect(world.enqueue("a", "b", to: primary))
        #expect(reported.elements == ["2:a:true"])
        #expect(primary.stats.forwarded == 2 && backup.stats.failed == 1 && backup.stats.completed == 1)
    }

    @Test func anItemIsActiveUntilItsFailureHasBeenReported() throws {
        let (atoms, readings) = (Journal<PriorityProcessorAtom>(), Journal<PriorityProcessorStats?>())
        var options = PriorityProcessorOptions(maxConcurrency: 1)
        (options.time, options.executor) = (stage.time, stage.executor)
        let processor = try PriorityProcessorAtom(
            priority: 1,
            signals: world.sink,
            options: options,
            onFailure: { _, _ in readings.record(atoms.elements.first?.stats) }
        ) { _, _ in
            throw Failure(number: 1)
        }
        atoms.record(processor)
        #expect(world.enqueue("a", to: processor))
        #expect(readings.elements.map { $0?.active } == [1] && readings.elements.map { $0?.failed } == [0])
        #expect(processor.stats.active == 0 && processor.stats.failed == 1)
    }
}
