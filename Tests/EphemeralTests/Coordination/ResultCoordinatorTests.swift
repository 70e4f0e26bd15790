import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct ResultCoordinatorTests {
    let stage = Stage()

    private func coordinator(
        _ maxConcurrency: Int = 1,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> ResultCoordinator<Int, String> {
        var options = stage.options(maxConcurrency)
        configure(&options)
        return try ResultCoordinator(options: options) { [gate = stage.gate] input in
            try await gate.wait()
            if input < 0 { throw Failure(number: input) }
            return "result \(input)"
        }
    }

    /// Waits for a result in a task of its own.
    private func wait(_ coordinator: ResultCoordinator<Int, String>, _ id: OperationID) -> (
        Journal<ResultSnapshot<String>>, Stage.Call
    ) {
        let snapshots = Journal<ResultSnapshot<String>>()
        let call = stage.call { snapshots.record(try await coordinator.waitForResult(id)) }
        return (snapshots, call)
    }

    @Test func everybodyWhoWaitsGetsTheResult() throws {
        let coordinator = try coordinator()
        let id = try #require(coordinator.tryEnqueue(1))
        let waits = (0..<3).map { _ in wait(coordinator, id) }
        #expect(waits.allSatisfy { $0.1.isSuspended })
        stage.open()
        #expect(waits.allSatisfy { $0.0.elements.first?.output == "result 1" })
        let later = wait(coordinator, id)
        #expect(later.0.elements.first?.output == "result 1")
        #expect(try later.0.elements.first?.get() == "result 1")
    }

    @Test func aQueuedAndARunningOperationCanBeWaitedFor() throws {
        let coordinator = try coordinator()
        let ids = try (1...2).map { try #require(coordinator.tryEnqueue($0)) }
        stage.run()
        let waits = ids.map { wait(coordinator, $0) }
        stage.open()
        #expect(waits.map { $0.0.elements.first?.output } == ["result 1", "result 2"])
    }

    @Test func aFailureHasNoResultAndItsError() throws {
        let coordinator = try coordinator()
        let id = try #require(coordinator.tryEnqueue(-1))
        let (snapshots, _) = wait(coordinator, id)
        stage.open()
        let snapshot = try #require(snapshots.elements.first)
        #expect(!snapshot.hasResult)
        #expect(snapshot.operation.error is Failure)
        #expect(throws: Failure.self) { try snapshot.get() }
    }

    @Test func aCancelledOperationHasNoResult() throws {
        let coordinator = try coordinator()
        let ids = try (1...2).map { try #require(coordinator.tryEnqueue($0)) }
        stage.run()
        let waits = ids.map { wait(coordinator, $0) }
        coordinator.cancel()
        stage.run()
        for (snapshots, _) in waits {
            let snapshot = try #require(snapshots.elements.first)
            #expect(snapshot.operation.outcome.name == "cancelled" && !snapshot.hasResult)
            #expect(throws: CoordinatorError(code: .operationCancelled, message: "")) { try snapshot.get() }
        }
    }

    @Test func aResultIsDeliveredAlsoWhenNothingStaysVisible() throws {
        let coordinator = try coordinator { $0.maxTrackedOperations = 0 }
        let id = try #require(coordinator.tryEnqueue(1))
        let (snapshots, _) = wait(coordinator, id)
        stage.open()
        #expect(snapshots.elements.first?.output == "result 1")
        #expect(
            wait(coordinator, id).1.error as? CoordinatorError == CoordinatorError(code: .operationEvicted, message: "")
        )
    }

    @Test func whoSubmitsAndWaitsGetsTheResultAlsoWhenNothingStaysVisible() throws {
        let coordinator = try coordinator { $0.maxTrackedOperations = 0 }
        let results = Journal<ResultSnapshot<String>>()
        let calls = [1, -2].map { input in stage.call { results.record(try await coordinator.result(of: input)) } }
        #expect(calls.map(\.isSuspended) == [true, true])
        stage.open()
        #expect(results.elements.map { $0.output } == ["result 1", nil])
        #expect(coordinator.engine.withWholeState { $0.core.operationWaiters.hasForgottenAll })
    }

    @Test func whoSubmitsAndIsCancelledOrRefusedLeavesNothingBehind() throws {
        let coordinator = try coordinator { $0.queueCapacity = 1 }
        let calls = (1...3).map { input in stage.call { _ = try await coordinator.result(of: input) } }
        calls[0].task.cancel()
        calls[2].task.cancel()
        stage.run()
        #expect(calls[0].error is CancellationError && calls[2].error is CancellationError)
        coordinator.finish()
        let late = stage.call { _ = try await coordinator.result(of: 4) }
        #expect((late.error as? CoordinatorError)?.code == .completed)
        stage.open()
        #expect(calls[1].hasSucceeded)
        #expect(coordinator.stats.completed == 2, "who waits no more has not taken its operation back")
        #expect(coordinator.engine.withWholeState { $0.core.operationWaiters.hasForgottenAll })
    }

    @Test func aCancellationThatComesAfterTheResultLeavesNothingBehind() throws {
        let coordinator = try coordinator()
        let call = stage.call { _ = try await coordinator.result(of: 1) }
        stage.gate.open()
        // The operation ends in one step of the executor, its caller goes on in a later one: the cancellation is in between.
        while coordinator.stats.completed == 0, stage.executor.runNext() {}
        call.task.cancel()
        stage.run()
        #expect(call.hasSucceeded)
        #expect(coordinator.engine.withWholeState { $0.core.operationWaiters.hasForgottenAll })
    }

    @Test func unknownOperationsAreRefused() throws {
        let call = wait(try coordinator(), OperationID(rawValue: 7)).1
        #expect((call.error as? CoordinatorError)?.code == .operationEvicted)
    }

    @Test func whoStopsWaitingDoesNotStopTheOperation() throws {
        let coordinator = try coordinator()
        let id = try #require(coordinator.tryEnqueue(1))
        let early = stage.call(cancelled: true) { _ = try await coordinator.waitForResult(id) }
        #expect(early.error is CancellationError)
        let (_, late) = wait(coordinator, id)
        late.task.cancel()
        stage.run()
        #expect(late.error is CancellationError)
        stage.open()
        #expect(coordinator.results() == ["result 1"])
        #expect(coordinator.engine.withWholeState { $0.core.operationWaiters.hasForgottenAll })
    }

    @Test func resultsLiveAsLongAsTheirOperationsAreVisible() throws {
        let coordinator = try coordinator { $0.maxTrackedOperations = 2 }
        for input in [1, -2, 3, 4] { #expect(coordinator.tryEnqueue(input) != nil) }
        stage.open()
        #expect(coordinator.results() == ["result 3", "result 4"])
        #expect(coordinator.resultSnapshots().map(\.hasResult) == [true, true])
        #expect(coordinator.resultSnapshots(in: .failed).isEmpty)
        #expect(coordinator.snapshot().count == 2)
    }

    @Test func aResultThatIsNilIsAResult() throws {
        let coordinator = try ResultCoordinator<Int, Int?>(options: stage.options()) { _ in nil }
        #expect(coordinator.tryEnqueue(1) != nil)
        stage.run()
        let snapshot = try #require(coordinator.resultSnapshots().first)
        #expect(snapshot.hasResult)
        #expect(snapshot.output == .some(.none))
    }

    @Test func aSequenceFeedsIt() throws {
        let coordinator = try ResultCoordinator<Int, Int>(consuming: streamed([1, 2, 3]), options: stage.options()) {
            input,
            _ in
            input * 2
        }
        let drain = stage.call { try await coordinator.drain() }
        stage.run()
        #expect(drain.hasSucceeded)
        #expect(coordinator.results() == [2, 4, 6])
    }
}

@Suite(.timeLimit(.minutes(1)))
struct LateBodyTests {
    let stage = Stage()

    @Test func nothingStartsBeforeThereIsABody() throws {
        let coordinator = try WorkCoordinator<Int>(options: stage.options())
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(coordinator.stats.pending == 3)
        let process = stage.call { [starts = stage.starts] in
            try await coordinator.process { item, _ in starts.record(item) }
        }
        #expect(stage.starts.elements == [1, 2, 3])
        #expect(process.isSuspended)
        coordinator.finish()
        stage.run()
        #expect(process.hasSucceeded)
    }

    @Test func aSecondBodyIsRefused() throws {
        let coordinator = try KeyedWorkCoordinator<Int, Int>(options: stage.options(), key: { $0 })
        let first = stage.call { try await coordinator.process { _, _ in } }
        let second = stage.call { try await coordinator.process { _, _ in } }
        #expect((second.error as? CoordinatorError)?.code == .invalidArgument)
        coordinator.finish()
        stage.run()
        #expect(first.hasSucceeded)
        let other = try WorkCoordinator<Int>(options: stage.options()) { _ in }
        let refused = stage.call { try await other.process { _, _ in } }
        #expect((refused.error as? CoordinatorError)?.code == .invalidArgument)
    }
}
