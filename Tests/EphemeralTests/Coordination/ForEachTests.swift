import EphemeralTesting
import Synchronization
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct ForEachTests {
    let stage = Stage()

    /// Runs `forEach` on the stage over a sequence, with bodies that stop at the gate, and notes its summary.
    private func start(
        _ elements: some Sequence<Int> & Sendable,
        _ options: EphemeralOptions,
        errorPolicy: ForEachErrorPolicy = .collect,
        into summaries: Journal<ForEachSummary> = Journal()
    ) -> Stage.Call {
        let (starts, gate) = (stage.starts, stage.gate)
        return stage.call {
            let summary = try await elements.forEach(options: options, errorPolicy: errorPolicy) { element in
                starts.record(element)
                try await gate.wait()
                if element < 0 { throw Failure(number: element) }
            }
            summaries.record(summary)
        }
    }

    @Test func theSummaryTellsHowManyEndedInWhichWay() throws {
        let summaries = Journal<ForEachSummary>()
        stage.gate.open()
        #expect(start([1, -2, 3, -4, 5], stage.options(2), into: summaries).hasSucceeded)
        let summary = try #require(summaries.elements.first)
        #expect(summary.completed == 3)
        #expect(summary.failed == 2)
        #expect(summary.cancelled == 0)
        #expect(summary.firstErrors.map { $0 as? Failure } == [Failure(number: -2), Failure(number: -4)])
    }

    @Test func onlyTheFirstSixteenErrorsAreKept() throws {
        let summaries = Journal<ForEachSummary>()
        stage.gate.open()
        #expect(start((1...40).map { -$0 }, stage.options(), into: summaries).hasSucceeded)
        let summary = try #require(summaries.elements.first)
        #expect(summary.failed == 40)
        #expect(summary.firstErrors.map { $0 as? Failure } == (1...16).map { Failure(number: -$0) })
    }

    @Test func anEmptySequenceReturnsAtOnce() throws {
        let summaries = Journal<ForEachSummary>()
        #expect(start([], stage.options(), into: summaries).hasSucceeded)
        #expect(summaries.elements.map(\.completed) == [0])
        #expect(stage.executor.jobCount == 0)
    }

    @Test func anInvalidOptionThrowsBeforeAnythingRuns() throws {
        let call = start([1], EphemeralOptions(maxConcurrency: 0))
        #expect((call.error as? CoordinatorError)?.code == .invalidArgument)
        #expect(stage.starts.elements.isEmpty)
    }

    @Test func bodiesStartInOrderNeverMoreThanTheLimit() {
        let call = start(1...10, stage.options(3))
        #expect(stage.starts.elements == [1, 2, 3])
        stage.release(2)
        #expect(stage.starts.elements == [1, 2, 3, 4, 5])
        stage.open()
        #expect(call.hasSucceeded)
        #expect(stage.starts.elements == Array(1...10))
    }

    @Test(arguments: [1, 4])
    func elementsAreTakenLazily(_ limit: Int) {
        let taken = Journal<Int>()
        let call = start(Counting(1...1000, taken), stage.options(limit))
        #expect(stage.starts.count == limit)
        #expect(taken.count <= limit + 32)
        stage.release(100)
        #expect(taken.count <= 100 + limit + 32)
        stage.open()
        #expect(call.hasSucceeded)
        #expect(taken.count == 1000)
        #expect(stage.starts.elements == Array(1...1000))
    }

    // Errors and cancellation

    @Test func failFastCancelsJoinsAndThrowsTheFirstError() {
        let (starts, gate, joined) = (stage.starts, stage.gate, Journal<Int>())
        let options = stage.options(2)
        let call = stage.call {
            try await (1...100).forEach(options: options, errorPolicy: .failFast) { element in
                starts.record(element)
                if element == 2 { throw Failure(number: 2) }
                await gate.waitIgnoringCancellation()
                joined.record(element)
            }
        }
        #expect(call.isSuspended)
        #expect(starts.elements == [1, 2])
        stage.open()
        #expect(call.error as? Failure == Failure(number: 2))
        #expect(joined.elements == [1])
        #expect(starts.elements == [1, 2])
    }

    @Test func cancellationJoinsTheBodiesAndThrows() {
        let (starts, gate, joined) = (stage.starts, stage.gate, Journal<Bool>())
        let options = stage.options(2)
        let call = stage.call {
            try await (1...100).forEach(options: options) { element in
                starts.record(element)
                await gate.waitIgnoringCancellation()
                joined.record(Task.isCancelled)
            }
        }
        call.task.cancel()
        stage.run()
        #expect(call.isSuspended)
        stage.open()
        #expect(call.error is CancellationError)
        #expect(joined.elements == [true, true])
        #expect(starts.elements == [1, 2])
    }

    @Test func itemsTakenWhileTheRunIsCancelledDoNotKeepItFromEnding() {
        let engine = Journal<WorkEngine<ArrivalQueue<Int, Unrouted>>>()
        let (options, starts) = (stage.options(), stage.starts)
        let call = stage.call {
            let source = Counting(1...100) { if $0 == 5 { engine.elements.first?.cancel() } }
            let own = WorkEngine<ArrivalQueue<Int, Unrouted>>(
                core: try CoordinatorCore(options),
                queue: ArrivalQueue(),
                base: EngineBase(options: options),
                source: PullSource(source) { _ in Unrouted() }
            ) { element, _ in starts.record(element) }
            engine.record(own)
            own.beginPulling()
            await own.join()
        }
        #expect(call.hasSucceeded)
        #expect(starts.elements.isEmpty)
    }

    @Test func skippedElementsAreCountedAsCancelled() throws {
        let sink = SignalSink(time: stage.time)
        var options = stage.options()
        options.signals.sink = sink
        options.signals.cancelOn = ["stop"]
        sink.raise("stop")
        let summaries = Journal<ForEachSummary>()
        #expect(start(1...40, options, into: summaries).hasSucceeded)
        #expect(summaries.elements.first?.cancelled == 40)
        #expect(stage.starts.elements.isEmpty)
    }

    // What reaches bodies

    @Test func taskLocalValuesReachTheBodies() {
        let (options, seen) = (stage.options(2), Journal<String>())
        let call = stage.call {
            try await Local.$name.withValue("caller") {
                try await [1, 2].forEach(options: options) { _ in seen.record(Local.name) }
                try await streamed([3]).forEach(options: options) { _, _ in seen.record(Local.name) }
            }
        }
        #expect(call.hasSucceeded)
        #expect(seen.elements == ["caller", "caller", "caller"])
    }

    @Test func taskLocalValuesDoNotLeakIntoCoordinators() throws {
        let seen = Journal<String>()
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { _ in seen.record(Local.name) }
        stage.call { try await Local.$name.withValue("caller") { _ = try await coordinator.enqueue(1) } }
        #expect(seen.elements == ["nobody"])
    }

    @Test func bodiesGetTheirOperationsContext() throws {
        let sink = SignalSink(time: stage.time)
        var options = stage.options()
        options.signals.sink = sink
        let final = options
        stage.call { try await ["a", "b"].forEach(options: final) { name, context in context.emit(name) } }
        #expect(sink.signals().map(\.signal) == ["a", "b"])
    }

    // Asynchronous sequences

    @Test func asyncSequencesAreConsumedInOrder() throws {
        let (options, starts, summaries) = (stage.options(), stage.starts, Journal<ForEachSummary>())
        let call = stage.call {
            summaries.record(
                try await streamed(Array(1...100)).forEach(options: options) { element, _ in starts.record(element) }
            )
        }
        #expect(call.hasSucceeded)
        #expect(starts.elements == Array(1...100))
        #expect(summaries.elements.first?.completed == 100)
    }

    @Test func anAsyncSequenceIsReadNotMoreThan32Ahead() {
        let (options, starts, gate, taken) = (stage.options(), stage.starts, stage.gate, Journal<Int>())
        let source = AsyncStream<Int>(unfolding: {
            let next = taken.count + 1
            taken.record(next)
            return next > 200 ? nil : next
        })
        let call = stage.call {
            try await source.forEach(options: options) { element, _ in
                starts.record(element)
                try await gate.wait()
            }
        }
        #expect(starts.elements == [1])
        #expect(taken.count <= 34)
        stage.open()
        #expect(call.hasSucceeded)
        #expect(starts.elements == Array(1...200))
    }

    @Test func anErrorOfTheSequenceSurfacesAfterTheBodiesHaveEnded() {
        let (options, starts, ends, gate) = (stage.options(), stage.starts, stage.ends, stage.gate)
        let call = stage.call {
            try await streamed([1, 2], failure: Failure(number: 7)).forEach(options: options) { element, _ in
                starts.record(element)
                try await gate.wait()
                ends.record(element)
            }
        }
        #expect(call.isSuspended)
        stage.open()
        #expect(call.error as? Failure == Failure(number: 7))
        #expect(ends.elements == [1, 2])
    }

    @Test func cancellationEndsAnAsyncSequenceThatIsSilent() {
        let options = stage.options()
        let (silent, feed) = AsyncStream<Int>.makeStream()
        let call = stage.call { try await silent.forEach(options: options) { _, _ in } }
        #expect(call.isSuspended)
        call.task.cancel()
        stage.run()
        #expect(call.error is CancellationError)
        feed.finish()
    }

    @Test func failFastEndsAnAsyncSequenceThatIsSilent() {
        let options = stage.options()
        let (silent, feed) = AsyncStream<Int>.makeStream()
        feed.yield(1)
        let call = stage.call {
            try await silent.forEach(options: options, errorPolicy: .failFast) { _, _ in throw Failure(number: 3) }
        }
        #expect(call.error as? Failure == Failure(number: 3))
        feed.finish()
        stage.run()
    }
}

private enum Local {
    @TaskLocal static var name = "nobody"
}
