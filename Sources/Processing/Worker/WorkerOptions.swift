/// How a ``ProcessingWorker`` behaves.
public struct WorkerOptions: Sendable {
    /// How many processors run at a time.
    public var maxWorkers = 3
    /// How many jobs are claimed ahead of the running ones: more for throughput, none so that no job waits for a slow one.
    public var prefetch = 0
    /// The queues, of which earlier ones come first within a priority; `nil` is all that have ever had a job.
    public var queues: [String]?
    /// How long a lease lasts without a sign of life.
    public var lease: Duration = .seconds(30)
    /// How long running jobs may go on after ``ProcessingWorker/stop(grace:)``.
    public var grace: Duration = .seconds(30)
    /// How long cancelled processors may take to give in before their jobs are handed back over their heads.
    public var cancellationPatience: Duration = .milliseconds(500)
    /// How long to wait between attempts of a job.
    public var retry = RetryPolicy()
    /// How long to wait between calls of a store that does not answer.
    public var reconnect = RetryPolicy(base: .milliseconds(50), cap: .seconds(5))
    /// Every how manieth claim looks at the least urgent jobs first, so that they come at last; `nil` is strict.
    public var fairness: Int?
    /// How long one claim waits for a job.
    public var patience: Duration = .seconds(2)
    /// How often delayed jobs are looked at.
    public var promoteInterval: Duration = .milliseconds(250)
    /// How often the manager's ``ProcessingManager/sweep()`` is called.
    public var sweepInterval: Duration = .seconds(60)

    /// Creates options.
    ///
    /// - Parameters:
    ///   - maxWorkers: How many processors run at a time.
    ///   - queues: The queues; `nil` is all that have ever had a job.
    public init(maxWorkers: Int = 3, queues: [String]? = nil) {
        self.maxWorkers = maxWorkers
        self.queues = queues
    }

    func validate() throws {
        guard maxWorkers >= 1 else { throw ProcessingError.invalid("maxWorkers", maxWorkers, "give 1 or more") }
        guard prefetch >= 0 else { throw ProcessingError.invalid("prefetch", prefetch, "give 0 or more") }
        if let queues, queues.isEmpty || queues.contains("") {
            throw ProcessingError.invalid("queues", queues, "give names, or nil for all queues")
        }
        let positive: [(String, Duration)] = [
            ("lease", lease), ("patience", patience), ("promoteInterval", promoteInterval),
            ("sweepInterval", sweepInterval),
        ]
        for (name, value) in positive where value <= .zero {
            throw ProcessingError.invalid(name, value, "give more than zero")
        }
        guard grace >= .zero else { throw ProcessingError.invalid("grace", grace, "give zero or more") }
        guard cancellationPatience >= .zero else {
            throw ProcessingError.invalid("cancellationPatience", cancellationPatience, "give zero or more")
        }
        if let fairness, fairness < 2 { throw ProcessingError.invalid("fairness", fairness, "give 2 or more, or nil") }
        try retry.validate("retry")
        try reconnect.validate("reconnect")
    }
}
