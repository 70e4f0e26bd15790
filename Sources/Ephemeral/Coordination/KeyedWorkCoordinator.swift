/// A queue that runs a body over items, in order for each key, and as many keys at a time as the limit allows.
///
/// ```swift
/// try await withKeyedWorkCoordinator(key: \.account, handling: post) { coordinator in
///     for transfer in transfers { try await coordinator.enqueue(transfer) }
/// }
/// ```
///
/// A key that is busy never holds a place that another key could use. Nothing is kept of a key of which nothing waits or
/// runs.
///
/// **Ordering**: items of one key start in the order in which they were accepted; with the default of one at a time per key
/// they also end in that order. Among keys that may start, the one whose item has waited longest is first, or, with
/// ``EphemeralOptions/KeyOptions/enableFairScheduling``, they take turns.
///
/// **Cancellation**: as for ``WorkCoordinator``.
public final class KeyedWorkCoordinator<Key: Hashable & Sendable, Item: Sendable>: ControlledCoordinator {
    @usableFromInline let engine: WorkEngine<KeyedQueue<Key, Item>>
    @usableFromInline let key: @Sendable (_ item: Item) -> Key
    @usableFromInline let late: LateBody<Item>?
    /// Whether `tryEnqueue` has to know how many items of the key wait.
    @usableFromInline let isFair: Bool

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - key: What an item is ordered by. Called once per item, by the caller that brings it, outside all locks; the key's
    ///     `==` and `hash(into:)` are called under the coordinator's lock.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try self.init(options: options, key: key, late: nil, onDiscard: onDiscard, body: body)
    }

    @inlinable
    init(
        options: EphemeralOptions,
        key: @escaping @Sendable (_ item: Item) -> Key,
        late: LateBody<Item>?,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: KeyedQueue(options: options),
            base: EngineBase(options: options),
            onDiscard: onDiscard,
            body: body
        )
        self.key = key
        self.late = late
        isFair = options.keys.enableFairScheduling
        engine.attachRules(options)
    }

    /// Creates a coordinator whose body does not look at its operation.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - key: What an item is ordered by.
    ///   - body: What is done with each item.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        body: @escaping @Sendable (_ item: Item) async throws -> Void
    ) throws {
        try self.init(options: options, key: key) { item, _ in try await body(item) }
    }

    deinit { control.release() }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { CoordinatorControl(engine) }

    @inlinable
    func route(_ item: Item) -> KeyedQueue<Key, Item>.Route { .init(key: key(item), lane: 0) }
}

// Intake
extension KeyedWorkCoordinator {
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
        try await engine.enqueue(item, route: route(item))
    }

    /// Adds an item to the queue if there is room, without suspending.
    ///
    /// With fair scheduling, items of a key that has ``EphemeralOptions/KeyOptions/fairSchedulingThreshold`` waiting are
    /// refused too.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    @inlinable
    public func tryEnqueue(_ item: Item) -> Bool {
        let route = route(item)
        if isFair { return engine.tryEnqueueAfterALook(item, route: route) }
        return engine.tryEnqueue(item, route: route) != nil
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
        try await engine.enqueue(contentsOf: items) { route($0) }
    }
}

// Keys
extension KeyedWorkCoordinator {
    /// How many items of a key wait; running ones do not count.
    public func pendingCount(for key: Key) -> Int {
        engine.withWholeState { $0.queue.keys.pending(key) }
    }

    /// The visible operations of a key, in the order of `snapshot()`.
    ///
    /// O(window).
    public func snapshot(for key: Key) -> [OperationSnapshot] {
        engine.snapshots { $0.hasKey(key) }
    }

    /// The signals of visible operations of a key that satisfy a query, by time.
    ///
    /// O(window).
    public func signals(_ query: SignalQuery = .all, for key: Key) -> [SignalEvent] {
        engine.ownSignals(query) { $0.hasKey(key) }
    }
}
