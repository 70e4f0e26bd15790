/// One consistent reading of a batching atom's counters.
///
/// In every reading `enqueued == buffered + running + delivered + failed + cancelled`, counted in items.
public struct BatchingStats: Sendable, Hashable {
    /// Items accepted so far.
    public var enqueued = 0
    /// Items that wait for their batch to be handed over.
    public var buffered = 0
    /// Items of the batch that is being handled.
    public var running = 0
    /// Items of batches that were handled.
    public var delivered = 0
    /// Items of batches whose handling threw.
    public var failed = 0
    /// Items dropped by cancellation, and those of a batch that gave in to it.
    public var cancelled = 0
    /// Batches that were handled.
    public var batchesDelivered = 0
    /// Batches whose handling threw.
    public var batchesFailed = 0
}
