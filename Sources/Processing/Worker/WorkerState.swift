/// What a worker holds and has done; a value that knows no task and no clock.
struct WorkerState: Sendable {
    typealias Instant = ContinuousClock.Instant

    enum Lifecycle: Sendable {
        case fresh
        case running
        case stopping
        case stopped
    }

    struct Held: Sendable {
        let claimed: ClaimedJob
        /// When its lease was last extended, as far as is certain.
        var renewedAt: Instant
        var isStarted = false
        var cancel: (@Sendable () -> Void)?
    }

    private(set) var lifecycle = Lifecycle.fresh
    private(set) var held: [LeaseToken: Held] = [:]
    private(set) var stats = WorkerStats()
    private(set) var graceEnds: Instant?
    private(set) var isHandingBack = false
    private(set) var lastAnswer: Instant?
    private(set) var problem: String?
    var queues: [String] = []

    // Life

    mutating func start(queues: [String]) -> Bool {
        guard lifecycle == .fresh else { return false }
        lifecycle = .running
        self.queues = queues
        return true
    }

    /// Begins to stop, or makes the end come sooner.
    ///
    /// - Returns: Whether this was the beginning.
    mutating func stop(until end: Instant) -> Bool {
        graceEnds = graceEnds.map { min($0, end) } ?? end
        guard lifecycle == .fresh || lifecycle == .running else { return false }
        lifecycle = lifecycle == .fresh ? .stopped : .stopping
        return true
    }

    mutating func end() { lifecycle = .stopped }

    var isStopping: Bool { lifecycle == .stopping || lifecycle == .stopped }

    // Store

    mutating func noteAnswer(at now: Instant) {
        lastAnswer = now
        problem = nil
    }

    mutating func noteProblem(_ text: String) { problem = text }

    // Jobs

    mutating func hold(_ jobs: [ClaimedJob], since now: Instant) {
        for job in jobs { held[job.lease.token] = Held(claimed: job, renewedAt: now) }
        stats.claimed += jobs.count
    }

    /// An attempt is about to begin.
    ///
    /// - Returns: Whether it may; its job is taken out otherwise.
    mutating func begin(_ token: LeaseToken) -> Bool {
        guard held[token] != nil, !isStopping else { return false }
        held[token]?.isStarted = true
        return true
    }

    /// - Returns: Whether the lease is still held.
    mutating func attach(_ token: LeaseToken, cancel: @escaping @Sendable () -> Void) -> Bool {
        guard held[token] != nil, !isHandingBack else { return false }
        held[token]?.cancel = cancel
        return true
    }

    func holds(_ token: LeaseToken) -> Bool { held[token] != nil }

    /// An attempt has ended.
    mutating func end(_ token: LeaseToken, _ outcome: SettlementOutcome) {
        held[token] = nil
        switch outcome {
        case .done: stats.done += 1
        case .delayed: stats.retried += 1
        case .buried: stats.buried += 1
        case .released: stats.released += 1
        case .leaseLost: stats.leasesLost += 1
        }
    }

    /// Lets go of jobs.
    ///
    /// - Returns: What was held.
    mutating func drop(where condition: (Held) -> Bool) -> [Held] {
        let dropped = inOrder.filter(condition)
        for dropped in dropped { held[dropped.claimed.lease.token] = nil }
        return dropped
    }

    /// What is held, in the order of its tokens: that of a dictionary differs from process to process.
    private var inOrder: [Held] { held.sorted { $0.key.rawValue < $1.key.rawValue }.map(\.value) }

    /// The leases of what is held.
    var leases: [JobLease] { inOrder.map(\.claimed.lease) }

    mutating func noteReleased(_ count: Int) { stats.released += count }

    mutating func noteLost(_ count: Int) { stats.leasesLost += count }

    mutating func renew(_ tokens: some Sequence<LeaseToken>, since now: Instant) {
        for token in tokens { held[token]?.renewedAt = now }
    }

    /// The grace is over.
    ///
    /// - Returns: What to cancel.
    mutating func handBack() -> [@Sendable () -> Void] {
        isHandingBack = true
        return inOrder.compactMap(\.cancel)
    }
}

/// One consistent reading of a worker's counters since it was made.
public struct WorkerStats: Sendable, Hashable {
    /// Jobs that were claimed.
    public internal(set) var claimed = 0
    /// Attempts that ended with success, and the store knows it.
    public internal(set) var done = 0
    /// Attempts that failed and will be followed by another.
    public internal(set) var retried = 0
    /// Attempts that failed and made a dead letter.
    public internal(set) var buried = 0
    /// Jobs that were handed back.
    public internal(set) var released = 0
    /// Attempts whose lease was lost, so that their result was discarded.
    public internal(set) var leasesLost = 0
}

/// How a worker is.
public struct WorkerHealth: Sendable, Hashable {
    /// Whether it claims jobs.
    public var isRunning: Bool
    /// Jobs that it holds: running ones, and claimed ones that wait for their turn.
    public var held: Int
    /// How long ago the store last answered it; `nil` is never.
    public var sinceLastAnswer: Duration?
    /// What the store said instead of its last answer.
    public var problem: String?
    /// What it has done.
    public var stats: WorkerStats

    /// Whether it claims jobs and the store answers.
    public var isHealthy: Bool { isRunning && problem == nil }
}
