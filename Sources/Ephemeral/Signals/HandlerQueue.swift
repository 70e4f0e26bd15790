internal import DequeModule

/// What waits for a bounded number of handlers, as a pure value: the queue, its workers and the counters.
///
/// Workers exist while there is work and end when there is none, so that an idle queue costs nothing.
struct HandlerQueue<Value: Sendable>: Sendable {
    typealias Continuation = FlushWaiters.Continuation

    /// A value with the number of its arrival.
    struct Entry: Sendable {
        let number: UInt64
        let value: Value
    }

    /// What became of a value that was handed over.
    struct Arrival: Sendable {
        var isAccepted = false
        /// The worker to start for it.
        var worker: Int?
        var ready: [Continuation] = []
    }

    /// What a worker gets when it asks for work; without an entry it ends.
    struct Turn: Sendable {
        var entry: Entry?
        var ready: [Continuation] = []
    }

    /// What to do after the lock is released when the queue was given up.
    struct Abandonment: Sendable {
        var tasks: [Task<Void, Never>] = []
        var ready: [Continuation] = []
    }

    private let capacity: Int
    private let maxWorkers: Int
    private let overflow: SignalOverflowPolicy
    private var queue: Deque<Entry> = []
    private var counters = SignalHandlerStats()
    private var lastNumber: UInt64 = 0
    private var isOpen = true
    private var isAbandoned = false
    private var workers = 0
    private var lastWorker = 0
    private var tasks: [Int: Task<Void, Never>] = [:]
    /// Workers that ended before their task was registered.
    private var endedEarly: Set<Int> = []
    var waiters = FlushWaiters()

    init(capacity: Int, maxWorkers: Int, overflow: SignalOverflowPolicy) {
        self.capacity = capacity
        self.maxWorkers = maxWorkers
        self.overflow = overflow
    }

    var stats: SignalHandlerStats {
        var stats = counters
        stats.queued = queue.count
        return stats
    }

    /// Values that have not ended.
    private var remaining: Int { queue.count + counters.running }

    mutating func enqueue(_ value: Value) -> Arrival {
        counters.enqueued += 1
        var arrival = Arrival()
        if !isOpen || (overflow == .dropNewest && queue.count >= capacity) {
            counters.dropped += 1
            return arrival
        }
        lastNumber += 1
        queue.append(Entry(number: lastNumber, value: value))
        arrival.isAccepted = true
        if queue.count > capacity { arrival.ready = dropFirst() }
        if workers < maxWorkers, workers - counters.running < queue.count {
            workers += 1
            lastWorker += 1
            arrival.worker = lastWorker
        }
        return arrival
    }

    private mutating func dropFirst() -> [Continuation] {
        guard let oldest = queue.popFirst() else { return [] }
        counters.dropped += 1
        return waiters.ended(oldest.number)
    }

    /// The task of a worker exists.
    ///
    /// - Returns: Whether it is to be cancelled at once.
    mutating func register(_ task: Task<Void, Never>, worker: Int) -> Bool {
        if endedEarly.remove(worker) != nil { return false }
        tasks[worker] = task
        return isAbandoned
    }

    /// A worker asks for work, for the first time or because its handler has ended.
    mutating func next(worker: Int, finished: (number: UInt64, hasFailed: Bool)?) -> Turn {
        var turn = Turn()
        if let finished {
            counters.running -= 1
            if finished.hasFailed { counters.failed += 1 } else { counters.processed += 1 }
            turn.ready = waiters.ended(finished.number)
        }
        turn.entry = queue.popFirst()
        if turn.entry != nil {
            counters.running += 1
        } else {
            workers -= 1
            if tasks.removeValue(forKey: worker) == nil { endedEarly.insert(worker) }
        }
        return turn
    }

    /// Registers a caller that waits until everything has ended that was accepted so far.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(_ waiter: UInt64, _ continuation: Continuation) -> Result<Void, any Error>? {
        waiters.add(waiter, after: lastNumber, remaining: remaining, continuation)
    }

    /// Accepts nothing more.
    mutating func close() { isOpen = false }

    /// Accepts nothing more, drops what waits and cancels what runs.
    mutating func abandon() -> Abandonment {
        isOpen = false
        isAbandoned = true
        // In the order of their workers: that of a dictionary differs from process to process.
        var abandonment = Abandonment(tasks: tasks.sorted { $0.key < $1.key }.map(\.value))
        while !queue.isEmpty { abandonment.ready += dropFirst() }
        return abandonment
    }
}
