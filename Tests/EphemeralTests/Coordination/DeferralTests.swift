import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DeferralTests {
    let stage = Stage()
    let sink: SignalSink

    init() {
        sink = SignalSink(maxAge: .seconds(60), time: stage.time)
    }

    private func coordinator(
        _ maxConcurrency: Int = 4,
        attempts: Int? = 5,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<Int> {
        try stage.coordinator(maxConcurrency) { options in
            options.signals.sink = sink
            options.signals.deferOn = ["busy.*"]
            options.signals.resumeOn = ["free"]
            options.signals.cancelOn = ["stop"]
            options.signals.maxDeferAttempts = attempts
            options.signals.deferCheckInterval = .milliseconds(100)
            configure(&options)
        }
    }

    private func advance(_ milliseconds: Int) {
        stage.time.advance(by: .milliseconds(milliseconds))
        stage.run()
    }

    @Test func nothingStartsWhileADeferringSignalIsLive() throws {
        let coordinator = try coordinator()
        #expect(coordinator.tryEnqueue(1))
        sink.raise("busy.disk")
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        #expect(coordinator.tryEnqueue(2))
        stage.run()
        #expect(coordinator.stats.pending == 2)
        sink.retract("busy.disk")
        stage.run()
        #expect(stage.starts.elements == [1, 2])
        stage.open()
    }

    @Test func deferralAppliesAtTheStartAndNeverAtEnqueue() throws {
        let coordinator = try coordinator { $0.queueCapacity = 500 }
        sink.raise("busy.disk")
        let call = stage.call { for item in 1...500 { try await coordinator.enqueue(item) } }
        #expect(call.hasSucceeded)
        #expect(coordinator.pendingCount == 500)
        sink.retract("busy.disk")
        stage.open()
        #expect(coordinator.stats.completed == 500)
    }

    @Test func deferralDoesNotTouchRunningOperations() throws {
        let coordinator = try coordinator()
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        sink.raise("busy.disk")
        stage.open()
        #expect(stage.ends.elements == [1])
        #expect(coordinator.stats.completed == 1)
    }

    @Test func theHeadRunsWhenItsAllowanceIsUsedUpAndSaysSo() throws {
        let log = EventLog()
        let coordinator = try coordinator { $0.observer = log }
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        advance(499)
        #expect(stage.starts.elements.isEmpty)
        advance(1)
        #expect(stage.starts.elements == [1])
        let operation = try #require(coordinator.operations(in: .running).first)
        #expect(operation.signals == ["defer.exhausted"])
        #expect(sink.signals(.name("defer.exhausted")).map(\.operationID) == [operation.id])
        #expect(log.exhausted.elements == [operation.id])
        stage.open()
    }

    @Test func theNextHeadGetsAnAllowanceOfItsOwnWhileOthersStillRun() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        advance(500)
        #expect(stage.starts.elements == [1])
        advance(499)
        #expect(stage.starts.elements == [1])
        advance(1)
        #expect(stage.starts.elements == [1, 2])
        advance(500)
        #expect(stage.starts.elements == [1, 2, 3])
        #expect(coordinator.count(.name("defer.exhausted")) == 3)
        stage.open()
    }

    @Test func anItemThatArrivesAtADeferredIdleCoordinatorIsHeldFromItsArrival() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        advance(2000)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.time.deadlines == [stage.time.now.advanced(by: .milliseconds(500))])
        advance(500)
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func deferralEndsWithTheSignalsAgeAndNothingIsPolled() throws {
        let coordinator = try coordinator(attempts: nil)
        sink.raise("busy.disk")
        let expiry = stage.time.now.advanced(by: .seconds(60))
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.time.deadlines == [expiry])
        advance(59_999)
        #expect(stage.starts.elements.isEmpty)
        #expect(stage.time.deadlines == [expiry])
        advance(1)
        #expect(stage.starts.elements == [1])
        #expect(!coordinator.contains(.name("defer.exhausted")))
        stage.open()
    }

    @Test func retractionEndsTheDeferralAndItsAlarm() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.time.deadlines.count == 1)
        sink.retract(matching: "busy.*")
        stage.run()
        #expect(stage.starts.elements == [1])
        #expect(stage.time.deadlines.isEmpty)
        stage.open()
    }

    @Test func resumeSignalAnswersOlderDefersOnly() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        advance(1)
        sink.raise("free")
        stage.run()
        #expect(stage.starts.elements == [1])
        advance(1)
        sink.raise("busy.net")
        #expect(coordinator.tryEnqueue(2))
        stage.run()
        #expect(stage.starts.elements == [1])
        advance(1)
        sink.raise("free")
        stage.run()
        #expect(stage.starts.elements == [1, 2])
        stage.open()
    }

    @Test func zeroAttemptsNeverDefer() throws {
        let coordinator = try coordinator(attempts: 0)
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aHeadWithoutAFreeSlotIsNotWatchedAgainAndAgain() throws {
        let coordinator = try coordinator(1)
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(2))
        stage.run()
        stage.time.advance(by: .milliseconds(600))
        for _ in 0..<100 { stage.executor.runNext() }
        #expect(stage.executor.jobCount == 0)
        stage.gate.release()
        for _ in 0..<100 { stage.executor.runNext() }
        #expect(stage.starts.elements == [1, 2])
        stage.gate.open()
        for _ in 0..<100 { stage.executor.runNext() }
        #expect(coordinator.stats.completed == 2)
    }

    @Test func aSkippedHeadLeavesTheNextItsWholeAllowance() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        advance(400)
        sink.raise("stop")
        stage.run()
        #expect(coordinator.stats.cancelled == 1)
        sink.retract("stop")
        #expect(coordinator.tryEnqueue(2))
        stage.run()
        advance(499)
        #expect(stage.starts.elements.isEmpty)
        advance(1)
        #expect(stage.starts.elements == [2])
        stage.open()
    }

    @Test func aPausedHeadStartsItsAllowanceWithTheResumption() throws {
        let coordinator = try coordinator()
        coordinator.pause()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.time.deadlines.isEmpty)
        advance(1000)
        coordinator.resume()
        stage.run()
        advance(499)
        #expect(stage.starts.elements.isEmpty)
        advance(1)
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func drainWaitsForADeferredHead() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.gate.open()
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.isSuspended)
        advance(500)
        #expect(drain.hasSucceeded)
    }

    @Test func shutdownEndsADeferralAndItsAlarm() throws {
        let coordinator = try coordinator()
        sink.raise("busy.disk")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        let shutdown = stage.call { await coordinator.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(stage.time.deadlines.isEmpty)
        #expect(coordinator.stats.cancelled == 1)
    }

    @Test func forEachGivesUpOnADeferralToo() throws {
        var options = stage.options()
        options.signals.sink = sink
        options.signals.deferOn = ["busy.*"]
        options.signals.maxDeferAttempts = 5
        sink.raise("busy.disk")
        let (starts, final) = (stage.starts, options)
        let run = stage.call { try await [1, 2].forEach(options: final) { starts.record($0) } }
        #expect(run.isSuspended)
        advance(499)
        #expect(starts.elements.isEmpty)
        advance(1)
        #expect(starts.elements == [1])
        advance(500)
        #expect(starts.elements == [1, 2])
        #expect(run.hasSucceeded)
    }
}

/// What an observer was told.
final class EventLog: CoordinatorObserver {
    let finalized = Journal<OperationSnapshot>()
    let discarded = Journal<OperationID>()
    let exhausted = Journal<OperationID>()

    func operationFinalized(_ snapshot: OperationSnapshot) { finalized.record(snapshot) }
    func operationDiscarded(_ id: OperationID) { discarded.record(id) }
    func deferralExhausted(_ id: OperationID) { exhausted.record(id) }
}
