internal import Ephemeral
public import EphemeralTime

/// How a priority processor behaves.
public struct PriorityProcessorOptions: Sendable {
    /// How many items in a row have to fail before the processor counts as unhealthy.
    public var failureThreshold = 3
    /// How many items are processed at a time; `nil`, 0 and less are the number of CPUs.
    public var maxConcurrency: Int?
    /// Within which time the failures have to lie.
    public var failureWindow: Duration = .seconds(10)
    /// How long an unhealthy processor waits before it is tried again.
    public var probeInterval: Duration = .seconds(5)
    /// What finds out whether the processor works again; `nil` lets a real item find out.
    ///
    /// `false` and an error mean that it does not.
    public var probe: (@Sendable () async throws -> Bool)?
    /// Whether an item that failed is processed once more, by a backup, if there is one.
    public var retryFailedOnBackup = false
    /// How many items may wait before `enqueue` suspends; `nil` is unbounded.
    ///
    /// Items of a failover always find room.
    public var queueCapacity: Int? = 4096
    /// How many processed items stay visible.
    public var maxTracked = 200
    /// The clock of windows and intervals.
    public var time: any TimeSource = .system
    /// The executor of every task that the processor creates; `nil` is the global pool.
    public var executor: (any TaskExecutor)?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - failureThreshold: How many items in a row have to fail before the processor counts as unhealthy.
    ///   - maxConcurrency: How many items are processed at a time.
    public init(failureThreshold: Int = 3, maxConcurrency: Int? = nil) {
        self.failureThreshold = failureThreshold
        self.maxConcurrency = maxConcurrency
    }

    func validate(priority: Int) throws {
        guard priority >= 1 else {
            throw CoordinatorError.invalid("priority", priority, "give 1 for the highest, or more")
        }
        guard failureThreshold > 0 else {
            throw CoordinatorError.invalid("failureThreshold", failureThreshold, "give 1 or more")
        }
        guard failureWindow > .zero else {
            throw CoordinatorError.invalid("failureWindow", failureWindow, "give a positive time")
        }
        guard probeInterval > .zero else {
            throw CoordinatorError.invalid("probeInterval", probeInterval, "give a positive time")
        }
        if let queueCapacity, queueCapacity <= 0 {
            throw CoordinatorError.invalid("queueCapacity", queueCapacity, "give 1 or more, or nil for no bound")
        }
    }

    /// The group decides what starts; the coordinator runs it.
    func coordinatorOptions(sink: SignalSink) -> EphemeralOptions {
        var options = EphemeralOptions(atomLimit: maxConcurrency, signals: sink)
        options.queueCapacity = nil
        options.maxTrackedOperations = maxTracked
        options.signals.obeysDrainRequests = false
        (options.time, options.executor) = (time, executor)
        return options
    }
}
