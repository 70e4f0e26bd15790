/// How an attempt ended.
@nonexhaustive
public enum JobVerdict: Sendable, Hashable {
    /// With success: the job is done.
    case done
    /// With an error that may pass: the attempt counts, and the job comes back after a while, or becomes a dead letter
    /// when this was its last attempt.
    case retry(after: Duration, error: String)
    /// With an error that will not pass: the job becomes a dead letter.
    case bury(DeathReason, error: String)
    /// It did not begin, or was cut short by a shutdown: the job goes back and no attempt is counted.
    case release
}

/// The end of an attempt, as it is reported to a store.
public struct JobSettlement: Sendable, Hashable {
    /// The lease under which the attempt was made.
    public var lease: JobLease
    /// How it ended.
    public var verdict: JobVerdict

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - lease: The lease under which the attempt was made.
    ///   - verdict: How it ended.
    public init(_ lease: JobLease, _ verdict: JobVerdict) {
        self.lease = lease
        self.verdict = verdict
    }
}

/// What a report has led to.
@nonexhaustive
public enum SettlementOutcome: Sendable, Hashable {
    /// The job is done.
    case done
    /// The job will be tried again.
    case delayed
    /// The job is a dead letter.
    case buried
    /// The job waits again as if it had never been claimed.
    case released
    /// The lease had been lost: nothing has changed, the attempt does not count, its result is to be discarded.
    case leaseLost
}

/// What became of leases that had run out.
public struct ReapReport: Sendable, Hashable {
    /// Jobs that wait again.
    public var returned: [JobID]
    /// Jobs that have become dead letters because this was their last attempt.
    public var buried: [JobID]

    /// Creates a report; stores do.
    public init(returned: [JobID] = [], buried: [JobID] = []) {
        self.returned = returned
        self.buried = buried
    }
}

/// What became of delayed jobs.
public struct PromotionReport: Sendable, Hashable {
    /// How many wait to be claimed now.
    public var promoted: Int
    /// How long until the next one is due, if the store knows.
    public var nextDue: Duration?

    /// Creates a report; stores do.
    public init(promoted: Int = 0, nextDue: Duration? = nil) {
        self.promoted = promoted
        self.nextDue = nextDue
    }
}
