import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalBasedCircuitBreakerTests {
    let stage = PatternStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    private func breaker(threshold: Int = 3, window: Duration = .seconds(30)) throws -> SignalBasedCircuitBreaker {
        try SignalBasedCircuitBreaker(
            failureSignal: "api.failure",
            threshold: threshold,
            windowSize: window,
            time: stage.time
        )
    }

    private func raise(_ count: Int, every milliseconds: Int = 1000, signal: String = "api.failure") {
        for _ in 0..<count {
            sink.raise(signal)
            stage.advance(milliseconds)
        }
    }

    @Test func itIsOpenWhileAsManyFailuresAsTheThresholdAreInTheWindow() throws {
        let breaker = try breaker()
        raise(2)
        #expect(!breaker.isOpen(sink) && breaker.timeUntilClose(in: sink) == nil)
        raise(1)
        #expect(breaker.isOpen(sink) && breaker.failureCount(in: sink) == 3)
        // The first failure was raised 3 s ago.
        stage.advance(27_000)
        #expect(breaker.isOpen(sink))
        stage.time.advance(by: .nanoseconds(1))
        #expect(!breaker.isOpen(sink))
    }

    @Test func whoWaitsAsLongAsItSaysFindsItClosed() throws {
        let breaker = try breaker()
        raise(5)
        let wait = try #require(breaker.timeUntilClose(in: sink))
        stage.time.advance(by: wait - .nanoseconds(1))
        #expect(breaker.isOpen(sink))
        #expect(breaker.timeUntilClose(in: sink) == .nanoseconds(1))
        stage.time.advance(by: .nanoseconds(1))
        #expect(!breaker.isOpen(sink) && breaker.timeUntilClose(in: sink) == nil)
    }

    @Test func theThresholdthNewestFailureDecidesWhenItCloses() throws {
        let breaker = try breaker(threshold: 2)
        raise(4, every: 5000)
        // Raised 20, 15, 10 and 5 s ago: when the third is out of the window, one is left.
        #expect(breaker.timeUntilClose(in: sink) == .seconds(20) + .nanoseconds(1))
    }

    @Test func otherSignalsDoNotCount() throws {
        let breaker = try breaker(threshold: 1)
        raise(1, signal: "api.failures")
        raise(1, signal: "api.success")
        #expect(!breaker.isOpen(sink))
    }

    @Test func aPatternTakesThePlaceOfTheSignal() throws {
        let breaker = try breaker(threshold: 2)
        raise(1, signal: "error.disk")
        raise(1, signal: "error.net")
        #expect(breaker.isOpen(sink, matching: "error.*") && !breaker.isOpen(sink))
        #expect(breaker.failureCount(in: sink, matching: "error.n*") == 1)
    }

    @Test func aFailureThatIsOldWhenItIsRaisedDoesNotCount() throws {
        let breaker = try breaker(threshold: 1, window: .seconds(10))
        let old = stage.time.now
        stage.advance(11_000)
        sink.raise(SignalEvent("api.failure", timestamp: old, timeSource: stage.time))
        #expect(!breaker.isOpen(sink) && sink.contains("api.failure"))
    }

    @Test func itAsksACoordinatorForTheSignalsOfItsOperations() throws {
        let breaker = try breaker(threshold: 2)
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { _, context in context.emit("api.failure")
        }
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(breaker.isOpen(coordinator) && breaker.failureCount(in: coordinator) == 2)
        #expect(breaker.timeUntilClose(in: coordinator) == .seconds(30) + .nanoseconds(1))
    }

    /// D68: in the window of a coordinator successes push failures out; a sink keeps them.
    @Test func successesDoNotPushFailuresOutOfASink() throws {
        let breaker = try breaker(threshold: 3)
        var options = stage.options(sink: sink)
        options.maxTrackedOperations = 5
        let coordinator = try WorkCoordinator<Int>(options: options) { item, context in
            context.emit(item < 3 ? "api.failure" : "api.success")
        }
        for item in 0..<40 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(breaker.isOpen(sink) && !breaker.isOpen(coordinator))
    }

    @Test func anOpenBreakerThrowsHowLongToWait() throws {
        let breaker = try breaker(threshold: 1)
        try breaker.checkClosed(sink)
        sink.raise("api.failure")
        stage.advance(10_000)
        let error = #expect(throws: CircuitOpenError.self) { try breaker.checkClosed(sink) }
        #expect(error?.retryAfter == .seconds(20) + .nanoseconds(1))
        #expect(error?.description.contains("try again in") == true)
    }

    @Test func failingCallsOpenItAndNoFurtherOnesAreMade() async throws {
        let breaker = try breaker(threshold: 2)
        let calls = Journal<Int>()
        for number in 1...4 {
            _ = try? await breaker.execute(in: sink, key: "api") {
                calls.record(number)
                throw Failure()
            }
        }
        #expect(calls.elements == [1, 2])
        #expect(sink.count(.name("api.failure").key("api")) == 2)
    }

    @Test func aCancelledCallIsNoFailureAndASuccessfulOneReturnsItsValue() async throws {
        let breaker = try breaker(threshold: 1)
        await #expect(throws: CancellationError.self) {
            try await breaker.execute(in: sink) { throw CancellationError() }
        }
        #expect(try await breaker.execute(in: sink) { 7 } == 7)
    }

    @Test func valuesOutsideTheirRangeAreRefused() {
        #expect(codeThrown { _ = try breaker(threshold: 0) } == .invalidArgument)
        #expect(codeThrown { _ = try breaker(window: .zero) } == .invalidArgument)
        #expect(codeThrown { _ = try SignalBasedCircuitBreaker(failureSignal: " ") } == .invalidArgument)
    }

    @Test func aWindowLongerThanTheClockIsNoProblem() throws {
        let breaker = try breaker(threshold: 1, window: .seconds(Int64.max))
        sink.raise("api.failure")
        #expect(breaker.isOpen(sink) && breaker.timeUntilClose(in: sink).map { $0 > .zero } == true)
    }

    @Test func noScheduleLetsMoreCallsThroughThanTheThresholdAndThoseUnderWay() async throws {
        try await explore { options, seed in
            let sink = SignalSink(time: options.time)
            let made = Journal<ContinuousClock.Instant>()
            let breaker = try SignalBasedCircuitBreaker(threshold: 3, windowSize: .seconds(5), time: options.time)
            let callers = try WorkCoordinator<Int>(options: options) { item in
                try await breaker.execute(in: sink) {
                    made.record(options.time.now)
                    try await options.time.sleep(for: .milliseconds(item % 7))
                    throw Failure()
                }
            }
            for item in 0..<60 {
                try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 5 * 100))
                try await callers.enqueue(item)
            }
            try await callers.drain()
            let instants = made.elements.sorted()
            // Three failures open it, and three more calls may be under way by then.
            let tooMany = instants.indices.dropFirst(6).filter {
                instants[$0 - 6].duration(to: instants[$0]) < .seconds(4)
            }
            return tooMany.isEmpty.orElse("calls at \(instants)") + (made.count >= 6).orElse("only \(made.count) calls")
        }
    }
}
