import Ephemeral
import HarnessKit

/// What patterns leave to the coordinator in them: the library's own options, all optional, with the library's defaults.
struct QueueTargetOptions: Codable, Sendable {
    var queueCapacity: Int?
    var unboundedQueue: Bool?
    var maxTrackedOperations: Int?
    var maxOperationLifetime: DurationText?
    var cancelOnSignals: SignalPatterns?

    static let descriptions = CoordinatorTargetOptions.descriptions.filter { name, _ in
        [
            "queueCapacity", "unboundedQueue", "maxTrackedOperations", "maxOperationLifetime", "cancelOnSignals",
        ].contains(name)
    }

    /// The library's options, with the clock and the executor of the run.
    func options(_ environment: TargetEnvironment, sink: SignalSink?) -> EphemeralOptions {
        coordinator.options(environment, sink: sink)
    }

    func validate() throws { try coordinator.validate() }

    private var coordinator: CoordinatorTargetOptions {
        CoordinatorTargetOptions(
            queueCapacity: queueCapacity,
            unboundedQueue: unboundedQueue,
            maxTrackedOperations: maxTrackedOperations,
            maxOperationLifetime: maxOperationLifetime,
            cancelOnSignals: cancelOnSignals
        )
    }
}

extension SignalPatterns {
    /// The library's patterns.
    var set: SignalPatternSet { SignalPatternSet(patterns) }
}
