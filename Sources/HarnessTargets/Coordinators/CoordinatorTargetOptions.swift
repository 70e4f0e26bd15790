import Ephemeral
import EphemeralTime
import HarnessKit

/// The options of targets that are coordinators: the library's own, all optional, with the library's defaults.
struct CoordinatorTargetOptions: Codable, Sendable {
    var maxConcurrency: Int?
    var enableDynamicConcurrency: Bool?
    var queueCapacity: Int?
    var unboundedQueue: Bool?
    var maxTrackedOperations: Int?
    var maxOperationLifetime: DurationText?
    var cancelOnSignals: SignalPatterns?
    var deferOnSignals: SignalPatterns?
    var resumeOnSignals: SignalPatterns?
    var maxDeferAttempts: Int?
    var deferCheckInterval: DurationText?

    static let descriptions = [
        "maxConcurrency": "How many bodies run at a time; the number of CPUs when absent.",
        "enableDynamicConcurrency": "Whether the limit may change during the run; false when absent.",
        "queueCapacity": "How many accepted operations may wait before submitting suspends; 4096 when absent.",
        "unboundedQueue": "Whether the queue has no bound; takes the place of queueCapacity.",
        "maxTrackedOperations": "How many finished operations stay visible; 200 when absent.",
        "maxOperationLifetime": "How long a finished operation stays visible; 5 minutes when absent.",
        "cancelOnSignals": "While a matching signal is live, operations are dropped instead of started.",
        "deferOnSignals": "While a matching signal is live, nothing starts.",
        "resumeOnSignals": "A matching signal answers all older deferring signals.",
        "maxDeferAttempts": "How many intervals the head of the queue is held back at most; 50 when absent.",
        "deferCheckInterval": "The length of one such interval; 100 ms when absent.",
    ]

    /// The library's options.
    func options(_ environment: TargetEnvironment, sink: SignalSink?) -> EphemeralOptions {
        var options = EphemeralOptions(maxConcurrency: maxConcurrency)
        options.time = environment.time
        options.executor = environment.executor
        options.signals.sink = sink
        if let enableDynamicConcurrency { options.enableDynamicConcurrency = enableDynamicConcurrency }
        if let queueCapacity { options.queueCapacity = queueCapacity }
        if unboundedQueue == true { options.queueCapacity = nil }
        if let maxTrackedOperations { options.maxTrackedOperations = maxTrackedOperations }
        if let maxOperationLifetime { options.maxOperationLifetime = maxOperationLifetime.duration }
        if let cancelOnSignals { options.signals.cancelOn = SignalPatternSet(cancelOnSignals.patterns) }
        if let deferOnSignals { options.signals.deferOn = SignalPatternSet(deferOnSignals.patterns) }
        if let resumeOnSignals { options.signals.resumeOn = SignalPatternSet(resumeOnSignals.patterns) }
        if let maxDeferAttempts { options.signals.maxDeferAttempts = maxDeferAttempts }
        if let deferCheckInterval { options.signals.deferCheckInterval = deferCheckInterval.duration }
        return options
    }

    /// Checks the ranges that the library checks, under the names of the scenario.
    func validate() throws {
        for (option, value, least) in [
            ("maxConcurrency", maxConcurrency, 1), ("queueCapacity", queueCapacity, 1),
            ("maxTrackedOperations", maxTrackedOperations, 0), ("maxDeferAttempts", maxDeferAttempts, 0),
        ] {
            guard let value, value < least else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give \(least) or more")
        }
        for (option, value) in [
            ("maxOperationLifetime", maxOperationLifetime), ("deferCheckInterval", deferCheckInterval),
        ] {
            guard let value, value.duration <= .zero else { continue }
            throw PluginOptionError(option: option, message: "is \(value.text); give a positive time")
        }
        if queueCapacity != nil, unboundedQueue == true {
            throw PluginOptionError(
                option: "unboundedQueue",
                message: "contradicts queueCapacity; leave one of them out"
            )
        }
    }
}

extension TargetAccounting {
    init(_ stats: CoordinatorStats) {
        self.init()
        enqueued = stats.enqueued
        pending = stats.pending
        active = stats.active
        completed = stats.completed
        failed = stats.failed
        cancelled = stats.cancelled
    }
}
