import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A queue that holds its operations back while anybody signals `backpressure.*`.
enum BackpressureTarget: Target {
    typealias Options = CombinedOptions<LimitOptions, QueueTargetOptions>

    /// How many bodies run at a time.
    struct LimitOptions: Codable, Sendable {
        var maxConcurrency: Int?
    }

    static let id = "pattern.backpressure"
    static let summary = "SignalDrivenBackpressure: a queue that starts nothing while backpressure.* is signalled."
    static let optionDescriptions = QueueTargetOptions.descriptions
        .merging(["maxConcurrency": "How many bodies run at a time; 4 when absent."]) { own, _ in own }

    static var capabilities: TargetCapabilities {
        .coordinator("fifo-per-key", "starts-in-order", "no-start-while-deferred", "no-task-leak")
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("maxConcurrency", options.first.maxConcurrency, 1)])
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        let coordinator = try SignalDrivenBackpressure.create(
            sink: port.sink,
            maxConcurrency: options.first.maxConcurrency ?? 4,
            options: options.second.options(environment, sink: port.sink),
            onDiscard: { (operation: Operation) in observer.discarded(operation) },
            body: { operation, _ in try await body(operation) }
        )
        return PatternInstance(coordinator, port: port)
    }
}
