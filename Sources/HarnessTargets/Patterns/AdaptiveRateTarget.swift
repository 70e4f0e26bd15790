import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A queue that slows down when it is told to: by a signal `rate-limit:500ms`, or by an error of its body.
///
/// A scripted error named as a limit is one, as a server's answer that there were too many requests: the target throws the
/// library's `RateLimitError` in its place.
enum AdaptiveRateTarget: Target {
    typealias Options = CombinedOptions<RateOptions, QueueTargetOptions>

    /// The limit, and which errors ask for time.
    struct RateOptions: Codable, Sendable {
        var maxConcurrency: Int?
        var rateLimitError: String?
        var retryAfter: DurationText?

        static let descriptions = [
            "maxConcurrency": "How many bodies run at a time; 8 when absent.",
            "rateLimitError": "The scripted error that asks for time; rate-limit when absent.",
            "retryAfter": "The time that it asks for; 1 s when absent.",
        ]
    }

    static let id = "pattern.adaptive-rate"
    static let summary = "AdaptiveRateService: a queue that starts nothing before a rate limit is over."
    static let optionDescriptions = QueueTargetOptions.descriptions.merging(RateOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        .coordinator("fifo-per-key", "starts-in-order", "no-start-before-limit-ends", "no-task-leak")
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("maxConcurrency", options.first.maxConcurrency, 1)])
        try OptionChecks.requirePositive([("retryAfter", options.first.retryAfter)])
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        var rest = options.second.options(environment, sink: port.sink)
        if options.second.maxTrackedOperations == nil {
            rest.maxTrackedOperations = AdaptiveRateService<Operation>.defaultOptions.maxTrackedOperations
        }
        let limitError = ScriptedError(name: options.first.rateLimitError ?? "rate-limit")
        let retryAfter = options.first.retryAfter?.duration
        let service = try AdaptiveRateService<Operation>(
            maxConcurrency: options.first.maxConcurrency ?? 8,
            options: rest,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in
                do {
                    try await body(operation)
                } catch let error as ScriptedError where error == limitError {
                    throw retryAfter.map { RateLimitError(retryAfter: $0) } ?? RateLimitError()
                }
            }
        )
        return PatternInstance(
            service,
            port: port,
            tryEnqueue: { service.tryEnqueue($0) },
            enqueue: { try await service.process($0) }
        )
    }
}
