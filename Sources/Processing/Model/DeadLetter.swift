public import EphemeralTime

/// Why a job will not be tried again by itself.
public struct DeathReason: TextIdentity {
    /// The word that stands for it in stores and reports.
    public let rawValue: String

    /// Takes a reason from a store.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Its last attempt has failed.
    public static let attemptsExhausted = DeathReason(rawValue: "attempts-exhausted")
    /// The worker of its last attempt was lost.
    public static let leaseExpired = DeathReason(rawValue: "lease-expired")
    /// No processor has its name.
    public static let unknownProcessor = DeathReason(rawValue: "unknown-processor")
    /// Its payload cannot be decoded.
    public static let malformedPayload = DeathReason(rawValue: "malformed-payload")
    /// Its processor has said that trying again will not help.
    public static let refused = DeathReason(rawValue: "refused")
}

/// A job that is kept for somebody to look at.
public struct DeadLetter: Sendable, Hashable {
    /// The job, with all its attempts counted.
    public var job: Job
    /// Why it is here.
    public var reason: DeathReason
    /// The error of its last attempt.
    public var error: String
    /// The worker of its last attempt, if it is known.
    public var worker: WorkerID?
    /// When it came here, by the store's clock.
    public var diedAt: WallTime

    /// Creates a dead letter; stores do.
    public init(job: Job, reason: DeathReason, error: String, worker: WorkerID?, diedAt: WallTime) {
        self.job = job
        self.reason = reason
        self.error = error
        self.worker = worker
        self.diedAt = diedAt
    }
}

/// Which dead letters of a queue are meant.
@nonexhaustive
public enum DeadLetterSelection: Sendable, Hashable {
    /// All of them.
    case all
    /// Those of these jobs.
    case jobs([JobID])
    /// Those of a processor.
    case operation(String)
    /// Those that have been here for longer.
    case olderThan(Duration)
}
