public import EphemeralTime

/// Handles signals in the background: whoever reports one does not wait for the handler.
///
/// ```swift
/// let processor = try AsyncSignalProcessor { event in try await telemetry.track(event.signal) }
/// let subscription = sink.subscribe { processor.enqueue($0) }
/// ...
/// subscription.cancel()
/// await processor.shutdown()
/// ```
///
/// A bounded number of handlers runs at a time, and a bounded number of signals waits; when there is no room, the one
/// that has waited longest is dropped and counted. An error of a handler is counted and concerns nobody else.
///
/// A processor that is released goes on until what it has accepted is handled.
///
/// **Ordering**: handlers begin in the order in which signals were handed over.
public final class AsyncSignalProcessor: Sendable {
    private let pool: HandlerPool<SignalEvent>

    /// Creates a processor; its tasks exist only while there are signals to handle.
    ///
    /// - Parameters:
    ///   - maxConcurrency: How many handlers run at a time.
    ///   - maxQueueSize: How many signals wait for a handler.
    ///   - overflow: Which signal goes when there is no room.
    ///   - time: The clock of the timeout of ``shutdown(drain:timeout:)``.
    ///   - executor: The executor of the handlers' tasks; `nil` is the global pool.
    ///   - handler: What is done with each signal.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when a bound is less than 1.
    public init(
        maxConcurrency: Int = 4,
        maxQueueSize: Int = 1000,
        overflow: SignalOverflowPolicy = .dropOldest,
        time: any TimeSource = .system,
        executor: (any TaskExecutor)? = nil,
        handler: @escaping @Sendable (_ event: SignalEvent) async throws -> Void
    ) throws {
        guard maxConcurrency > 0 else {
            throw CoordinatorError.invalid("maxConcurrency", maxConcurrency, "give 1 or more")
        }
        guard maxQueueSize > 0 else { throw CoordinatorError.invalid("maxQueueSize", maxQueueSize, "give 1 or more") }
        pool = HandlerPool(
            maxConcurrency: maxConcurrency,
            maxQueueSize: maxQueueSize,
            overflow: overflow,
            time: FastTimeSource(time),
            spawner: TaskSpawner(executor: executor),
            handler: handler
        )
    }

    /// Hands a signal over, without waiting.
    ///
    /// - Parameter event: What the handler will get.
    /// - Returns: Whether it was accepted; `false` after a shutdown, and when there is no room and the policy drops what
    ///   arrives. With ``SignalOverflowPolicy/dropOldest`` an accepted signal may still be dropped later.
    @discardableResult
    public func enqueue(_ event: SignalEvent) -> Bool { pool.enqueue(event) }

    /// All counters in one consistent reading.
    public var stats: SignalHandlerStats { pool.stats }

    /// Signals that wait for a handler.
    public var queuedCount: Int { stats.queued }

    /// Signals whose handler returned.
    public var processedCount: Int { stats.processed }

    /// Signals whose handler threw.
    public var failedCount: Int { stats.failed }

    /// Signals that no handler got or will get.
    public var droppedCount: Int { stats.dropped }

    /// Waits until everything that was handed over so far has been handled or dropped; more may come meanwhile.
    ///
    /// A handler that calls this waits for itself, until it is cancelled.
    ///
    /// **Cancellation**: throws `CancellationError`.
    ///
    /// - Throws: `CancellationError`.
    public func flush() async throws { try await pool.flush() }

    /// Accepts nothing more, and waits for what is left.
    ///
    /// Signals that are handed over afterwards are refused and count as dropped. May be called again.
    ///
    /// **Cancellation**: what is queued is dropped at once, and running handlers are cancelled and waited for until the
    /// timeout.
    ///
    /// - Parameters:
    ///   - drain: Whether signals that wait are still handled; otherwise they are dropped and running handlers cancelled.
    ///   - timeout: How long to wait; then what is queued is dropped, and running handlers are cancelled and left alone.
    /// - Returns: Whether all handlers have ended.
    @discardableResult
    public func shutdown(drain: Bool = true, timeout: Duration = .seconds(5)) async -> Bool {
        await pool.shutdown(drain: drain, timeout: timeout)
    }
}
