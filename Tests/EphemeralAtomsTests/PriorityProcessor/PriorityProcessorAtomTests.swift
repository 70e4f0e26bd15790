import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

/// Intake, bounds and the end of a priority processor.
@Suite(.timeLimit(.minutes(1)))
struct PriorityProcessorAtomTests {
    let world = ProcessorStage()
    var stage: AtomStage { world.stage }

    @Test func noMoreItemsAreProcessedAtATimeThanTheLimit() throws {
        let primary = try world.processor(1, limit: 2)
        #expect(world.enqueue("a", "b", "c", to: primary))
        #expect(primary.stats.active == 2 && primary.stats.pending == 1)
        stage.open()
        #expect(primary.stats.completed == 3)
    }

    @Test func theIdentityIsThatOfTheOperationAndOfItsSignals() throws {
        let primary = try world.processor(1)
        stage.gate.open()
        let id = try #require(stage.call { try await primary.enqueue("a") }.value)
        #expect(primary.snapshot().map(\.id) == [id])
        #expect(world.sink.signals(.name("processing.complete:pri1:a")).map(\.operationID) == [id])
    }

    @Test func drainingThePrimaryReturnsWhenItsOwnWorkIsDoneAndTheBackupGoesOn() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "d", "e", to: primary))
        let drain = stage.call { try await primary.drain() }
        stage.release(2)
        #expect(drain.isSuspended)
        stage.release(1)
        #expect(!drain.isSuspended)
        #expect(backup.stats.received == 2 && backup.stats.completed == 0)
        let last = stage.call { try await backup.drain() }
        stage.open()
        #expect(!last.isSuspended && backup.stats.completed == 2)
    }

    @Test func aDrainedProcessorTakesNothingMoreAndDrainsAgain() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.call { try await primary.drain() }
        #expect(stage.call { try await primary.enqueue("a") }.code == .completed)
        #expect(!primary.tryEnqueue("b"))
        #expect(!stage.call { try await primary.drain() }.isSuspended)
        #expect(backup.tryEnqueue("c"))
        stage.open()
    }

    @Test func aFailingProcessorKeepsItsItemsWhenItsBackupIsDrained() throws {
        let (primary, backup) = (try world.processor(1), try world.processor(2))
        stage.gate.open()
        stage.call { try await backup.drain() }
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "d", to: primary))
        #expect(primary.stats.failed == 4 && backup.stats.received == 0)
    }

    @Test func cancellingDropsWhatWaitsAndCancelsWhatRuns() throws {
        let dropped = Journal<String>()
        var options = PriorityProcessorOptions(maxConcurrency: 1)
        (options.time, options.executor) = (stage.time, stage.executor)
        let primary = try PriorityProcessorAtom(
            priority: 1,
            signals: world.sink,
            options: options,
            onDiscard: { dropped.record($0) },
            process: { [stage] _, _ in try await stage.gate.wait() }
        )
        #expect(world.enqueue("a", "b", "c", to: primary))
        let shutdown = stage.call { await primary.shutdown() }
        #expect(!shutdown.isSuspended)
        #expect(dropped.elements == ["b", "c"])
        #expect(primary.stats.cancelled == 3 && primary.stats.received == 3)
    }

    @Test func callersWaitWhileTheQueueIsFullAndGetTheirTurn() throws {
        let primary = try world.processor(1) { $0.queueCapacity = 1 }
        #expect(world.enqueue("a", "b", to: primary))
        #expect(!primary.tryEnqueue("c"))
        let (first, second) = (
            stage.call { try await primary.enqueue("d") }, stage.call { try await primary.enqueue("e") }
        )
        #expect(first.isSuspended && second.isSuspended)
        stage.release()
        #expect(!first.isSuspended && second.isSuspended)
        stage.open()
        #expect(world.processed.elements == ["1:a", "1:b", "1:d", "1:e"])
    }

    @Test func aFailoverLetsWaitingCallersInAtTheBackup() throws {
        let primary = try world.processor(1) { $0.queueCapacity = 3 }
        let backup = try world.processor(2)
        world.setFailing(1)
        #expect(world.enqueue("a", "b", "c", "d", to: primary))
        let call = stage.call { try await primary.enqueue("e") }
        #expect(call.isSuspended)
        stage.open()
        #expect(call.value != nil)
        #expect(backup.stats.completed + primary.stats.failed == 5)
    }

    @Test func aCancelledCallerThatWaitsForRoomLeavesNothingBehind() throws {
        let primary = try world.processor(1) { $0.queueCapacity = 1 }
        #expect(world.enqueue("a", "b", to: primary))
        let call = stage.call { try await primary.enqueue("c") }
        call.cancel()
        stage.run()
        #expect(call.error is CancellationError)
        stage.open()
        #expect(primary.stats.received == 2)
    }

    @Test func callersThatWaitAreTurnedAwayWhenTheProcessorIsFinished() throws {
        let primary = try world.processor(1) { $0.queueCapacity = 1 }
        #expect(world.enqueue("a", "b", to: primary))
        let call = stage.call { try await primary.enqueue("c") }
        primary.finish()
        stage.run()
        #expect(call.code == .completed)
        stage.open()
    }

    @Test func aClosureMayAnswerThatAnItemFailed() async throws {
        let primary = try PriorityProcessorAtom.answering(priority: 1, signals: SignalSink()) { id, _ in id != "bad" }
        try await primary.enqueue("good")
        try await primary.enqueue("bad")
        try await primary.drain()
        #expect(primary.stats.completed == 1 && primary.stats.failed == 1)
        let errors = primary.snapshot().compactMap { $0.error as? PriorityProcessorError }
        #expect(errors.map(\.item) == ["bad"])
    }

    @Test(arguments: [0, -1])
    func prioritiesBelowOneAreRefused(_ priority: Int) {
        #expect(codeThrown { _ = try world.processor(priority) } == .invalidArgument)
    }

    @Test func optionsOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try world.processor(1) { $0.failureThreshold = 0 } } == .invalidArgument)
        #expect(codeThrown { _ = try world.processor(1) { $0.failureWindow = .zero } } == .invalidArgument)
        #expect(codeThrown { _ = try world.processor(1) { $0.probeInterval = .zero } } == .invalidArgument)
        #expect(codeThrown { _ = try world.processor(1) { $0.queueCapacity = 0 } } == .invalidArgument)
    }

    @Test func aReleasedProcessorLeavesNoTimer() throws {
        do {
            let primary = try world.processor(1)
            stage.gate.open()
            world.setFailing(1)
            #expect(world.enqueue("a", "b", "c", to: primary))
            #expect(stage.time.deadlines.count == 1)
        }
        stage.run()
        #expect(stage.time.deadlines.isEmpty)
    }
}
