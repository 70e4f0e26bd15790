/// The right to work on a job for a while, and the proof of it.
public struct JobLease: Sendable, Hashable {
    /// The queue of the job.
    public var queue: String
    /// The job.
    public var job: JobID
    /// What fences off everybody who held a lease before.
    public var token: LeaseToken

    /// Creates a lease; stores do.
    public init(queue: String, job: JobID, token: LeaseToken) {
        self.queue = queue
        self.job = job
        self.token = token
    }
}

/// A job together with the lease on it.
public struct ClaimedJob: Sendable, Hashable {
    /// The job.
    public var job: Job
    /// The lease on it.
    public var lease: JobLease

    /// Creates a claimed job; stores do.
    public init(job: Job, lease: JobLease) {
        self.job = job
        self.lease = lease
    }
}

/// What a worker asks for.
public struct ClaimRequest: Sendable, Hashable {
    /// Who asks.
    public var worker: WorkerID
    /// The queues to look into; among jobs of one priority those of an earlier queue come first.
    public var queues: [String]
    /// How many jobs at most; 1 or more.
    public var count: Int
    /// How long the leases last without a heartbeat.
    public var lease: Duration
    /// How long to wait for a job when there is none; zero does not wait.
    public var patience: Duration
    /// The priorities in the order in which to look; strict by default.
    public var priorities: [JobPriority]

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - worker: Who asks.
    ///   - queues: The queues to look into.
    ///   - count: How many jobs at most; 1 or more.
    ///   - lease: How long the leases last without a heartbeat.
    ///   - patience: How long to wait for a job when there is none; zero does not wait.
    ///   - priorities: The priorities in the order in which to look.
    public init(
        worker: WorkerID,
        queues: [String],
        count: Int,
        lease: Duration,
        patience: Duration = .zero,
        priorities: [JobPriority] = JobPriority.allCases
    ) {
        self.worker = worker
        self.queues = queues
        self.count = count
        self.lease = lease
        self.patience = patience
        self.priorities = priorities
    }

    /// Refuses what no store may take; every store calls this before it claims.
    ///
    /// - Throws: ``ProcessingError`` with code `invalidArgument`.
    public func validate() throws {
        func refuse(_ message: String) -> ProcessingError { ProcessingError(code: .invalidArgument, message: message) }
        guard count >= 1 else { throw refuse("a claim asks for \(count) jobs; it must ask for 1 or more") }
        guard lease > .zero else { throw refuse("a claim asks for a lease of \(lease); it must be more than zero") }
        guard !queues.isEmpty else { throw refuse("a claim names no queue; it must name at least one") }
    }
}

/// What a worker says from time to time: that it lives, and which leases it holds.
public struct Heartbeat: Sendable, Hashable {
    /// Who says it.
    public var worker: WorkerID
    /// The queues that it works on.
    public var queues: [String]
    /// The leases to extend.
    public var leases: [JobLease]
    /// How long the leases last from now on.
    public var lease: Duration

    /// Creates a heartbeat.
    ///
    /// - Parameters:
    ///   - worker: Who says it.
    ///   - queues: The queues that it works on.
    ///   - leases: The leases to extend; may be none.
    ///   - lease: How long the leases last from now on.
    public init(worker: WorkerID, queues: [String], leases: [JobLease], lease: Duration) {
        self.worker = worker
        self.queues = queues
        self.leases = leases
        self.lease = lease
    }
}
