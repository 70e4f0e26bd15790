/// A queue with lanes whose items also have keys: the lane decides what is next, and a key never runs more than its share.
///
/// An urgent item may overtake waiting items of its key in lower lanes, but never runs beside one of its key when the limit
/// per key is 1.
///
/// **Ordering**: in a lane, items of one key start in the order in which they were accepted. The lane is chosen when a place
/// becomes free.
///
/// **Cancellation**: as for ``WorkCoordinator``.
public final class KeyedPriorityWorkCoordinator<Key: Hashable & Sendable, Item: Sendable>: ControlledCoordinator {
    @usableFromInline let engine: WorkEngine<KeyedQueue<Key, Item>>
    @usableFromInline let lanes: LaneDirectory
    @usableFromInline let key: @Sendable (_ item: Item) -> Key
    /// Whether `tryEnqueue` has to know how many items of the key wait.
    @usableFromInline let isFair: Bool

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - lanes: The lanes, highest priority first; one lane `normal` when there are none.
    ///   - options: How it behaves. The queue's capacity holds for each lane, so that a full one does not keep others waiting.
    ///   - agingInterval: How long an item waits before it counts as one lane higher, and again one higher; `nil` is never.
    ///   - key: What an item is ordered by. Called once per item, by the caller that brings it, outside all locks; the key's
    ///     `==` and `hash(into:)` are called under the coordinator's lock.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option or a lane is outside its range, two lanes have
    ///   the same name, or a lane has signal rules and there is no sink.
    @inlinable
    public init(
        lanes: [PriorityLane] = [],
        options: EphemeralOptions = EphemeralOptions(),
        agingInterval: Duration? = nil,
        key: @escaping @Sendable (_ item: Item) -> Key,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        let lanes = try PriorityLane.validated(lanes, options: options)
        let table = try LaneTable(lanes, agingInterval: agingInterval)
        self.lanes = LaneDirectory(lanes)
        self.key = key
        isFair = options.keys.enableFairScheduling
        engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: KeyedQueue(options: options, lanes: table),
            base: EngineBase(options: options),
            onDiscard: onDiscard,
            body: body
        )
        engine.attachRules(options)
        engine.attachRules(of: lanes, sink: options.signals.sink)
    }

    deinit { control.release() }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { CoordinatorControl(engine) }

    @inlinable
    func route(_ item: Item, lane: String?) throws -> KeyedQueue<Key, Item>.Route {
        .init(key: key(item), lane: try lanes.number(of: lane))
    }

    /// Adds an item to a lane; suspends while the lane has as many waiting as the queue's capacity.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameters:
    ///   - item: What the body will get.
    ///   - lane: The lane's name; `nil` is the lane `normal`, or the first where there is none of that name.
    /// - Returns: Whether it was accepted; `false` when the lane is as deep as it may be or a cancel signal of it is live.
    /// - Throws: ``CoordinatorError`` with code `laneUnknown`, or `completed` when no more input is taken.
    @inlinable
    @discardableResult
    public func enqueue(_ item: Item, lane: String? = nil) async throws -> Bool {
        try await engine.enqueueUnlessRefused(item, route: try route(item, lane: lane))
    }

    /// Adds an item to a lane if there is room, without suspending.
    ///
    /// With fair scheduling, items of a key that has ``EphemeralOptions/KeyOptions/fairSchedulingThreshold`` waiting in all
    /// lanes are refused too.
    ///
    /// - Parameters:
    ///   - item: What the body will get.
    ///   - lane: The lane's name; `nil` is the lane `normal`, or the first where there is none of that name.
    /// - Returns: Whether it was accepted; `false` also when no more input is taken.
    /// - Throws: ``CoordinatorError`` with code `laneUnknown`.
    @inlinable
    public func tryEnqueue(_ item: Item, lane: String? = nil) throws -> Bool {
        let route = try route(item, lane: lane)
        if isFair { return engine.tryEnqueueAfterALook(item, route: route) }
        return engine.tryEnqueue(item, route: route) != nil
    }

    /// How many items wait in each lane, highest priority first.
    public var pendingCounts: [(lane: String, count: Int)] { engine.pendingCounts() }

    /// How many items of a key wait in all lanes; running ones do not count.
    public func pendingCount(for key: Key) -> Int {
        engine.withWholeState { $0.queue.keys.pending(key) }
    }

    /// The visible operations of a key, in the order of `snapshot()`.
    ///
    /// O(window).
    public func snapshot(for key: Key) -> [OperationSnapshot] {
        engine.snapshots { $0.hasKey(key) }
    }
}
