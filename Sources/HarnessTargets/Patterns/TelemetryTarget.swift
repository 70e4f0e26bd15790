import Ephemeral
import EphemeralPatterns
import EphemeralTime
import HarnessKit

/// A handler that brings signals to telemetry: each operation is a signal, and the call of the client for it runs the body.
///
/// Operations of the lanes `error` and `perf` are signals that get a second call, as an exception or a metric; those of the lane
/// `event` get none. Which signals were dropped for lack of room, the run is told at the drain.
enum TelemetryTarget: Target {
    /// The options of the handler.
    struct Options: Codable, Sendable {
        var maxConcurrency: Int?
        var maxQueueSize: Int?
    }

    static let id = "pattern.telemetry"
    static let summary = "TelemetrySignalHandler: each operation is a signal that is brought to a telemetry client."
    static let optionDescriptions = [
        "maxConcurrency": "How many signals are brought at a time; 8 when absent.",
        "maxQueueSize": "How many signals wait; 5000 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.controls = [.drain]
        capabilities.invariants = [
            "conservation", "concurrency-bound", "accounting-identity", "further-calls", "no-task-leak",
        ]
        .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func lanes(of options: Options) -> [String]? { ["event", "error", "perf"] }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([
            ("maxConcurrency", options.maxConcurrency, 1),
            ("maxQueueSize", options.maxQueueSize, 1),
        ])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try TelemetryInstance(options, environment)
    }
}

private final class TelemetryInstance: SampledInstance {
    private let telemetry: TelemetrySignalHandler
    private let time: any TimeSource
    private let observer: TargetObserver
    private let lanes: LaneNames
    private let unbegun = UnbegunOperations()

    init(_ options: TelemetryTarget.Options, _ environment: TargetEnvironment) throws {
        telemetry = try TelemetrySignalHandler(
            OperationTelemetry(body: environment.body, observer: environment.observer, unbegun: unbegun),
            maxConcurrency: options.maxConcurrency ?? 8,
            maxQueueSize: options.maxQueueSize ?? 5000,
            time: environment.time,
            executor: environment.executor
        )
        time = environment.time
        observer = environment.observer
        lanes = LaneNames(environment)
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        unbegun.add(operation)
        let event = SignalEvent(
            "\(lanes[operation] ?? "event").\(operation.key)",
            key: String(operation.index),
            timestamp: time.now,
            timeSource: time
        )
        if telemetry.onSignal(event) { return .accepted }
        unbegun.remove(operation)
        return .refused
    }

    func drain() async throws {
        // How long a run waits for its target is the run's affair.
        await telemetry.shutdown(timeout: .seconds(24 * 3600))
        for operation in unbegun.removeAll() { observer.discarded(operation) }
    }

    func shutdown() async {
        await telemetry.shutdown(timeout: .zero)
    }

    func accounting() -> TargetAccounting { TargetAccounting(telemetry.stats) }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }
}

/// The client: an event is its operation's body, a second call is told to the run.
private struct OperationTelemetry: TelemetryClient {
    let body: OperationBody
    let observer: TargetObserver
    let unbegun: UnbegunOperations

    func trackEvent(_ name: String, properties: [String: String]) async throws {
        guard let index = Self.index(in: properties), let operation = unbegun.remove(at: index) else { return }
        try await body(operation)
    }

    func trackException(_ name: String, properties: [String: String]) async throws { noteCall(properties) }

    func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws { noteCall(properties) }

    private func noteCall(_ properties: [String: String]) {
        guard let index = Self.index(in: properties) else { return }
        observer.delivered(Operation(index: index), result: index)
    }

    private static func index(in properties: [String: String]) -> Int? { properties["key"].flatMap { Int($0) } }
}
