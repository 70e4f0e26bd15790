public import Ephemeral

/// How a ``ReactiveFanOutPipeline`` behaves.
public struct ReactiveFanOutOptions: Sendable {
    /// How many items are in the first stage at a time while it is not throttled.
    public var stage1MaxConcurrency: Int
    /// How many while it is.
    public var stage1MinConcurrency = 1
    /// How many items are in the second stage at a time.
    public var stage2MaxConcurrency: Int
    /// From how many items that wait for the second stage on the first is throttled.
    public var backpressureThreshold = 32
    /// Down to how many it has to come before the first stage is let go again.
    public var reliefThreshold = 8
    /// How long the first stage stays throttled at least, counted from the last reason.
    public var adjustCooldown: Duration = .milliseconds(200)
    /// Where the pipeline and both stages raise their signals; `nil` leaves the sink of ``stages``.
    public var sink: SignalSink?
    /// What both stages have in common: clock, executor, capacity, window, rules.
    ///
    /// Limits and sink are replaced.
    public var stages = EphemeralOptions()

    /// Creates options.
    ///
    /// - Parameters:
    ///   - stage1MaxConcurrency: How many items are in the first stage at a time while it is not throttled.
    ///   - stage2MaxConcurrency: How many items are in the second stage at a time.
    ///   - sink: Where signals are raised.
    public init(stage1MaxConcurrency: Int = 8, stage2MaxConcurrency: Int = 4, sink: SignalSink? = nil) {
        self.stage1MaxConcurrency = stage1MaxConcurrency
        self.stage2MaxConcurrency = stage2MaxConcurrency
        self.sink = sink
    }

    func validate() throws {
        try Validation.positive(stage1MinConcurrency, "stage1MinConcurrency")
        try Validation.ordered(
            stage1MinConcurrency,
            "stage1MinConcurrency",
            stage1MaxConcurrency,
            "stage1MaxConcurrency"
        )
        try Validation.positive(stage2MaxConcurrency, "stage2MaxConcurrency")
        try Validation.positive(backpressureThreshold, "backpressureThreshold")
        try Validation.notNegative(reliefThreshold, "reliefThreshold")
        guard reliefThreshold < backpressureThreshold else {
            throw CoordinatorError.invalid(
                "reliefThreshold",
                reliefThreshold,
                "give less than backpressureThreshold, which is \(backpressureThreshold)"
            )
        }
        try Validation.notNegative(adjustCooldown, "adjustCooldown")
        if let capacity = stages.queueCapacity, capacity < backpressureThreshold {
            throw CoordinatorError.invalid(
                "stages.queueCapacity",
                capacity,
                "give at least backpressureThreshold, which is \(backpressureThreshold), or it is never reached"
            )
        }
    }

    /// The options of the first stage.
    var stage1: EphemeralOptions {
        var options = stages.limited(to: stage1MaxConcurrency, sink: sink)
        options.enableDynamicConcurrency = true
        return options
    }

    /// The options of the second stage, whose intake stays open until the first one is done.
    var stage2: EphemeralOptions {
        var options = stages.limited(to: stage2MaxConcurrency, sink: sink)
        options.signals.drainOn = []
        options.signals.obeysDrainRequests = false
        return options
    }
}
