import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RetryAtomTests {
    let stage = AtomStage()
    let attempts = Journal<Int>()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    /// An atom whose bodies are noted by item and attempt, as 12 for the second of item 1, and fail as often as the item
    /// says, or for ever without a number.
    private func atom(
        _ limit: Int = 1,
        failures: Int = .max,
        policy: RetryPolicy = RetryPolicy(),
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> RetryAtom<Int> {
        var options = stage.options(limit, sink: sink)
        configure(&options)
        return try RetryAtom(options: options, policy: policy) { [attempts] item, attempt in
            attempts.record(item * 10 + attempt.number)
            if attempt.number <= failures { throw Failure(number: attempt.number) }
        }
    }

    @Test func attemptsFollowEachOtherAfterTheBackoffOfTheFailuresSoFar() throws {
        let asked = Journal<Int>()
        var policy = RetryPolicy(maxAttempts: 3)
        policy.backoff = { failures in
            asked.record(failures)
            return .milliseconds(100) * (1 << failures)
        }
        let atom = try atom(policy: policy)
        #expect(atom.tryEnqueue(1))
        stage.run()
        #expect(attempts.elements == [11])
        stage.advance(199)
        #expect(attempts.elements == [11])
        stage.advance(1)
        #expect(attempts.elements == [11, 12])
        stage.advance(399)
        #expect(attempts.elements == [11, 12])
        stage.advance(1)
        #expect(attempts.elements == [11, 12, 13])
        #expect(asked.elements == [1, 2])
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func anItemThatUsesUpItsAttemptsFailsWithItsLastError() throws {
        let atom = try atom()
        #expect(atom.tryEnqueue(1))
        for _ in 1...3 { stage.advance(1000) }
        let snapshot = try #require(atom.snapshot().first)
        #expect(snapshot.error as? Failure == Failure(number: 3) && snapshot.attempts == 3)
        #expect(atom.stats == CoordinatorStats(enqueued: 1, failed: 1))
        #expect(sink.signals().map(\.signal) == ["retry.attempt:2", "retry.attempt:3", "retry.exhausted"])
        #expect(Set(sink.signals().map(\.operationID)) == [snapshot.id])
    }

    @Test func theDefaultBackoffIsFiftyMillisecondsForEachFailure() throws {
        let atom = try atom()
        #expect(atom.tryEnqueue(1))
        stage.run()
        stage.advance(50)
        #expect(attempts.elements == [11, 12])
        stage.advance(99)
        #expect(attempts.elements == [11, 12])
        stage.advance(1)
        #expect(attempts.elements == [11, 12, 13])
        #expect(atom.isFinished == false)
    }

    @Test func anAttemptThatSucceedsEndsTheItem() throws {
        let atom = try atom(failures: 1)
        #expect(atom.tryEnqueue(1))
        stage.run()
        stage.advance(50)
        stage.advance(10_000)
        #expect(attempts.elements == [11, 12])
        #expect(atom.stats == CoordinatorStats(enqueued: 1, completed: 1))
        #expect(atom.snapshot().first?.attempts == 2)
        #expect(!sink.contains("retry.exhausted"))
    }

    @Test func waitingForTheNextAttemptHoldsNoPlace() throws {
        let atom = try atom(1, failures: 1)
        for item in 1...3 { #expect(atom.tryEnqueue(item)) }
        stage.run()
        #expect(attempts.elements == [11, 21, 31])
        #expect(atom.stats.active == 0 && atom.stats.pending == 3)
        stage.advance(50)
        #expect(attempts.elements == [11, 21, 31, 12, 22, 32])
    }

    @Test func oneTimerServesAllThatWait() throws {
        let atom = try atom(1, failures: 1)
        for item in 1...20 { #expect(atom.tryEnqueue(item)) }
        stage.run()
        #expect(stage.time.deadlines.count == 1)
        stage.advance(50)
        #expect(stage.time.deadlines.isEmpty && atom.stats.completed == 20)
    }

    @Test func anItemBetweenTwoAttemptsShowsWhenTheNextOneIsDue() throws {
        let atom = try atom()
        let start = stage.time.now
        #expect(atom.tryEnqueue(1))
        stage.run()
        let snapshot = try #require(atom.snapshot().first)
        #expect(snapshot.nextAttemptAt == start.advanced(by: .milliseconds(50)))
        #expect(snapshot.attempts == 1 && snapshot.lastError as? Failure == Failure(number: 1))
        guard case .running = snapshot.outcome else {
            Issue.record("\(snapshot.outcome)")
            return
        }
    }

    @Test func anErrorThatIsNotWorthAnotherAttemptFailsAtOnce() throws {
        var policy = RetryPolicy()
        policy.retryIf = { ($0 as? Failure)?.number != 2 }
        let atom = try atom(policy: policy)
        #expect(atom.tryEnqueue(1))
        stage.run()
        stage.advance(1000)
        stage.advance(1000)
        #expect(attempts.elements == [11, 12])
        #expect(atom.stats.failed == 1 && !sink.contains("retry.exhausted"))
    }

    @Test func aCancellationErrorOfTheBodysOwnFailsAndIsNotTriedAgain() throws {
        let atom = try RetryAtom<Int>(options: stage.options()) { [attempts] item, _ in
            attempts.record(item)
            throw CancellationError()
        }
        #expect(atom.tryEnqueue(1))
        stage.run()
        stage.advance(1000)
        #expect(attempts.elements == [1])
        #expect(atom.stats.failed == 1 && atom.stats.cancelled == 0)
    }

    @Test func cancellingDuringABackoffCancelsTheItem() throws {
        let dropped = Journal<Int>()
        let atom = try RetryAtom<Int>(options: stage.options(), onDiscard: { dropped.record($0) }) { _, _ in
            throw Failure()
        }
        #expect(atom.tryEnqueue(1))
        stage.run()
        atom.cancel()
        stage.run()
        stage.advance(1000)
        #expect(atom.stats == CoordinatorStats(enqueued: 1, cancelled: 1))
        #expect(dropped.elements == [1] && stage.time.deadlines.isEmpty && atom.isDrained)
    }

    @Test func cancellingReachesBodiesThatRun() throws {
        let atom = try RetryAtom<Int>(options: stage.options(1)) { [stage] _, _ in try await stage.gate.wait() }
        for item in 1...3 { #expect(atom.tryEnqueue(item)) }
        stage.run()
        let shutdown = stage.call { await atom.shutdown() }
        #expect(!shutdown.isSuspended)
        #expect(atom.stats == CoordinatorStats(enqueued: 3, cancelled: 3))
        #expect(stage.call { try await atom.enqueue(4) }.code == .completed)
    }

    @Test(arguments: [0, -5])
    func aBackoffThatIsNotPositiveDoesNotWait(_ milliseconds: Int) throws {
        var policy = RetryPolicy()
        policy.backoff = { _ in .milliseconds(milliseconds) }
        let atom = try atom(policy: policy)
        #expect(atom.tryEnqueue(1))
        stage.run()
        #expect(attempts.elements == [11, 12, 13])
        #expect(stage.time.deadlines.isEmpty)
    }

    @Test func drainingWaitsForAllAttempts() throws {
        let atom = try atom(failures: 2)
        #expect(atom.tryEnqueue(1))
        let drain = stage.call { try await atom.drain() }
        stage.advance(50)
        #expect(drain.isSuspended)
        stage.advance(100)
        #expect(!drain.isSuspended && drain.error == nil)
        #expect(atom.stats.completed == 1 && atom.isDrained)
        #expect(!stage.call { try await atom.drain() }.isSuspended)
    }

    @Test func aDrainRequestInTheSinkLetsItemsComeToTheirEnd() throws {
        let atom = try atom(failures: 1)
        #expect(atom.tryEnqueue(1))
        stage.run()
        sink.requestDrain()
        #expect(atom.isFinished && !atom.isDrained)
        stage.advance(50)
        #expect(atom.stats.completed == 1 && atom.isDrained)
    }

    @Test func waitingUntilIdleLeavesTheIntakeOpen() throws {
        let atom = try atom(failures: 1)
        #expect(atom.tryEnqueue(1))
        let idle = stage.call { try await atom.waitUntilIdle() }
        #expect(idle.isSuspended)
        stage.advance(50)
        #expect(!idle.isSuspended)
        #expect(atom.tryEnqueue(2))
        stage.advance(50)
    }

    @Test func aPausedAtomBeginsNoFurtherAttempt() throws {
        let atom = try atom(failures: 1)
        #expect(atom.tryEnqueue(1))
        stage.run()
        atom.pause()
        stage.advance(1000)
        #expect(attempts.elements == [11])
        atom.resume()
        stage.run()
        #expect(attempts.elements == [11, 12])
    }

    @Test func aDeferringSignalHoldsLaterAttemptsBackToo() throws {
        let atom = try atom(failures: 1) { $0.signals.deferOn = ["busy"] }
        #expect(atom.tryEnqueue(1))
        stage.run()
        sink.raise("busy")
        stage.advance(1000)
        #expect(attempts.elements == [11])
        sink.retract("busy")
        stage.run()
        #expect(attempts.elements == [11, 12])
    }

    @Test func aCancellingSignalDropsTheItemAtItsNextAttempt() throws {
        let atom = try atom(failures: 1) { $0.signals.cancelOn = ["stop"] }
        #expect(atom.tryEnqueue(1))
        stage.run()
        sink.raise("stop")
        stage.advance(50)
        #expect(attempts.elements == [11])
        #expect(atom.stats == CoordinatorStats(enqueued: 1, cancelled: 1))
    }

    @Test func callersWaitWhileAsManyItemsWaitAsMayTheOnesBetweenAttemptsIncluded() throws {
        let atom = try atom(failures: 1) { $0.queueCapacity = 2 }
        #expect(atom.tryEnqueue(1) && atom.tryEnqueue(2))
        stage.run()
        #expect(!atom.tryEnqueue(3))
        let call = stage.call { try await atom.enqueue(4) }
        #expect(call.isSuspended)
        stage.advance(50)
        #expect(call.value != nil)
        stage.advance(50)
        #expect(atom.stats.completed == 3)
    }

    @Test func aCancelledCallerThatWaitsForRoomLeavesNothingBehind() throws {
        let atom = try atom(failures: 1) { $0.queueCapacity = 1 }
        #expect(atom.tryEnqueue(1))
        stage.run()
        let call = stage.call { try await atom.enqueue(2) }
        call.cancel()
        stage.run()
        #expect(call.error is CancellationError)
        stage.advance(50)
        #expect(atom.stats == CoordinatorStats(enqueued: 1, completed: 1))
    }

    @Test func callersThatWaitForRoomAreTurnedAwayWhenTheAtomIsFinished() throws {
        let atom = try atom(failures: 1) { $0.queueCapacity = 1 }
        #expect(atom.tryEnqueue(1))
        stage.run()
        let call = stage.call { try await atom.enqueue(2) }
        atom.finish()
        stage.run()
        #expect(call.code == .completed)
    }

    @Test func aBodyThatEnqueuesIntoItsFullAtomDoesNotWait() throws {
        var options = stage.options(1)
        options.queueCapacity = 1
        let atoms = Journal<RetryAtom<Int>>()
        let atom = try RetryAtom<Int>(options: options) { [attempts] item, _ in
            attempts.record(item)
            guard item == 1 else { return }
            try await atoms.first(1)[0].enqueue(2)
            try await atoms.first(1)[0].enqueue(3)
        }
        atoms.record(atom)
        #expect(atom.tryEnqueue(1))
        stage.run()
        #expect(attempts.elements == [1, 2, 3])
        #expect(atom.stats.overflowed == 1 && atom.stats.completed == 3)
    }

    @Test func onlyAsManyEndedItemsStayVisibleAsAreTrackedAndNotForever() throws {
        let atom = try atom(failures: 0) {
            $0.maxTrackedOperations = 2
            $0.maxOperationLifetime = .seconds(10)
        }
        for item in 1...4 { #expect(atom.tryEnqueue(item)) }
        stage.run()
        #expect(atom.snapshot().count == 2)
        stage.advance(10_001)
        #expect(atom.snapshot().isEmpty)
    }

    @Test(arguments: [0, -1])
    func aPolicyWithoutAttemptsIsRefused(_ number: Int) {
        #expect(codeThrown { _ = try atom(policy: RetryPolicy(maxAttempts: number)) } == .invalidArgument)
    }

    @Test func optionsOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try atom { $0.queueCapacity = 0 } } == .invalidArgument)
        #expect(codeThrown { _ = try atom { $0.maxTrackedOperations = -1 } } == .invalidArgument)
    }

    @Test func aReleasedAtomLeavesNoTimer() throws {
        do {
            let atom = try atom()
            #expect(atom.tryEnqueue(1))
            stage.run()
            #expect(stage.time.deadlines.count == 1)
        }
        stage.run()
        #expect(stage.time.deadlines.isEmpty)
    }
}
