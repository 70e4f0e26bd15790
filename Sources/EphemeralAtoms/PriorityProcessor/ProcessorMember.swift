internal import DequeModule
internal import Ephemeral
internal import EphemeralTime

/// An item on its way through a group.
struct ProcessorJob: Sendable {
    let id: OperationID
    let item: String
    /// The priority of the member that it was brought to: none above it may process it.
    let addressed: Int
    var wasRetried = false
}

/// What a member is to do.
enum ProcessorWork: Sendable {
    /// Process an item; `epoch` tells what came before and after the member became unhealthy.
    case item(ProcessorJob, epoch: Int, isCanary: Bool)
    /// Find out whether the member works again.
    case probe(epoch: Int)
}

/// One processor of a group as a pure value: what waits for it, and how it fares.
struct ProcessorMember: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Where an unhealthy member is on its way back.
    enum Probing: Sendable {
        case no
        /// The alarm is set.
        case waiting
        /// A probe or an item is under way.
        case testing
        /// The next item is the one that finds out.
        case awaitingItem
    }

    let id: UInt64
    let priority: Int
    let limit: Int
    let threshold: Int
    let window: Duration
    let interval: Duration
    let hasProbe: Bool
    let retriesOnBackup: Bool
    let capacity: Int
    var queue: Deque<ProcessorJob> = []
    var isOpen = true
    /// Whether nobody holds it any more.
    var isReleased = false
    private(set) var isHealthy = true
    /// Grows whenever the member becomes unhealthy or healthy.
    private(set) var epoch = 0
    private(set) var consecutiveFailures = 0
    /// The last failures in a row, as many as the threshold.
    private var failures: Deque<Instant> = []
    var probing = Probing.no
    var alarms = AlarmOrders()
    var stats = PriorityProcessorStats()
    /// When it was given something last, in turns of the group.
    var lastTurn: UInt64 = 0

    init(id: UInt64, priority: Int, limit: Int, options: PriorityProcessorOptions) {
        self.id = id
        self.priority = priority
        self.limit = limit
        threshold = options.failureThreshold
        window = options.failureWindow
        interval = options.probeInterval
        hasProbe = options.probe != nil
        retriesOnBackup = options.retryFailedOnBackup
        capacity = options.queueCapacity ?? .max
    }

    var isIdle: Bool { queue.isEmpty && stats.active == 0 }
    var hasRoom: Bool { queue.count < capacity }

    /// An item has come here.
    mutating func receive(_ job: ProcessorJob, first: Bool = false) {
        stats.received += 1
        stats.pending += 1
        if first { queue.prepend(job) } else { queue.append(job) }
    }

    /// Takes out an item that waits here, to start it or to move it.
    mutating func take(at index: Int) -> ProcessorJob {
        stats.pending -= 1
        return queue.remove(at: index)
    }

    /// An item has failed.
    ///
    /// - Returns: Whether the member has become unhealthy by it.
    mutating func fail(now: Instant) -> Bool {
        consecutiveFailures += 1
        failures.append(now)
        if failures.count > threshold { failures.removeFirst() }
        guard isHealthy, failures.count == threshold, let oldest = failures.first else { return false }
        guard oldest.duration(to: now) <= window else { return false }
        isHealthy = false
        epoch += 1
        return true
    }

    /// An item was processed: failures are no longer in a row.
    mutating func succeed() {
        consecutiveFailures = 0
        failures.removeAll()
    }

    /// Forgets all failures.
    ///
    /// - Returns: Whether the member was unhealthy.
    mutating func restore() -> Bool {
        succeed()
        guard !isHealthy else { return false }
        isHealthy = true
        epoch += 1
        probing = .no
        return true
    }
}
