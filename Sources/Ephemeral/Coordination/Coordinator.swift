/// What all coordinators have in common, whatever they run and in which order: flow, limit, counters and what is visible.
///
/// Programs that only watch or stop coordinators use this. A type that wraps one of the library's coordinators conforms to
/// ``ControlledCoordinator`` instead and gets everything from the coordinator inside.
public protocol Coordinator: AnyObject, SignalHistory {
    /// Stops starts at once; running bodies go on.
    ///
    /// Idempotent.
    func pause()

    /// Allows starts again.
    ///
    /// Idempotent.
    func resume()

    /// Whether starts are stopped by ``pause()``.
    var isPaused: Bool { get }

    /// Closes the intake: what is queued still runs.
    ///
    /// Idempotent, also after ``cancel()``.
    ///
    /// Callers that wait for room get an error with code `completed`; nothing more is taken from a sequence that feeds the
    /// coordinator.
    func finish()

    /// Whether the intake is closed.
    var isFinished: Bool { get }

    /// Closes the intake and waits until nothing is queued or running.
    ///
    /// Any number of callers may wait.
    ///
    /// A paused coordinator with queued items is not drained until it is resumed or cancelled.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator stays finished and goes on.
    ///
    /// - Throws: The error of the sequence that the items came from, if it threw.
    func drain() async throws

    /// Drains for at most this long.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator stays finished and goes on.
    ///
    /// - Parameter timeout: How long to wait.
    /// - Throws: ``CoordinatorError`` with code `drainTimeout` when something is left then, and what ``drain()`` throws.
    func drain(timeout: Duration) async throws

    /// Waits until nothing is queued or running; the intake stays open.
    ///
    /// **Cancellation**: throws `CancellationError`.
    func waitUntilIdle() async throws

    /// Whether the intake is closed and nothing is left.
    var isDrained: Bool { get }

    /// Closes the intake, drops what is queued and cancels the tasks of running bodies.
    ///
    /// Idempotent.
    ///
    /// Dropped items count as cancelled. So does a body that answers with `CancellationError`; one that ends normally
    /// counts as completed, one that throws anything else as failed.
    func cancel()

    /// Cancels, and returns when all bodies and workers have ended.
    ///
    /// Background handlers of signals are waited for too, but for 5 seconds at most.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    func shutdown() async

    /// The present limit of running bodies.
    var currentMaxConcurrency: Int { get }

    /// Changes the limit.
    ///
    /// A higher one takes effect at once, a lower one as bodies end.
    ///
    /// - Parameter limit: The new limit; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `dynamicConcurrencyDisabled` unless the options allow it, or
    ///   `invalidArgument`.
    func setMaxConcurrency(_ limit: Int) throws

    /// All counters in one consistent reading.
    var stats: CoordinatorStats { get }

    /// The operations that are running or still visible: ended ones in the order of their end, then running ones.
    ///
    /// O(window).
    func snapshot() -> [OperationSnapshot]

    /// The visible operations of one kind, in the order of ``snapshot()``.
    ///
    /// O(window).
    func operations(in selection: OperationSelection) -> [OperationSnapshot]

    /// Keeps an operation visible, whatever its age, until it is unpinned or evicted; works for queued ones too.
    ///
    /// O(window + queue).
    ///
    /// - Returns: Whether the operation is known.
    @discardableResult
    func pin(_ id: OperationID) -> Bool

    /// Lets an operation leave again when its turn comes.
    ///
    /// O(window + queue).
    ///
    /// - Returns: Whether the operation is known.
    @discardableResult
    func unpin(_ id: OperationID) -> Bool

    /// Makes a finished operation leave at once, pinned or not.
    ///
    /// O(window).
    ///
    /// - Returns: Whether it was there; `false` for queued, running and unknown ones.
    @discardableResult
    func evict(_ id: OperationID) -> Bool

    /// The signals of operations that are running or still visible, by time.
    ///
    /// O(window).
    func signals(_ query: SignalQuery) -> [SignalEvent]
}

/// Which operations of a coordinator to look at.
@nonexhaustive
public enum OperationSelection: Sendable {
    /// Running ones.
    case running
    /// Ended ones, whatever became of them.
    case finished
    /// Ones whose body returned.
    case completed
    /// Ones whose body threw.
    case failed
    /// Ones that were cancelled or skipped.
    case cancelled
}

extension Coordinator {
    /// Operations that wait in the queue.
    public var pendingCount: Int { stats.pending }

    /// Operations whose body is running.
    public var activeCount: Int { stats.active }

    /// All signals of operations that are running or still visible, by time.
    ///
    /// O(window).
    public func signals() -> [SignalEvent] { signals(.all) }

    /// How many signals of operations that are running or still visible satisfy a query.
    ///
    /// O(window).
    public func count(_ query: SignalQuery) -> Int { signals(query).count }

    /// Whether a signal of an operation that is running or still visible satisfies a query.
    ///
    /// O(window).
    public func contains(_ query: SignalQuery) -> Bool { !signals(query).isEmpty }
}
