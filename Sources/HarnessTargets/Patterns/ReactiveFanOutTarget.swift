import Ephemeral
import EphemeralPatterns
import EphemeralTime
import HarnessKit

/// Two stages in a row, of which the first slows down when the second does not keep up.
///
/// The body is the work of the second stage; the first one takes a fixed time, or none.
enum ReactiveFanOutTarget: Target {
    typealias Options = CombinedOptions<StageOptions, QueueTargetOptions>

    /// The limits of the stages, and when the first is throttled.
    struct StageOptions: Codable, Sendable {
        var stage1MaxConcurrency: Int?
        var stage1MinConcurrency: Int?
        var stage2MaxConcurrency: Int?
        var backpressureThreshold: Int?
        var reliefThreshold: Int?
        var adjustCooldown: DurationText?
        var preStageTime: DurationText?

        static let descriptions = [
            "stage1MaxConcurrency":
                "How many operations the first stage has at a time unless it is throttled; 8 when absent.",
            "stage1MinConcurrency": "How many while it is; 1 when absent.",
            "stage2MaxConcurrency": "How many bodies run at a time; 4 when absent.",
            "backpressureThreshold":
                "From how many that wait for the second stage on the first is throttled; 32 when absent.",
            "reliefThreshold": "Down to how many they come before it is let go; 8 when absent.",
            "adjustCooldown": "How long it stays throttled at least; 200 ms when absent.",
            "preStageTime": "How long the first stage takes for each operation; no time when absent.",
        ]
    }

    static let id = "pattern.reactive-fan-out"
    static let summary = "ReactiveFanOutPipeline: two stages; the first is throttled while the second lags behind."
    static let optionDescriptions = QueueTargetOptions.descriptions.merging(StageOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        .coordinators(
            [
                "conservation", "concurrency-bound", "accounting-identity", "relief-in-time", "no-task-leak",
            ]
            .map { InvariantSpec(use: $0) }
        )
    }

    static func validate(_ options: Options) throws {
        let stages = options.first
        try OptionChecks.require([
            ("stage1MaxConcurrency", stages.stage1MaxConcurrency, 1),
            ("stage1MinConcurrency", stages.stage1MinConcurrency, 1),
            ("stage2MaxConcurrency", stages.stage2MaxConcurrency, 1),
            ("backpressureThreshold", stages.backpressureThreshold, 1),
            ("reliefThreshold", stages.reliefThreshold, 0),
        ])
        let library = stages.options
        guard library.stage1MinConcurrency <= library.stage1MaxConcurrency else {
            let message =
                "is \(library.stage1MinConcurrency); give at most stage1MaxConcurrency, which is "
                + "\(library.stage1MaxConcurrency)"
            throw PluginOptionError(option: "stage1MinConcurrency", message: message)
        }
        guard library.reliefThreshold < library.backpressureThreshold else {
            let message =
                "is \(library.reliefThreshold); give less than backpressureThreshold, which is "
                + "\(library.backpressureThreshold)"
            throw PluginOptionError(option: "reliefThreshold", message: message)
        }
        try options.second.validate()
        if let capacity = options.second.queueCapacity, capacity < library.backpressureThreshold {
            let message =
                "is \(capacity); give at least backpressureThreshold, which is \(library.backpressureThreshold)"
            throw PluginOptionError(option: "queueCapacity", message: message)
        }
        let usual = options.second.unboundedQueue == true ? nil : EphemeralOptions().queueCapacity
        if options.second.queueCapacity == nil, let usual, usual < library.backpressureThreshold {
            let message =
                "is \(library.backpressureThreshold); give at most the queue's \(usual), or queueCapacity as well"
            throw PluginOptionError(option: "backpressureThreshold", message: message)
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try ReactiveFanOutInstance(options, environment)
    }
}

extension ReactiveFanOutTarget.StageOptions {
    /// The library's options, but for what both stages have in common.
    fileprivate var options: ReactiveFanOutOptions {
        var options = ReactiveFanOutOptions()
        if let stage1MaxConcurrency { options.stage1MaxConcurrency = stage1MaxConcurrency }
        if let stage1MinConcurrency { options.stage1MinConcurrency = stage1MinConcurrency }
        if let stage2MaxConcurrency { options.stage2MaxConcurrency = stage2MaxConcurrency }
        if let backpressureThreshold { options.backpressureThreshold = backpressureThreshold }
        if let reliefThreshold { options.reliefThreshold = reliefThreshold }
        if let adjustCooldown { options.adjustCooldown = adjustCooldown.duration }
        return options
    }
}

private final class ReactiveFanOutInstance: SampledInstance {
    private let pipeline: ReactiveFanOutPipeline<Operation>
    private let port: SinkPort

    init(_ options: ReactiveFanOutTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let (body, observer, time) = (environment.body, environment.observer, environment.time)
        var library = options.first.options
        library.stages = options.second.options(environment, sink: port.sink)
        let preStageTime = options.first.preStageTime?.duration ?? .zero
        pipeline = try ReactiveFanOutPipeline(
            options: library,
            onDiscard: { observer.discarded($0) },
            stage2Work: { operation, _ in try await body(operation) },
            preStageWork: { operation, _ in
                guard preStageTime > .zero else { return }
                do {
                    try await time.sleep(for: preStageTime)
                } catch {
                    // Cancelled in the first stage: its body will never begin.
                    observer.discarded(operation)
                    throw error
                }
            }
        )
        self.port = port
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        pipeline.tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await pipeline.enqueue(operation)
            return .accepted
        }
    }

    func drain() async throws { try await pipeline.drain() }

    func shutdown() async { await pipeline.shutdown() }

    func accounting() -> TargetAccounting { TargetAccounting(pipeline.stats) }

    func sample() -> TargetSample {
        TargetSample(
            accounting: accounting(),
            isDrained: pipeline.isDrained,
            limit: pipeline.stage1CurrentMaxConcurrency
        )
    }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        switch control {
        case .cancel: pipeline.cancel()
        case .pause: pipeline.pause()
        case .resume: pipeline.resume()
        case .setMaxConcurrency: throw TargetContractError(message: "the pattern decides the limits itself")
        }
    }
}
