import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct BatchingAtomTests {
    let stage = AtomStage()
    let batches = Journal<[Int]>()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    private func options(size: Int = 3, buffered: Int? = nil) -> BatchingOptions {
        var options = BatchingOptions(maxBatchSize: size, flushInterval: .seconds(1), signals: sink)
        options.maxBuffered = buffered
        (options.time, options.executor) = (stage.time, stage.executor)
        return options
    }

    /// An atom whose batches are noted, and stop at the gate.
    private func atom(size: Int = 3, buffered: Int? = nil) throws -> BatchingAtom<Int> {
        try BatchingAtom(options: options(size: size, buffered: buffered)) { [batches, stage] batch, _ in
            batches.record(batch)
            try await stage.gate.wait()
        }
    }

    private func enqueue(_ items: some Sequence<Int>, to atom: BatchingAtom<Int>) throws {
        for item in items { #expect(try atom.enqueue(item)) }
    }

    @Test func aFullBatchIsHandledByAWorkerAndNotByTheCaller() throws {
        let atom = try atom()
        try enqueue(1...3, to: atom)
        #expect(batches.elements.isEmpty)
        stage.run()
        #expect(batches.elements == [[1, 2, 3]])
        stage.open()
    }

    @Test func anItemWaitsForTheIntervalAtMostCountedFromTheFirstOfItsBatch() throws {
        let atom = try atom()
        stage.gate.open()
        try enqueue([1], to: atom)
        stage.run()
        stage.advance(600)
        try enqueue([2], to: atom)
        stage.advance(399)
        #expect(batches.elements.isEmpty)
        stage.advance(1)
        #expect(batches.elements == [[1, 2]])
    }

    @Test func noTimerExistsWhileNothingWaits() throws {
        let atom = try atom()
        stage.gate.open()
        stage.run()
        #expect(stage.time.deadlines.isEmpty)
        try enqueue([1], to: atom)
        stage.run()
        #expect(stage.time.deadlines.count == 1)
        try enqueue([2, 3], to: atom)
        stage.run()
        #expect(stage.time.deadlines.isEmpty)
        stage.advance(10_000)
        #expect(batches.elements == [[1, 2, 3]])
    }

    @Test func oneBatchIsHandledAtATimeAndFullOnesFollowRightAfterIt() throws {
        let atom = try atom()
        try enqueue(1...9, to: atom)
        stage.run()
        #expect(batches.elements == [[1, 2, 3]])
        #expect(atom.stats.running == 3 && atom.stats.buffered == 6)
        stage.release()
        #expect(batches.elements == [[1, 2, 3], [4, 5, 6]])
        stage.open()
        #expect(batches.elements == [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    }

    @Test func aBatchThatFillsWhileTheTimersBatchIsHandledIsNotTooLarge() throws {
        let atom = try atom()
        try enqueue([1], to: atom)
        stage.run()
        stage.advance(1000)
        try enqueue(2...8, to: atom)
        stage.open()
        stage.advance(1000)
        #expect(batches.elements == [[1], [2, 3, 4], [5, 6, 7], [8]])
    }

    @Test func aFailingBatchIsReportedOnceAndTheNextIsHandled() throws {
        let errors = Journal<[Int]>()
        let atom = try BatchingAtom<Int>(
            options: options(),
            onBatchError: { error, batch in
                #expect(error as? Failure == Failure(number: 1))
                errors.record(batch)
            },
            onBatch: { [batches] batch, _ in
                if batch.contains(1) { throw Failure(number: 1) }
                batches.record(batch)
            }
        )
        try enqueue(1...6, to: atom)
        stage.run()
        #expect(errors.elements == [[1, 2, 3]])
        #expect(batches.elements == [[4, 5, 6]])
        #expect(atom.stats.failed == 3 && atom.stats.batchesFailed == 1 && atom.stats.delivered == 3)
        #expect(sink.signals().map(\.signal) == ["batch.failed:3", "batch.flushed:3"])
    }

    @Test func flushHandsOverWhatWaitsAndReturnsWhenItHasBeenHandled() throws {
        let atom = try atom()
        try enqueue(1...4, to: atom)
        let call = stage.call { try await atom.flush() }
        #expect(call.isSuspended)
        stage.release()
        #expect(call.isSuspended)
        stage.release()
        #expect(call.error == nil && !call.isSuspended)
        #expect(batches.elements == [[1, 2, 3], [4]])
    }

    @Test func flushDoesNotWaitForWhatComesLater() throws {
        let atom = try atom()
        try enqueue([1], to: atom)
        let call = stage.call { try await atom.flush() }
        try enqueue(2...4, to: atom)
        stage.release()
        #expect(!call.isSuspended)
        stage.open()
    }

    @Test func flushingAnEmptyAtomReturnsAtOnceAndMakesNoBatch() throws {
        let atom = try atom()
        #expect(!stage.call { try await atom.flush() }.isSuspended)
        #expect(batches.elements.isEmpty)
    }

    @Test func drainingHandsOverTheRestAndWaitsForTheBatchThatIsBeingHandled() throws {
        let atom = try atom()
        try enqueue(1...4, to: atom)
        stage.run()
        let call = stage.call { try await atom.drain() }
        #expect(call.isSuspended)
        #expect(throws: CoordinatorError.self) { try atom.enqueue(5) }
        stage.open()
        #expect(call.error == nil && !call.isSuspended)
        #expect(batches.elements == [[1, 2, 3], [4]])
        #expect(!stage.call { try await atom.drain() }.isSuspended)
        #expect(atom.isFinished)
    }

    @Test func shutdownHandsOverTheRest() throws {
        let atom = try atom()
        stage.gate.open()
        try enqueue(1...2, to: atom)
        #expect(!stage.call { await atom.shutdown() }.isSuspended)
        #expect(batches.elements == [[1, 2]])
        #expect(stage.executor.jobCount == 0 && stage.time.deadlines.isEmpty)
    }

    @Test func cancellingDropsWhatWaitsAndTellsWhichItemsItWas() throws {
        let dropped = Journal<[Int]>()
        let atom = try BatchingAtom<Int>(options: options(), onDiscard: { dropped.record($0) }) { [stage] _, _ in
            try await stage.gate.wait()
        }
        try enqueue(1...8, to: atom)
        stage.run()
        let flush = stage.call { try await atom.flush() }
        atom.cancel()
        stage.run()
        #expect(dropped.elements == [[4, 5, 6, 7, 8]])
        #expect(atom.stats.cancelled == 8 && atom.stats.enqueued == 8)
        #expect(!flush.isSuspended)
    }

    @Test func aReleasedAtomDropsWhatItHeldAndLeavesNoTimer() throws {
        let dropped = Journal<[Int]>()
        do {
            let atom = try BatchingAtom<Int>(options: options(), onDiscard: { dropped.record($0) }) { _, _ in }
            try enqueue([1], to: atom)
            stage.run()
            #expect(stage.time.deadlines.count == 1)
        }
        stage.run()
        #expect(dropped.elements == [[1]])
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func aFullBufferRefusesItemsThatDoNotWaitAndLetsOthersInInOrder() throws {
        let atom = try atom(size: 2, buffered: 2)
        try enqueue(1...2, to: atom)
        stage.run()
        try enqueue(3...4, to: atom)
        #expect(try !atom.enqueue(5))
        let first = stage.call { try await atom.enqueueWhenThereIsRoom(6) }
        let second = stage.call { try await atom.enqueueWhenThereIsRoom(7) }
        #expect(first.isSuspended && second.isSuspended)
        stage.open()
        #expect(!first.isSuspended && !second.isSuspended)
        #expect(batches.elements == [[1, 2], [3, 4], [6, 7]])
    }

    @Test func aCancelledCallerThatWaitsForRoomLeavesNothingBehind() throws {
        let atom = try atom(size: 1, buffered: 1)
        try enqueue([1], to: atom)
        stage.run()
        try enqueue([2], to: atom)
        let call = stage.call { try await atom.enqueueWhenThereIsRoom(3) }
        call.cancel()
        stage.run()
        #expect(call.error is CancellationError)
        stage.open()
        #expect(batches.elements == [[1], [2]] && atom.stats.enqueued == 2)
    }

    @Test func callersThatWaitForRoomAreTurnedAwayWhenTheAtomIsFinished() throws {
        let atom = try atom(size: 1, buffered: 1)
        try enqueue([1], to: atom)
        stage.run()
        try enqueue([2], to: atom)
        let call = stage.call { try await atom.enqueueWhenThereIsRoom(3) }
        atom.finish()
        stage.run()
        #expect(call.code == .completed)
        stage.open()
    }

    @Test func batchesAreOperationsWithSignals() throws {
        let atom = try BatchingAtom<Int>(options: options()) { batch, context in
            context.emit("sum:\(batch.reduce(0, +))")
        }
        try enqueue(1...3, to: atom)
        stage.run()
        #expect(atom.snapshot().map(\.signals) == [["sum:6", "batch.flushed:3"]])
    }

    @Test(arguments: [0, -1])
    func sizesBelowOneAreRefused(_ size: Int) {
        #expect(codeThrown { _ = try atom(size: size) } == .invalidArgument)
    }

    @Test func anIntervalThatIsNotPositiveIsRefused() {
        var options = options()
        options.flushInterval = .zero
        #expect(codeThrown { _ = try BatchingAtom<Int>(options: options) { _, _ in } } == .invalidArgument)
    }

    @Test func aBufferThatNoBatchFitsIntoIsRefused() {
        #expect(codeThrown { _ = try atom(size: 3, buffered: 2) } == .invalidArgument)
    }
}
