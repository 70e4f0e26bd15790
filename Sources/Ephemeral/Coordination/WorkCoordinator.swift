internal import EphemeralTime
internal import Synchronization

/// A long-lived queue that runs a body over items, a bounded number at a time, and shows what became of them.
///
/// ```swift
/// try await withWorkCoordinator(options: EphemeralOptions(maxConcurrency: 8)) { (request: Request, context) in
///     try await handle(request)
/// } run: { coordinator in
///     for request in requests { try await coordinator.enqueue(request) }
/// }
/// ```
///
/// **Ordering**: operations start strictly in the order in which they were accepted. With a limit of 1 they also end in
/// that order.
///
/// **Cancellation**: cancelling a task that waits in a method here ends the wait with `CancellationError` and changes
/// nothing else. Bodies are cancelled by ``cancel()`` and ``shutdown()`` alone; a coordinator that is released without
/// either cancels as ``cancel()`` does, and waits for nobody.
public final class WorkCoordinator<Item: Sendable>: Sendable {
    @usableFromInline let engine: WorkEngine<Item>

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not run, because of ``cancel()`` or a cancel signal. Called
    ///     outside all locks.
    ///   - body: What is done with each item. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public init(
        options: EphemeralOptions = EphemeralOptions(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        let base = EngineBase(options: options)
        engine = WorkEngine(core: try CoordinatorCore(options), base: base, onDiscard: onDiscard, body: body)
        engine.attachRules(options)
    }

    /// Creates a coordinator whose body does not look at its operation.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ item: Item) async throws -> Void
    ) throws {
        try self.init(options: options) { item, _ in try await body(item) }
    }

    deinit {
        engine.cancel()
        engine.detachRules()
    }
}

// Intake
extension WorkCoordinator {
    /// Adds an item to the queue; suspends while the queue is full.
    ///
    /// A body may add items to its own coordinator: it never waits for room, and the surplus is counted in
    /// ``CoordinatorStats/overflowed``.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation.
    /// - Throws: ``CoordinatorError`` with code `completed` when no more input is taken.
    @inlinable
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID {
        try await engine.enqueue(item)
    }

    /// Adds an item to the queue if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted; `false` when the queue is full or no more input is taken.
    @inlinable
    public func tryEnqueue(_ item: Item) -> Bool {
        engine.tryEnqueue(item) != nil
    }

    /// Adds items in order, each as ``enqueue(_:)`` does, and stops at the first that is refused.
    ///
    /// **Cancellation**: throws `CancellationError`; the items before stay accepted.
    ///
    /// - Parameter items: What the bodies will get.
    /// - Returns: How many were accepted.
    /// - Throws: `CancellationError`.
    @inlinable
    @discardableResult
    public func enqueue(contentsOf items: some Sequence<Item>) async throws -> Int {
        var count = 0
        for item in items {
            do {
                _ = try await engine.enqueue(item)
            } catch let error as CoordinatorError where error.code == .completed {
                return count
            }
            count += 1
        }
        return count
    }
}

// Flow
extension WorkCoordinator {
    /// Stops starts at once; running bodies go on.
    ///
    /// Idempotent.
    public func pause() { engine.setPaused(true) }

    /// Allows starts again.
    ///
    /// Idempotent.
    public func resume() { engine.setPaused(false) }

    /// Whether starts are stopped by ``pause()``.
    public var isPaused: Bool { engine.state.withLock { $0.core.isPaused } }

    /// Closes the intake: what is queued still runs.
    ///
    /// Idempotent, also after ``cancel()``.
    ///
    /// Callers that wait for room get an error with code `completed`; nothing more is taken from a sequence that feeds the
    /// coordinator.
    public func finish() { engine.finish() }

    /// Whether the intake is closed.
    public var isFinished: Bool { engine.state.withLock { $0.core.lifecycle != .open } }

    /// Closes the intake and waits until nothing is queued or running.
    ///
    /// Any number of callers may wait.
    ///
    /// A paused coordinator with queued items is not drained until it is resumed or cancelled.
    ///
    /// **Cancellation**: throws `CancellationError`; the coordinator stays finished and goes on.
    ///
    /// - Throws: The error of the sequence that the items came from, if it threw.
    public func drain() async throws {
        engine.finishUnlessSourced()
        try await engine.wait(for: .drained)
        if let error = engine.state.withLock({ $0.core.sourceError }) { throw error }
    }

    /// Drains for at most this long.
    ///
    /// - Parameter timeout: How long to wait.
    /// - Throws: ``CoordinatorError`` with code `drainTimeout` when something is left then.
    public func drain(timeout: Duration) async throws {
        let time = engine.base.time.source
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask(name: "Ephemeral drain") {
                try await self.drain()
                return true
            }
            group.addTask(name: "Ephemeral drain timeout") {
                try await time.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == false else { return }
            let left = stats
            throw CoordinatorError(
                code: .drainTimeout,
                message: "after \(timeout) \(left.pending) operations are queued and \(left.active) are running"
            )
        }
    }

    /// Waits until nothing is queued or running; the intake stays open.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func waitUntilIdle() async throws {
        try await engine.wait(for: .idle)
    }

    /// Whether the intake is closed and nothing is left.
    public var isDrained: Bool { engine.withWholeState { $0.core.isDrained } }

    /// Closes the intake, drops what is queued and cancels the tasks of running bodies.
    ///
    /// Idempotent.
    ///
    /// Dropped items count as cancelled. So does a body that answers with `CancellationError`; one that ends normally
    /// counts as completed, one that throws anything else as failed.
    public func cancel() { engine.cancel() }

    /// Cancels, and returns when all bodies and workers have ended.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        engine.cancel()
        engine.detachRules()
        await engine.join()
    }
}

// Limit
extension WorkCoordinator {
    /// The present limit of running bodies.
    public var currentMaxConcurrency: Int { engine.state.withLock { $0.core.limit } }

    /// Changes the limit.
    ///
    /// A higher one takes effect at once, a lower one as bodies end.
    ///
    /// - Parameter limit: The new limit; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `dynamicConcurrencyDisabled` unless the options allow it, or
    ///   `invalidArgument`.
    public func setMaxConcurrency(_ limit: Int) throws {
        guard engine.base.options.enableDynamicConcurrency else {
            throw CoordinatorError(
                code: .dynamicConcurrencyDisabled,
                message: "set enableDynamicConcurrency in the options to change the limit"
            )
        }
        guard limit > 0 else { throw CoordinatorError.invalid("maxConcurrency", limit, "give 1 or more") }
        engine.control { $0.limit = limit }
    }
}
