public import Ephemeral
public import EphemeralTime

/// How a batching atom behaves.
public struct BatchingOptions: Sendable {
    /// How many items a batch has at most; a batch of that size is handed over at once.
    public var maxBatchSize = 32
    /// How long an item waits at most for its batch to fill.
    public var flushInterval: Duration = .seconds(1)
    /// How many items may wait in all, those of full batches included; `nil` is unbounded.
    public var maxBuffered: Int?
    /// How many finished batches stay visible.
    public var maxTracked = 200
    /// The sink that `batch.flushed:{size}`, `batch.failed:{size}` and what bodies emit are mirrored to.
    public var signals: SignalSink?
    /// The clock of the interval.
    public var time: any TimeSource = .system
    /// The executor of every task that the atom creates; `nil` is the global pool.
    public var executor: (any TaskExecutor)?

    /// Creates options.
    ///
    /// - Parameters:
    ///   - maxBatchSize: How many items a batch has at most.
    ///   - flushInterval: How long an item waits at most for its batch to fill.
    ///   - signals: The sink that signals are mirrored to.
    public init(maxBatchSize: Int = 32, flushInterval: Duration = .seconds(1), signals: SignalSink? = nil) {
        self.maxBatchSize = maxBatchSize
        self.flushInterval = flushInterval
        self.signals = signals
    }

    func validate() throws {
        guard maxBatchSize > 0 else { throw CoordinatorError.invalid("maxBatchSize", maxBatchSize, "give 1 or more") }
        guard flushInterval > .zero else {
            throw CoordinatorError.invalid("flushInterval", flushInterval, "give a positive time")
        }
        if let maxBuffered, maxBuffered < maxBatchSize {
            throw CoordinatorError.invalid(
                "maxBuffered",
                maxBuffered,
                "give at least maxBatchSize, which is \(maxBatchSize), or no batch is ever full"
            )
        }
    }

    /// One batch at a time, and as many waiting as there are.
    var coordinatorOptions: EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: 1)
        options.queueCapacity = nil
        options.maxTrackedOperations = maxTracked
        options.signals.sink = signals
        // The end of a batching atom has to flush what it holds: it is asked for through the atom alone.
        options.signals.obeysDrainRequests = false
        (options.time, options.executor) = (time, executor)
        return options
    }
}
