public import Ephemeral
internal import EphemeralTime

/// Calls somebody for every signal of a kind, in the background.
///
/// ```swift
/// let watcher = try SignalLogWatcher(sink) { event in try await log.write("\(event.signal) at \(event.raised)") }
/// sink.raise("error.database")
/// ...
/// await watcher.shutdown()
/// ```
///
/// It is told by the sink itself: there is no interval in which it looks, and a signal that the sink has dropped or cleared
/// meanwhile is not missed. Each signal that is raised is one call, also when the same operation raises the same name again. An
/// error of the call is raised as `watcher.error:{type}`, once, and the next signal has its turn.
///
/// What waits is bounded: when the calls do not keep up, the oldest signals are dropped and counted.
///
/// **Ordering**: one call at a time, in the order in which the signals were raised.
public final class SignalLogWatcher: Sendable {
    private let processor: AsyncSignalProcessor
    private let subscription: SignalSubscription

    /// Begins to watch: signals count that are raised from now on.
    ///
    /// - Parameters:
    ///   - sink: Whose signals to watch, and where errors are raised.
    ///   - pattern: Which signals.
    ///   - maxQueueSize: How many signals wait for their call.
    ///   - executor: The executor of the calls; `nil` is the global pool.
    ///   - onMatch: What is called.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when the pattern is blank or the bound is not positive.
    public init(
        _ sink: SignalSink,
        pattern: SignalPatternSet = ["error.*"],
        maxQueueSize: Int = 10_000,
        executor: (any TaskExecutor)? = nil,
        onMatch: @escaping @Sendable (_ event: SignalEvent) async throws -> Void
    ) throws {
        try Validation.notBlank(pattern, "pattern")
        let time = sink.timeSource
        // Its own signals are not watched, or an error of the call could lead to another for ever.
        let identity = OperationID.next()
        let processor = try AsyncSignalProcessor(
            maxConcurrency: 1,
            maxQueueSize: maxQueueSize,
            time: time,
            executor: executor
        ) { [weak sink] event in
            do {
                try await onMatch(event)
            } catch {
                let name = "watcher.error:\(type(of: error))"
                sink?.raise(
                    SignalEvent(name, operationID: identity, key: event.signal, timestamp: time.now, timeSource: time)
                )
                throw error
            }
        }
        self.processor = processor
        subscription = sink.subscribe(to: pattern) { event in
            if event.operationID != identity { processor.enqueue(event) }
        }
    }

    /// All counters in one consistent reading.
    public var stats: SignalHandlerStats { processor.stats }

    /// Waits until there has been a call for everything that was raised so far; the watcher goes on.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func flush() async throws { try await processor.flush() }

    /// Watches no more, and waits for the calls for what was raised before.
    ///
    /// **Cancellation**: drops what waits, cancels the call that is running and waits for it until the timeout.
    ///
    /// - Parameter timeout: How long to wait; then what waits is dropped.
    /// - Returns: Whether all calls have ended.
    @discardableResult
    public func shutdown(timeout: Duration = .seconds(5)) async -> Bool {
        subscription.cancel()
        return await processor.shutdown(drain: true, timeout: timeout)
    }
}
