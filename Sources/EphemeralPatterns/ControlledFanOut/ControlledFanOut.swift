public import Ephemeral

/// Work for many keys at once, with one limit for all and one for each key.
///
/// ```swift
/// let fanOut = try ControlledFanOut(maxGlobalConcurrency: 100, perKeyConcurrency: 5, key: \Request.tenant) { request, _ in
///     try await handle(request)
/// }
/// try await fanOut.enqueue(request)
/// try await fanOut.drain()
/// ```
///
/// Both limits hold at all times, and a key at its limit holds no place that another could use. All that `Coordinator` says
/// holds.
///
/// **Ordering**: items of one key start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class ControlledFanOut<Key: Hashable & Sendable, Item: Sendable>: ControlledCoordinator {
    private let coordinator: KeyedWorkCoordinator<Key, Item>

    /// Creates a fan-out.
    ///
    /// - Parameters:
    ///   - maxGlobalConcurrency: How many bodies run at a time.
    ///   - perKeyConcurrency: How many of one key run at a time; less than 1 counts as 1.
    ///   - sink: The sink that operations' signals are mirrored to and rules look at; `nil` leaves that of the options.
    ///   - options: Everything else; its limits are replaced.
    ///   - key: What an item is ordered by. Called once per item.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range.
    public init(
        maxGlobalConcurrency: Int,
        perKeyConcurrency: Int = 1,
        sink: SignalSink? = nil,
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try Validation.positive(maxGlobalConcurrency, "maxGlobalConcurrency")
        var options = options.limited(to: maxGlobalConcurrency, sink: sink)
        options.keys.maxConcurrencyPerKey = max(1, perKeyConcurrency)
        coordinator = try KeyedWorkCoordinator(options: options, key: key, onDiscard: onDiscard, body: body)
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item; suspends while the queue is full.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID { try await coordinator.enqueue(item) }

    /// Adds an item if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { coordinator.tryEnqueue(item) }

    /// How many items of a key wait; running ones do not count.
    public func pendingCount(for key: Key) -> Int { coordinator.pendingCount(for: key) }

    /// The visible operations of a key, in the order of `snapshot()`.
    ///
    /// O(window).
    public func snapshot(for key: Key) -> [OperationSnapshot] { coordinator.snapshot(for: key) }
}
