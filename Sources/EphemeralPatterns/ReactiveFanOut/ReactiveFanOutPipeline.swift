public import Ephemeral
internal import EphemeralTime

/// Two stages of work in a row, of which the first slows down when the second does not keep up.
///
/// ```swift
/// let pipeline = try ReactiveFanOutPipeline<Page>(
///     stage2Work: { page, _ in try await index(page) },
///     preStageWork: { page, _ in try await fetch(page) }
/// )
/// for page in pages { try await pipeline.enqueue(page) }
/// try await pipeline.drain()
/// ```
///
/// When ``ReactiveFanOutOptions/backpressureThreshold`` items wait for the second stage, or it fails, the first one is limited
/// to its smallest number of bodies. When what waits has come down to ``ReactiveFanOutOptions/reliefThreshold`` and the
/// cool-down is over, it is let go again, whether or not anything new arrives. It raises `stage2.backpressure`,
/// `stage2.failed` and `stage2.relieved`.
///
/// Accepted items are lost by ``cancel()`` and ``shutdown()`` alone. An item that fails in the first stage does not come to the
/// second and counts as failed.
///
/// **Ordering**: each stage starts items in the order in which they came to it; they come to the second in the order in which
/// the first ends with them.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class ReactiveFanOutPipeline<Item: Sendable>: Sendable {
    /// What is done with an item in one stage.
    public typealias Work = @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void

    let stage1: WorkCoordinator<Item>
    let stage2: WorkCoordinator<Item>
    let desk: LimitDesk<FanOutThrottle>
    let time: any TimeSource

    /// Creates a pipeline.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not come to its end, because of a cancellation. Called outside all
    ///     locks.
    ///   - stage2Work: What the second stage does with each item. Each stage has an operation of its own for it.
    ///   - preStageWork: What the first stage does; nothing by default.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: ReactiveFanOutOptions = ReactiveFanOutOptions(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        stage2Work: @escaping Work,
        preStageWork: @escaping Work = { _, _ in }
    ) throws {
        try options.validate()
        let limit = LateLimit()
        let desk = LimitDesk(
            FanOutThrottle(options),
            name: "Ephemeral fan-out",
            options: options.stages,
            raisingIn: options.stage1.signals.sink
        ) { limit.set($0) }
        let stage2 = try WorkCoordinator<Item>(
            options: options.stage2,
            onDiscard: { item in
                desk.change { $0.leave(now: $1, &$2) }
                onDiscard?(item)
            },
            body: { item, context in
                desk.change { $0.leave(now: $1, &$2) }
                var hasFailed = false
                defer { desk.change { [hasFailed] in $0.end(hasFailed: hasFailed, now: $1, &$2) } }
                do {
                    try await stage2Work(item, context)
                } catch {
                    hasFailed = !(error is CancellationError)
                    throw error
                }
            }
        )
        let stage1 = try WorkCoordinator<Item>(options: options.stage1, onDiscard: onDiscard) { item, context in
            try await preStageWork(item, context)
            desk.change { $0.handOver(now: $1, &$2) }
            do {
                try await stage2.enqueue(item)
            } catch {
                // The second stage takes items until the first is done, unless the pipeline is cancelled.
                desk.change { $0.leave(now: $1, &$2) }
                onDiscard?(item)
                throw CancellationError()
            }
        }
        limit.connect { [weak stage1] limit in
            // Within the bounds, and the options allow it.
            try? stage1?.setMaxConcurrency(limit)
        }
        (self.stage1, self.stage2, self.desk) = (stage1, stage2, desk)
        time = options.stages.time
    }

    /// Adds an item; suspends while the queue of the first stage is full.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What both stages will get.
    /// - Returns: The identity of the first stage's operation.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID { try await stage1.enqueue(item) }

    /// Adds an item if there is room, without suspending.
    ///
    /// - Parameter item: What both stages will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { stage1.tryEnqueue(item) }

    /// The present limit of the first stage.
    public var stage1CurrentMaxConcurrency: Int { stage1.currentMaxConcurrency }

    /// Items that wait in the second stage.
    public var stage2Pending: Int { stage2.pendingCount }
}
