import Ephemeral
import EphemeralTime
import HarnessKit

/// The options that atoms made of one coordinator share: all optional, with the library's defaults.
struct AtomTargetOptions: Codable, Sendable {
    var maxConcurrency: Int?
    var maxTracked: Int?
    var queueCapacity: Int?
    var unboundedQueue: Bool?

    static let descriptions = [
        "maxConcurrency": "How many bodies run at a time; the number of CPUs when absent.",
        "maxTracked": "How many finished operations stay visible; 200 when absent.",
        "queueCapacity": "How many accepted operations may wait before submitting suspends; 4096 when absent.",
        "unboundedQueue": "Whether the queue has no bound; takes the place of queueCapacity.",
    ]

    /// The library's options.
    func options(_ environment: TargetEnvironment, sink: SignalSink) -> EphemeralOptions {
        coordinatorOptions.options(environment, sink: sink)
    }

    func validate() throws {
        try OptionChecks.require([("maxTracked", maxTracked, 1)])
        try coordinatorOptions.validate()
    }

    private var coordinatorOptions: CoordinatorTargetOptions {
        CoordinatorTargetOptions(
            maxConcurrency: maxConcurrency,
            queueCapacity: queueCapacity,
            unboundedQueue: unboundedQueue,
            maxTrackedOperations: maxTracked
        )
    }
}
