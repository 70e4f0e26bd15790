public import Ephemeral

/// Work for many keys at once with an urgent lane beside the normal one.
///
/// ```swift
/// let fanOut = try KeyedPriorityFanOut(maxConcurrency: 32, maxPriorityDepth: 100, key: \Command.user) { command, _ in
///     try await handle(command)
/// }
/// try await fanOut.enqueue(command)
/// if try await !fanOut.enqueuePriority(urgent) { reject(urgent) }
/// ```
///
/// An urgent item overtakes everything that waits in the normal lane, its own key's items included, but with one at a time
/// per key never runs beside another of its key. All that `Coordinator` says holds.
///
/// **Ordering**: in a lane, items of one key start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class KeyedPriorityFanOut<Key: Hashable & Sendable, Item: Sendable>: ControlledCoordinator {
    /// How many items wait in each lane.
    public struct PendingCounts: Sendable, Hashable {
        /// Urgent ones.
        public let priority: Int
        /// All others.
        public let normal: Int
    }

    private let coordinator: KeyedPriorityWorkCoordinator<Key, Item>

    /// Creates a fan-out.
    ///
    /// - Parameters:
    ///   - maxConcurrency: How many bodies run at a time.
    ///   - perKeyConcurrency: How many of one key run at a time; less than 1 counts as 1.
    ///   - sink: The sink that the urgent lane's rules look at and operations' signals are mirrored to; `nil` leaves that of
    ///     the options.
    ///   - maxPriorityDepth: How many urgent items may wait; `nil`, 0 and less are unbounded.
    ///   - cancelPriorityOn: While a matching signal is live, urgent items are refused and waiting ones cancelled.
    ///   - deferPriorityOn: While a matching signal is live, no urgent item starts; normal ones go on.
    ///   - options: Everything else; its limits are replaced.
    ///   - key: What an item is ordered by. Called once per item.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range, or there are rules and no
    ///   sink.
    public init(
        maxConcurrency: Int,
        perKeyConcurrency: Int = 1,
        sink: SignalSink? = nil,
        maxPriorityDepth: Int? = nil,
        cancelPriorityOn: SignalPatternSet = [],
        deferPriorityOn: SignalPatternSet = [],
        options: EphemeralOptions = EphemeralOptions(),
        key: @escaping @Sendable (_ item: Item) -> Key,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        var urgent = PriorityLane(Self.priorityLane, maxDepth: maxPriorityDepth)
        urgent.cancelOn = cancelPriorityOn
        urgent.deferOn = deferPriorityOn
        var options = options.limited(to: maxConcurrency, sink: sink)
        options.keys.maxConcurrencyPerKey = max(1, perKeyConcurrency)
        coordinator = try KeyedPriorityWorkCoordinator(
            lanes: [urgent, PriorityLane(Self.normalLane)],
            options: options,
            key: key,
            onDiscard: onDiscard,
            body: body
        )
    }

    private static var priorityLane: String { "priority" }
    private static var normalLane: String { "normal" }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item to the normal lane; suspends while that is full.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    public func enqueue(_ item: Item) async throws {
        try await coordinator.enqueue(item, lane: Self.normalLane)
    }

    /// Adds an item to the urgent lane; suspends only while the queue's capacity is used up.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted; `false` when the lane is as deep as it may be or a cancelling signal is live.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    public func enqueuePriority(_ item: Item) async throws -> Bool {
        try await coordinator.enqueue(item, lane: Self.priorityLane)
    }

    /// Adds an item to the normal lane if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { added(item, to: Self.normalLane) }

    /// Adds an item to the urgent lane if there is room and no cancelling signal, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueuePriority(_ item: Item) -> Bool { added(item, to: Self.priorityLane) }

    /// The only error is that of an unknown lane, and both are known.
    private func added(_ item: Item, to lane: String) -> Bool {
        (try? coordinator.tryEnqueue(item, lane: lane)) ?? false
    }

    /// How many items wait in each lane: one reading, which does not change later.
    public var pendingCounts: PendingCounts {
        let counts = coordinator.pendingCounts.map(\.count)
        return PendingCounts(priority: counts[0], normal: counts[1])
    }

    /// How many items of a key wait in both lanes; running ones do not count.
    public func pendingCount(for key: Key) -> Int { coordinator.pendingCount(for: key) }
}
