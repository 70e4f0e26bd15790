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
public final class WorkCoordinator<Item: Sendable>: ControlledCoordinator {
    @usableFromInline let engine: WorkEngine<ArrivalQueue<Item, Unrouted>>
    @usableFromInline let late: LateBody<Item>?

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not run, because of ``cancel()`` or a cancel signal. Called
    ///     outside all locks.
    ///   - body: What is done with each item. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try self.init(options: options, late: nil, onDiscard: onDiscard, body: body)
    }

    @inlinable
    init(
        options: EphemeralOptions,
        late: LateBody<Item>?,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        let base = EngineBase(options: options)
        engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: ArrivalQueue(),
            base: base,
            onDiscard: onDiscard,
            body: body
        )
        self.late = late
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

    deinit { control.release() }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { CoordinatorControl(engine) }
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
        try await engine.enqueue(item, route: Unrouted())
    }

    /// Adds an item to the queue if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted; `false` when the queue is full or no more input is taken.
    @inlinable
    public func tryEnqueue(_ item: Item) -> Bool {
        engine.tryEnqueue(item, route: Unrouted()) != nil
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
        try await engine.enqueue(contentsOf: items) { _ in Unrouted() }
    }
}
