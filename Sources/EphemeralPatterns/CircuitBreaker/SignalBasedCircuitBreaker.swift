public import Ephemeral
public import EphemeralTime

/// A circuit breaker without a state of its own: it is open while enough failure signals of the recent past are there.
///
/// ```swift
/// let breaker = try SignalBasedCircuitBreaker(failureSignal: "api.failure", threshold: 5, windowSize: .seconds(30))
/// try breaker.checkClosed(sink)
/// do { try await callAPI() } catch {
///     sink.raise("api.failure")
///     throw error
/// }
/// ```
///
/// It may ask a sink or a coordinator. A coordinator knows the signals of its visible operations only, so that busy traffic
/// pushes failures out of a small window and they are under-counted: ask a sink whose capacity and age exceed the
/// breaker's threshold and window.
///
/// Every call asks once, so that what it answers is true of one moment.
public struct SignalBasedCircuitBreaker: Sendable {
    /// The signal that counts as a failure.
    public let failureSignal: String
    /// From how many failures on it is open.
    public let threshold: Int
    /// How long a failure counts.
    public let windowSize: Duration
    private let time: any TimeSource

    /// Creates a breaker.
    ///
    /// - Parameters:
    ///   - failureSignal: The signal that counts as a failure, by its exact name.
    ///   - threshold: From how many failures on it is open.
    ///   - windowSize: How long a failure counts, from the time stamp of its signal.
    ///   - time: The clock that the signals are stamped by.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number or time is not positive, or the name is blank.
    public init(
        failureSignal: String = "failure",
        threshold: Int = 5,
        windowSize: Duration = .seconds(30),
        time: any TimeSource = .system
    ) throws {
        try Validation.notBlank(failureSignal, "failureSignal")
        try Validation.positive(threshold, "threshold")
        try Validation.positive(windowSize, "windowSize")
        self.failureSignal = failureSignal
        self.threshold = threshold
        self.windowSize = windowSize
        self.time = time
    }

    /// Whether calls should not be made.
    ///
    /// - Parameters:
    ///   - history: The sink or coordinator that has the signals.
    ///   - pattern: What counts as a failure; `nil` is ``failureSignal``.
    /// - Returns: Whether there are at least ``threshold`` failures.
    public func isOpen(_ history: some SignalHistory, matching pattern: SignalPattern? = nil) -> Bool {
        failureCount(in: history, matching: pattern) >= threshold
    }

    /// How many failures there were in the recent past.
    ///
    /// - Parameters:
    ///   - history: The sink or coordinator that has the signals.
    ///   - pattern: What counts as a failure; `nil` is ``failureSignal``.
    /// - Returns: The number.
    public func failureCount(in history: some SignalHistory, matching pattern: SignalPattern? = nil) -> Int {
        history.count(recentFailures(pattern, now: time.now))
    }

    /// How long it will stay open if nothing else fails.
    ///
    /// - Parameters:
    ///   - history: The sink or coordinator that has the signals.
    ///   - pattern: What counts as a failure; `nil` is ``failureSignal``.
    /// - Returns: The time until enough failures have outlived the window, never negative; `nil` when it is closed.
    public func timeUntilClose(in history: some SignalHistory, matching pattern: SignalPattern? = nil) -> Duration? {
        let now = time.now
        let failures = history.signals(recentFailures(pattern, now: now))
        guard failures.count >= threshold else { return nil }
        let decisive = failures[failures.count - threshold].timestamp
        // A failure as old as the window still counts.
        return max(.zero, now.duration(to: decisive.clampedAdvance(by: windowSize)) + .nanoseconds(1))
    }

    /// Throws while it is open.
    ///
    /// - Parameters:
    ///   - history: The sink or coordinator that has the signals.
    ///   - pattern: What counts as a failure; `nil` is ``failureSignal``.
    /// - Throws: ``CircuitOpenError`` with the time to wait.
    public func checkClosed(
        _ history: some SignalHistory,
        matching pattern: SignalPattern? = nil
    ) throws(CircuitOpenError) {
        guard let wait = timeUntilClose(in: history, matching: pattern) else { return }
        throw CircuitOpenError(
            message:
                "there were \(threshold) or more failures (\(pattern?.text ?? failureSignal)) in the last \(windowSize)",
            retryAfter: wait
        )
    }

    /// Makes a call unless the breaker is open, and raises ``failureSignal`` when it throws.
    ///
    /// **Cancellation**: the call's own; a `CancellationError` is no failure.
    ///
    /// - Parameters:
    ///   - sink: Where failures are raised and looked for.
    ///   - key: What the failures are about.
    ///   - operation: The call.
    /// - Returns: What it returns.
    /// - Throws: ``CircuitOpenError`` when it is not made, and what it throws.
    public func execute<Output>(
        in sink: SignalSink,
        key: String? = nil,
        operation: () async throws -> Output
    ) async throws -> Output {
        try checkClosed(sink)
        do {
            return try await operation()
        } catch {
            if !(error is CancellationError) { sink.raise(failureSignal, key: key) }
            throw error
        }
    }

    private func recentFailures(_ pattern: SignalPattern?, now: ContinuousClock.Instant) -> SignalQuery {
        SignalQuery.matching(pattern ?? .exactly(failureSignal)).since(now.clampedAdvance(by: .zero - windowSize))
    }
}
