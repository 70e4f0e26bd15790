import Ephemeral
import EphemeralPatterns
import HarnessKit

/// Work for many keys at once, with one limit for all and one for each key.
enum ControlledFanOutTarget: Target {
    typealias Options = CombinedOptions<LimitOptions, CombinedOptions<FairnessOptions, QueueTargetOptions>>

    /// The two limits.
    struct LimitOptions: Codable, Sendable {
        var maxGlobalConcurrency: Int?
        var perKeyConcurrency: Int?

        static let descriptions = [
            "maxGlobalConcurrency": "How many bodies run at a time; 8 when absent.",
            "perKeyConcurrency": "How many bodies of one key run at a time; 1 when absent, and less counts as 1.",
        ]
    }

    /// Whether keys take turns.
    struct FairnessOptions: Codable, Sendable {
        var enableFairScheduling: Bool?

        static let descriptions = KeyTargetOptions.descriptions.filter { name, _ in name == "enableFairScheduling" }
    }

    static let id = "pattern.controlled-fan-out"
    static let summary = "ControlledFanOut: work for many keys, with a limit for all and one for each key."
    static let optionDescriptions = QueueTargetOptions.descriptions
        .merging(LimitOptions.descriptions) { own, _ in own }
        .merging(FairnessOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "fifo-per-key", "no-task-leak")
        capabilities.isKeyed = true
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("maxGlobalConcurrency", options.first.maxGlobalConcurrency, 1)])
        try options.second.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        var rest = options.second.second.options(environment, sink: port.sink)
        if let isFair = options.second.first.enableFairScheduling { rest.keys.enableFairScheduling = isFair }
        let fanOut = try ControlledFanOut(
            maxGlobalConcurrency: options.first.maxGlobalConcurrency ?? 8,
            perKeyConcurrency: options.first.perKeyConcurrency ?? 1,
            options: rest,
            key: { (operation: Operation) in operation.key },
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        return PatternInstance(
            fanOut,
            port: port,
            tryEnqueue: { fanOut.tryEnqueue($0) },
            enqueue: { try await fanOut.enqueue($0) }
        )
    }
}
