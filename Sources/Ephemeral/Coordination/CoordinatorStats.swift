/// One consistent reading of a coordinator's counters.
///
/// In every reading `enqueued == pending + active + completed + failed + cancelled`, and no number is negative.
public struct CoordinatorStats: Sendable, Hashable {
    /// Operations accepted so far.
    public var enqueued = 0
    /// Operations waiting in the queue.
    public var pending = 0
    /// Operations whose body is running.
    public var active = 0
    /// Operations whose body returned.
    public var completed = 0
    /// Operations whose body threw.
    public var failed = 0
    /// Operations dropped by cancellation or by a cancel signal, and bodies that gave in to cancellation.
    public var cancelled = 0
    /// Operations that were accepted past the queue's capacity, because a body of the coordinator enqueued them.
    public var overflowed = 0
}
