import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A queue whose limit doubles and halves on signals.
enum DynamicConcurrencyTarget: Target {
    typealias Options = CombinedOptions<ScaleOptions, QueueTargetOptions>

    /// The bounds, and the signals.
    struct ScaleOptions: Codable, Sendable {
        var minConcurrency: Int?
        var maxConcurrency: Int?
        var scaleUpPattern: SignalPatterns?
        var scaleDownPattern: SignalPatterns?
        var cooldown: DurationText?

        static let descriptions = [
            "minConcurrency": "The smallest limit, and the first; 1 when absent.",
            "maxConcurrency": "The largest limit; 32 when absent.",
            "scaleUpPattern": "Signals that double the limit; load.high when absent.",
            "scaleDownPattern": "Signals that halve it; load.low when absent.",
            "cooldown": "For how long after a change signals are taken together; no time when absent.",
        ]
    }

    static let id = "pattern.dynamic-concurrency"
    static let summary = "DynamicConcurrencyDemo: a queue whose limit doubles and halves on signals."
    static let optionDescriptions = QueueTargetOptions.descriptions.merging(ScaleOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        .coordinator("fifo-per-key", "starts-in-order", "limit-follows-signals", "no-task-leak")
    }

    static func validate(_ options: Options) throws {
        let scale = options.first
        try OptionChecks.require([("minConcurrency", scale.minConcurrency, 1)])
        let (lowest, highest) = (scale.minConcurrency ?? 1, scale.maxConcurrency ?? 32)
        guard lowest <= highest else {
            let message = "is \(highest); give at least minConcurrency, which is \(lowest)"
            throw PluginOptionError(option: "maxConcurrency", message: message)
        }
        try OptionChecks.requireNames([
            ("scaleUpPattern", scale.scaleUpPattern),
            ("scaleDownPattern", scale.scaleDownPattern),
        ])
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        let scale = options.first
        let demo = try DynamicConcurrencyDemo<Operation>(
            sink: port.sink,
            minConcurrency: scale.minConcurrency ?? 1,
            maxConcurrency: scale.maxConcurrency ?? 32,
            scaleUpPattern: scale.scaleUpPattern?.set ?? ["load.high"],
            scaleDownPattern: scale.scaleDownPattern?.set ?? ["load.low"],
            cooldown: scale.cooldown?.duration ?? .zero,
            options: options.second.options(environment, sink: port.sink),
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        return PatternInstance(
            demo,
            port: port,
            tryEnqueue: { demo.tryEnqueue($0) },
            enqueue: { try await demo.enqueue($0) }
        )
    }
}
