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

    /// Creates a reading, for types that count on their own.
    ///
    /// - Parameters:
    ///   - enqueued: Operations accepted so far.
    ///   - pending: Operations waiting in the queue.
    ///   - active: Operations whose body is running.
    ///   - completed: Operations whose body returned.
    ///   - failed: Operations whose body threw.
    ///   - cancelled: Operations dropped, or given up by their body.
    ///   - overflowed: Operations accepted past the queue's capacity.
    public init(
        enqueued: Int = 0,
        pending: Int = 0,
        active: Int = 0,
        completed: Int = 0,
        failed: Int = 0,
        cancelled: Int = 0,
        overflowed: Int = 0
    ) {
        self.enqueued = enqueued
        self.pending = pending
        self.active = active
        self.completed = completed
        self.failed = failed
        self.cancelled = cancelled
        self.overflowed = overflowed
    }
}
