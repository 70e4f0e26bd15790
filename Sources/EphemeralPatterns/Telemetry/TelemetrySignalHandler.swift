public import Ephemeral
public import EphemeralTime

/// Brings signals to a telemetry client in the background.
///
/// ```swift
/// let telemetry = try TelemetrySignalHandler(client)
/// options.signals.onSignal = { telemetry.onSignal($0) }
/// ...
/// await telemetry.shutdown()
/// ```
///
/// Every signal is an event `EphemeralSignal` with the properties `signal`, `operationId`, `key` and `depth`. `error` and
/// `error.*` are exceptions as well, and `perf.*` metrics with the value 1; if one of the two calls fails, the other is made
/// all the same, and the signal counts as failed.
///
/// **Ordering**: calls begin in the order of the signals; several are made at a time.
public final class TelemetrySignalHandler: Sendable {
    private let processor: AsyncSignalProcessor

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - client: Where telemetry goes.
    ///   - maxConcurrency: How many signals are brought at a time.
    ///   - maxQueueSize: How many wait; when there is no room, the oldest is dropped and counted.
    ///   - time: The clock of the timeout of ``shutdown(timeout:)``.
    ///   - executor: The executor of the calls; `nil` is the global pool.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a bound is not positive.
    public init(
        _ client: some TelemetryClient,
        maxConcurrency: Int = 8,
        maxQueueSize: Int = 5000,
        time: any TimeSource = .system,
        executor: (any TaskExecutor)? = nil
    ) throws {
        processor = try AsyncSignalProcessor(
            maxConcurrency: maxConcurrency,
            maxQueueSize: maxQueueSize,
            time: time,
            executor: executor
        ) { event in
            try await Self.track(event, with: client)
        }
    }

    private static let errors: SignalPatternSet = ["error", "error.*"]
    private static let measurements: SignalPatternSet = ["perf.*"]

    private static func track(_ event: SignalEvent, with client: some TelemetryClient) async throws {
        let properties = [
            "signal": event.signal,
            "operationId": "\(event.operationID)",
            "key": event.key ?? "none",
            "depth": "\(event.depth)",
        ]
        var failure: (any Error)?
        do { try await client.trackEvent("EphemeralSignal", properties: properties) } catch { failure = error }
        if errors.matches(event.signal) {
            try await client.trackException(event.signal, properties: properties)
        } else if measurements.matches(event.signal) {
            try await client.trackMetric(event.signal, value: 1, properties: properties)
        }
        if let failure { throw failure }
    }

    /// Takes a signal, without waiting.
    ///
    /// - Parameter event: The signal.
    /// - Returns: Whether it was accepted; `false` after a shutdown.
    @discardableResult
    public func onSignal(_ event: SignalEvent) -> Bool { processor.enqueue(event) }

    /// All counters in one consistent reading.
    public var stats: SignalHandlerStats { processor.stats }

    /// Signals that wait.
    public var queuedCount: Int { processor.queuedCount }

    /// Signals for which all calls returned.
    public var processedCount: Int { processor.processedCount }

    /// Signals that were dropped.
    public var droppedCount: Int { processor.droppedCount }

    /// Waits until everything that was taken so far has been brought or dropped.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func flush() async throws { try await processor.flush() }

    /// Takes nothing more, and waits until what was taken has been brought.
    ///
    /// **Cancellation**: drops what waits, cancels running calls and waits for them until the timeout.
    ///
    /// - Parameter timeout: How long to wait; then what waits is dropped.
    /// - Returns: Whether all calls have ended.
    @discardableResult
    public func shutdown(timeout: Duration = .seconds(5)) async -> Bool {
        await processor.shutdown(drain: true, timeout: timeout)
    }
}
