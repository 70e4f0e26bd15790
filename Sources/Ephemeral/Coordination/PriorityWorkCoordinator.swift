/// A queue with lanes: a free place always goes to the oldest item of the highest lane that may start.
///
/// Nothing is moved ahead of its turn: after an urgent item has been accepted, at most the bodies that are running precede
/// it. Lower lanes can starve by design; `agingInterval` raises what has waited for long.
///
/// **Ordering**: in a lane, items start in the order in which they were accepted. The lane is chosen when a place becomes
/// free.
///
/// **Cancellation**: as for ``WorkCoordinator``.
public final class PriorityWorkCoordinator<Item: Sendable>: ControlledCoordinator {
    @usableFromInline let engine: WorkEngine<LanedQueue<Item>>
    @usableFromInline let lanes: LaneDirectory

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - lanes: The lanes, highest priority first; one lane `normal` when there are none.
    ///   - options: How it behaves. The queue's capacity holds for each lane, so that a full one does not keep others waiting.
    ///   - agingInterval: How long an item waits before it counts as one lane higher, and again one higher; `nil` is never.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option or a lane is outside its range, two lanes have
    ///   the same name, or a lane has signal rules and there is no sink.
    @inlinable
    public init(
        lanes: [PriorityLane] = [],
        options: EphemeralOptions = EphemeralOptions(),
        agingInterval: Duration? = nil,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        let lanes = try PriorityLane.validated(lanes, options: options)
        let table = try LaneTable(lanes, agingInterval: agingInterval)
        self.lanes = LaneDirectory(lanes)
        engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: LanedQueue(lanes: table),
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
        try await engine.enqueueUnlessRefused(item, route: try lanes.number(of: lane))
    }

    /// Adds an item to a lane if there is room, without suspending.
    ///
    /// - Parameters:
    ///   - item: What the body will get.
    ///   - lane: The lane's name; `nil` is the lane `normal`, or the first where there is none of that name.
    /// - Returns: Whether it was accepted; `false` also when no more input is taken.
    /// - Throws: ``CoordinatorError`` with code `laneUnknown`.
    @inlinable
    public func tryEnqueue(_ item: Item, lane: String? = nil) throws -> Bool {
        engine.tryEnqueue(item, route: try lanes.number(of: lane)) != nil
    }

    /// How many items wait in each lane, highest priority first.
    public var pendingCounts: [(lane: String, count: Int)] { engine.pendingCounts() }
}
