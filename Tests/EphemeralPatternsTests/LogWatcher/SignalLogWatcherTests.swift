import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalLogWatcherTests {
    let stage = PatternStage()
    let sink: SignalSink
    let seen = Journal<String>()

    init() { sink = SignalSink(maxCapacity: 4, time: stage.time) }

    private func watcher(
        pattern: SignalPatternSet = ["error.*"],
        maxQueueSize: Int = 100,
        failing: Set<String> = []
    ) throws -> SignalLogWatcher {
        try SignalLogWatcher(
            sink,
            pattern: pattern,
            maxQueueSize: maxQueueSize,
            executor: stage.executor
        ) { [seen] event in
            seen.record(event.signal)
            if failing.contains(event.signal) { throw Failure() }
        }
    }

    @Test func eachMatchingSignalIsOneCallInOrder() throws {
        let watcher = try watcher()
        for signal in ["error.a", "info.started", "error.b", "error"] { sink.raise(signal) }
        stage.run()
        #expect(seen.elements == ["error.a", "error.b"] && watcher.stats.processed == 2)
        #expect(stage.time.deadlines.isEmpty)
    }

    /// D73: what the sink has no room for any more was seen all the same.
    @Test func signalsThatAreDroppedOrClearedBeforeTheCallAreNotMissed() throws {
        let watcher = try watcher()
        for number in 0..<20 { sink.raise("error.\(number)") }
        sink.clear()
        stage.run()
        #expect(seen.elements == (0..<20).map { "error.\($0)" } && watcher.stats.processed == 20)
    }

    @Test func theSameNameOfTheSameOperationIsTwoCalls() throws {
        let watcher = try watcher()
        let coordinator = try WorkCoordinator<Int>(options: stage.options(sink: sink)) { _, context in
            context.emit("error.twice")
            context.emit("error.twice")
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(seen.elements == ["error.twice", "error.twice"] && watcher.stats.processed == 2)
    }

    @Test func anErrorOfTheCallIsRaisedOnceAndTheNextSignalHasItsTurn() throws {
        let watcher = try watcher(failing: ["error.a"])
        for signal in ["error.a", "error.b"] { sink.raise(signal) }
        stage.run()
        #expect(seen.elements == ["error.a", "error.b"])
        #expect(sink.count(.name("watcher.error:StagedFailure").key("error.a")) == 1)
        #expect(watcher.stats.failed == 1 && watcher.stats.processed == 1)
    }

    @Test func itsOwnErrorsDoNotLeadToFurtherCalls() throws {
        let watcher = try watcher(pattern: ["*"], failing: ["error.a", "watcher.error:StagedFailure"])
        sink.raise("error.a")
        stage.run()
        #expect(seen.elements == ["error.a"] && watcher.stats.failed == 1)
    }

    @Test func whatWaitsIsBoundedAndTheOldestGoes() throws {
        let watcher = try watcher(maxQueueSize: 3)
        for number in 0..<10 { sink.raise("error.\(number)") }
        stage.run()
        #expect(seen.count <= 4 && seen.elements.last == "error.9")
        #expect(watcher.stats.dropped == 10 - seen.count)
    }

    @Test func aShutdownDeliversWhatWasRaisedBeforeItAndNothingElse() throws {
        let watcher = try watcher()
        sink.raise("error.before")
        let shutdown = stage.call { await watcher.shutdown() }
        sink.raise("error.after")
        stage.run()
        #expect(shutdown.value == true && seen.elements == ["error.before"])
    }

    @Test func flushingWaitsForTheCallsOfWhatWasRaised() throws {
        let watcher = try SignalLogWatcher(sink, executor: stage.executor) { [stage] _ in try await stage.gate.wait() }
        sink.raise("error.a")
        let flush = stage.call { try await watcher.flush() }
        #expect(flush.isSuspended)
        stage.open()
        #expect(!flush.isSuspended)
    }

    @Test func valuesOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try watcher(pattern: []) } == .invalidArgument)
        #expect(codeThrown { _ = try watcher(maxQueueSize: 0) } == .invalidArgument)
    }

    @Test func noScheduleMissesASignalOrCallsTwice() async throws {
        try await explore { options, seed in
            let sink = SignalSink(maxCapacity: 8, time: options.time)
            let seen = Journal<String>()
            let watcher = try SignalLogWatcher(sink, executor: options.executor) { event in
                seen.record(event.signal)
                try await options.time.sleep(for: .milliseconds(Int(seed % 3)))
            }
            let sources = try WorkCoordinator<Int>(options: options) { item in
                sink.raise("error.\(item)")
                try await options.time.sleep(for: .milliseconds(item % 3))
                sink.raise("info.\(item)")
            }
            for item in 0..<40 { try await sources.enqueue(item) }
            try await sources.drain()
            let isComplete = await watcher.shutdown(timeout: .seconds(60))
            return isComplete.orElse("not all calls have ended")
                + (seen.elements.sorted() == (0..<40).map { "error.\($0)" }.sorted()).orElse("\(seen.elements)")
        }
    }
}
