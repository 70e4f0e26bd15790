public import Ephemeral

/// A queue whose limit doubles and halves on signals.
///
/// ```swift
/// let demo = try DynamicConcurrencyDemo<Job>(sink: sink, minConcurrency: 2, maxConcurrency: 32) { job, _ in
///     try await run(job)
/// }
/// sink.raise("load.high")   // 4 at a time
/// sink.raise("load.low")    // 2 again
/// ```
///
/// It starts with the smallest limit. Each signal is one step, in the order in which they are raised: a signal that is still
/// visible has no effect of its own. All that `Coordinator` says holds; ``setMaxConcurrency(_:)`` keeps to the bounds.
///
/// **Ordering**: operations start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class DynamicConcurrencyDemo<Item: Sendable>: ControlledCoordinator {
    private let coordinator: WorkCoordinator<Item>
    private let desk: LimitDesk<ConcurrencyScale>
    private let subscription: SignalSubscription

    /// Creates a queue.
    ///
    /// - Parameters:
    ///   - sink: Whose signals change the limit, and where operations' signals are mirrored to.
    ///   - minConcurrency: The smallest limit, and the first.
    ///   - maxConcurrency: The largest limit.
    ///   - scaleUpPattern: Signals that double the limit; one that matches both patterns counts as this.
    ///   - scaleDownPattern: Signals that halve the limit.
    ///   - cooldown: For how long after a change further signals are taken together: those of the same direction belong to
    ///     the change, and the last one of the other direction is obeyed at the end. None by default.
    ///   - options: Everything else; its sink and limit are replaced.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number is outside its range, or a pattern is blank.
    public init(
        sink: SignalSink,
        minConcurrency: Int = 1,
        maxConcurrency: Int = 32,
        scaleUpPattern: SignalPatternSet = ["load.high"],
        scaleDownPattern: SignalPatternSet = ["load.low"],
        cooldown: Duration = .zero,
        options: EphemeralOptions = EphemeralOptions(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        try Validation.positive(minConcurrency, "minConcurrency")
        try Validation.ordered(minConcurrency, "minConcurrency", maxConcurrency, "maxConcurrency")
        try Validation.notBlank(scaleUpPattern, "scaleUpPattern")
        try Validation.notBlank(scaleDownPattern, "scaleDownPattern")
        try Validation.notNegative(cooldown, "cooldown")
        var options = options.limited(to: minConcurrency, sink: sink)
        options.enableDynamicConcurrency = true
        let coordinator = try WorkCoordinator(options: options, onDiscard: onDiscard, body: body)
        let scale = ConcurrencyScale(bounds: minConcurrency...maxConcurrency, cooldown: cooldown)
        let desk = LimitDesk(scale, name: "Ephemeral scaling", options: options) { [weak coordinator] limit in
            // Within the bounds, and the options allow it.
            try? coordinator?.setMaxConcurrency(limit)
        }
        self.coordinator = coordinator
        self.desk = desk
        subscription = sink.subscribe(to: scaleUpPattern.union(scaleDownPattern)) { [weak desk] event in
            let direction: ConcurrencyScale.Direction = scaleUpPattern.matches(event.signal) ? .up : .down
            desk?.change { $0.note(direction, now: $1, &$2) }
        }
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Sets the limit by hand; the next signal goes on from there.
    ///
    /// - Parameter limit: The new limit, within the bounds.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when it is outside the bounds.
    public func setMaxConcurrency(_ limit: Int) throws {
        let bounds = desk.read { $0.bounds }
        guard bounds.contains(limit) else {
            throw CoordinatorError.invalid("maxConcurrency", limit, "give \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        desk.change { machine, _, effects in machine.set(limit, &effects) }
    }

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

    /// Cancels, and returns when all bodies have ended; signals count no more.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        subscription.cancel()
        await coordinator.shutdown()
    }
}
