public import EphemeralTime

/// How a coordinator behaves.
///
/// Every value has a default; a coordinator checks them all when it is made.
///
/// ```swift
/// var options = EphemeralOptions(maxConcurrency: 8)
/// options.signals.sink = sink
/// options.signals.deferOn = ["backpressure.*"]
/// ```
public struct EphemeralOptions: Sendable {
    /// How many bodies run at a time; the number of CPUs by default.
    public var maxConcurrency: Int
    /// Whether the limit may be changed later with `setMaxConcurrency(_:)`.
    public var enableDynamicConcurrency = false
    /// How many accepted items may wait before `enqueue` suspends; `nil` is unbounded.
    public var queueCapacity: Int? = 4096
    /// How many finished operations stay visible; 0 keeps running ones only.
    public var maxTrackedOperations = 200
    /// How long a finished operation stays visible after its end; `nil` is for ever.
    public var maxOperationLifetime: Duration? = .seconds(300)
    /// What is kept of operations that are no longer visible; read it with `echoes()`.
    public var echo = EchoPolicy.none
    /// What the coordinator does about keys, if it has any.
    public var keys = KeyOptions()
    /// What the coordinator does about signals.
    public var signals = SignalOptions()
    /// Who is told of operations that end and leave.
    public var observer: (any CoordinatorObserver)?
    /// Called with all visible operations after operations have ended, at the pace that it takes, the last time after the
    /// last one; draining waits for it.
    public var onSample: (@Sendable (_ snapshot: [OperationSnapshot]) -> Void)?
    /// A name for logs and drain requests.
    public var coordinatorId: String?
    /// The clock of everything that takes time.
    public var time: any TimeSource = .system
    /// The executor of every task that the coordinator creates; `nil` is the global pool.
    public var executor: (any TaskExecutor)?

    /// Creates options.
    ///
    /// - Parameter maxConcurrency: How many bodies run at a time; `nil` is the number of CPUs.
    public init(maxConcurrency: Int? = nil) {
        self.maxConcurrency = maxConcurrency ?? ProcessorCount.available
    }

    /// What a coordinator does about keys.
    public struct KeyOptions: Sendable {
        /// How many operations of one key run at a time.
        public var maxConcurrencyPerKey = 1
        /// Whether keys take turns instead of being served in the order in which their items arrived, and `tryEnqueue`
        /// refuses items of a key that has ``fairSchedulingThreshold`` waiting already.
        public var enableFairScheduling = false
        /// From how many waiting items of one key on `tryEnqueue` refuses more of it.
        public var fairSchedulingThreshold = 10

        /// Creates options for keys that are served one operation at a time, in order of arrival.
        public init() {}
    }

