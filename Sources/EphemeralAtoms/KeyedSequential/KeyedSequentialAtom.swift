public import Ephemeral

/// A queue that keeps the items of each key in order, and runs different keys beside each other.
///
/// ```swift
/// let ledger = try KeyedSequentialAtom(maxConcurrency: 16, key: \Order.customer) { order, _ in try await post(order) }
/// try await ledger.enqueue(order)
/// try await ledger.drain()
/// ```
///
/// It is a `KeyedWorkCoordinator` with the parameters that matter most. All that `Coordinator` says holds.
///
/// **Ordering**: items of one key start in the order in which they were accepted, and also end in it as long as a key runs
/// one at a time.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class KeyedSequentialAtom<Key: Hashable & Sendable, Item: Sendable>: ControlledCoordinator {
    private let coordinator: KeyedWorkCoordinator<Key, Item>

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - maxConcurrency: How many bodies run at a time; `nil`, 0 and less are the number of CPUs.
    ///   - perKeyConcurrency: How many of one key run at a time; less than 1 counts as 1.
    ///   - enableFairScheduling: Whether keys take turns, and ``tryEnqueue(_:)`` refuses more of a key that has 10 waiting.
    ///   - signals: The sink that operations' signals are mirrored to.
    ///   - key: What an item is ordered by. Called once per item.
    ///   - body: What is done with each item.
    /// - Throws: Nothing at present.
    public convenience init(
        maxConcurrency: Int? = nil,
        perKeyConcurrency: Int = 1,
        enableFairScheduling: Bool = false,
        signals: SignalSink? = nil,
        key: @escaping @Sendable (_ item: Item) -> Key,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        var options = EphemeralOptions(atomLimit: maxConcurrency, signals: signals)
        options.keys.maxConcurrencyPerKey = max(1, perKeyConcurrency)
        options.keys.enableFairScheduling = enableFairScheduling
        try self.init(options: options, key: key, body: body)
    }

    /// Creates a queue that behaves as options say.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - key: What an item is ordered by. Called once per item.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: EphemeralOptions,
        key: @escaping @Sendable (_ item: Item) -> Key,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        coordinator = try KeyedWorkCoordinator(options: options, key: key, onDiscard: onDiscard, body: body)
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item to the queue; suspends while the queue is full, however many of its key wait.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation, as snapshots show it.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID { try await coordinator.enqueue(item) }

    /// Adds an item if there is room, and with fair scheduling only if not too many of its key wait, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { coordinator.tryEnqueue(item) }

    /// How many items of a key wait; running ones do not count.
    public func pendingCount(for key: Key) -> Int { coordinator.pendingCount(for: key) }
}
