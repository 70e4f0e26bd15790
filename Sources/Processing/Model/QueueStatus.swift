/// One consistent reading of a queue.
///
/// In every reading ``accounted`` equals ``enqueued``: a job is in exactly one of these places.
public struct QueueStatus: Sendable, Hashable {
    /// The queue.
    public var queue: String
    /// Jobs that can be claimed, by priority.
    public var waiting: [JobPriority: Int] = [:]
    /// For each priority with such jobs, how long ago the one at the front was enqueued.
    public var oldestWaiting: [JobPriority: Duration] = [:]
    /// Jobs that somebody holds a lease on.
    public var running = 0
    /// Jobs whose time has not come.
    public var delayed = 0
    /// Jobs that are kept as dead letters.
    public var dead = 0
    /// Jobs done so far.
    public var done = 0
    /// Dead letters discarded so far.
    public var discarded = 0
    /// Jobs stored so far.
    public var enqueued = 0
    /// Attempts that failed and were followed by another, so far.
    public var retried = 0
    /// Leases that had run out when somebody looked, so far.
    public var expiredLeases = 0
    /// The workers of the queue, and how long ago each was last heard of.
    public var workers: [WorkerID: Duration] = [:]

    /// Creates the reading of an empty queue; stores fill it.
    public init(queue: String) { self.queue = queue }

    /// All jobs that can be claimed.
    public var totalWaiting: Int { waiting.values.reduce(0, +) }

    /// All jobs that are somewhere.
    public var accounted: Int { totalWaiting + running + delayed + dead + done + discarded }
}

/// How a store is.
public struct StoreHealth: Sendable, Hashable {
    /// What is wrong and keeps the store from working.
    public var problems: [String] = []
    /// What is not as it should be but does not keep the store from working.
    public var warnings: [String] = []
    /// Figures for people, by name.
    public var facts: [String: String] = [:]

    /// Creates the reading of a store without a fault.
    public init() {}

    /// Whether the store works.
    public var isHealthy: Bool { problems.isEmpty }
}