    /// What a coordinator does about signals.
    public struct SignalOptions: Sendable {
        /// The sink that operations' signals are mirrored to and rules look at.
        public var sink: SignalSink?
        /// While a matching signal is live, items are dropped instead of started.
        public var cancelOn: SignalPatternSet = []
        /// While a matching signal is live, nothing starts.
        public var deferOn: SignalPatternSet = []
        /// A matching signal answers all deferring signals that are not newer.
        public var resumeOn: SignalPatternSet = []
        /// A matching signal that is raised after the coordinator was made closes its intake, as ``Coordinator/finish()``
        /// does; what is queued still runs.
        ///
        /// Coordinators act at once, idle ones too. A `forEach`, which waits for elements of its own, is not concerned.
        public var drainOn: SignalPatternSet = []
        /// Whether the coordinator also obeys `coordinator.drain.all`, and `coordinator.drain.id` and
        /// `coordinator.drain.pattern` whose key is, or matches, its ``EphemeralOptions/coordinatorId``.
        public var obeysDrainRequests = true
        /// How many intervals of ``deferCheckInterval`` the head of the queue is held back before it starts regardless;
        /// 0 never defers, `nil` waits for ever.
        public var maxDeferAttempts: Int? = 50
        /// The unit of the allowance above.
        ///
        /// Nothing is polled: the head starts as soon as the signals allow.
        public var deferCheckInterval: Duration = .milliseconds(100)
        /// What operations' signals may lead to; nothing is forbidden by default.
        public var constraints = SignalConstraints.none
        /// Called for every signal that an operation emits, on the emitting task, outside all locks.
        public var onSignal: (@Sendable (_ event: SignalEvent) -> Void)?
        /// Called for every signal that an operation takes back, on its task, outside all locks.
        public var onSignalRetracted: (@Sendable (_ event: SignalRetractedEvent) -> Void)?
        /// Called in the background for every signal that an operation emits.
        ///
        /// Handlers begin in the order of the signals; an error of one is counted and concerns nobody else. Draining does
        /// not wait for them; shutting down does, for 5 seconds at most.
        public var onSignalAsync: (@Sendable (_ event: SignalEvent) async throws -> Void)?
        /// Called in the background for every signal that an operation takes back, as ``onSignalAsync`` is.
        public var onSignalRetractedAsync: (@Sendable (_ event: SignalRetractedEvent) async throws -> Void)?
        /// How many of the background handlers run at a time.
        public var maxConcurrentSignalHandlers = 4
        /// How many signals wait for the background handlers; when there is no room, the oldest is dropped.
        public var maxQueuedSignals = 1000
        /// Whether operations emit `atom.start` and `atom.stop`, and the coordinator raises `coordinator.paused`,
        /// `coordinator.resumed` and `coordinator.cancelled`.
        public var emitLifecycleSignals = false

        /// Creates options that ignore signals.
        public init() {}
    }

    /// Refuses values outside their range.
    package func validate() throws {
        guard maxConcurrency > 0 else {
            throw CoordinatorError.invalid("maxConcurrency", maxConcurrency, "give 1 or more")
        }
        if let queueCapacity, queueCapacity <= 0 {
            throw CoordinatorError.invalid("queueCapacity", queueCapacity, "give 1 or more, or nil for no bound")
        }
        guard maxTrackedOperations >= 0 else {
            throw CoordinatorError.invalid("maxTrackedOperations", maxTrackedOperations, "give 0 or more")
        }
        if let maxOperationLifetime, maxOperationLifetime <= .zero {
            throw CoordinatorError.invalid(
                "maxOperationLifetime",
                maxOperationLifetime,
                "give a positive time, or nil for ever"
            )
        }
        try echo.validate()
        guard keys.maxConcurrencyPerKey > 0 else {
            throw CoordinatorError.invalid("keys.maxConcurrencyPerKey", keys.maxConcurrencyPerKey, "give 1 or more")
        }
        guard keys.fairSchedulingThreshold > 0 else {
            throw CoordinatorError.invalid(
                "keys.fairSchedulingThreshold",
                keys.fairSchedulingThreshold,
                "give 1 or more"
            )
        }
        if let attempts = signals.maxDeferAttempts, attempts < 0 {
            throw CoordinatorError.invalid("signals.maxDeferAttempts", attempts, "give 0 or more, or nil for ever")
        }
        guard signals.deferCheckInterval > .zero else {
            throw CoordinatorError.invalid(
                "signals.deferCheckInterval",
                signals.deferCheckInterval,
                "give a positive time"
            )
        }
        guard signals.maxConcurrentSignalHandlers > 0 else {
            throw CoordinatorError.invalid(
                "signals.maxConcurrentSignalHandlers",
                signals.maxConcurrentSignalHandlers,
                "give 1 or more"
            )
        }
        guard signals.maxQueuedSignals > 0 else {
            throw CoordinatorError.invalid("signals.maxQueuedSignals", signals.maxQueuedSignals, "give 1 or more")
        }
    }

    /// How long one head of the queue is held back, in nanoseconds.
    var deferralAllowance: Int64? {
        signals.maxDeferAttempts.map { signals.deferCheckInterval.allowance(times: $0) }
    }
}

extension Duration {
    /// So many times the duration, in nanoseconds, clamped.
    func allowance(times attempts: Int) -> Int64 {
        let (product, overflow) = clampedNanoseconds.multipliedReportingOverflow(by: Int64(attempts))
        return overflow ? .max : product
    }
}
