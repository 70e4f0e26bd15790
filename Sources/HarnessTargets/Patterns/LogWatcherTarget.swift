import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A watcher of signals: each operation is a signal that somebody raises, and the call for it runs the body.
///
/// Signals that wait for their call are bounded; of more, the oldest are dropped. Which ones, the run is told at the drain.
enum LogWatcherTarget: Target {
    /// The options of the watcher, and of the sink that it watches.
    struct Options: Codable, Sendable {
        var pattern: SignalPatterns?
        var maxQueueSize: Int?
        var maxCapacity: Int?
    }

    static let id = "pattern.log-watcher"
    static let summary = "SignalLogWatcher: each operation is a signal, and each signal one call, one after another."
    static let optionDescriptions = [
        "pattern":
            "Which signals are watched; error.* when absent. Operations raise the first one, with their key for a star.",
        "maxQueueSize": "How many signals wait for their call; 10000 when absent.",
        "maxCapacity": "How many signals the sink itself keeps; 1000 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.deliversSignals = true
        capabilities.invariants = [
            InvariantSpec(use: "conservation"),
            InvariantSpec(use: "concurrency-bound", options: ["max": .integer(1)]),
            InvariantSpec(use: "accounting-identity"),
            InvariantSpec(use: "signal-delivery"),
            InvariantSpec(use: "no-task-leak"),
        ]
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.requireNames([("pattern", options.pattern)])
        try OptionChecks.require([("maxQueueSize", options.maxQueueSize, 1), ("maxCapacity", options.maxCapacity, 1)])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try LogWatcherInstance(options, environment)
    }
}

private final class LogWatcherInstance: SampledInstance {
    private let watcher: SignalLogWatcher
    private let port: SinkPort
    private let observer: TargetObserver
    private let name: String
    private let unbegun = UnbegunOperations()

    init(_ options: LogWatcherTarget.Options, _ environment: TargetEnvironment) throws {
        let pattern = options.pattern ?? ["error.*"]
        let port = SinkPort(time: environment.time, capacity: options.maxCapacity ?? 1000)
        let body = environment.body
        watcher = try SignalLogWatcher(
            port.sink,
            pattern: pattern.set,
            maxQueueSize: options.maxQueueSize ?? 10_000,
            executor: environment.executor
        ) { [unbegun] event in
            // Signals of the timeline have no operation.
            guard let operation = event.key.flatMap({ Int($0) }).flatMap({ unbegun.remove(at: $0) }) else { return }
            try await body(operation)
        }
        self.port = port
        observer = environment.observer
        name = pattern.patterns[0]
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        unbegun.add(operation)
        port.sink.raise(name.replacing("*", with: String(operation.key)), key: String(operation.index))
        return .accepted
    }

    func drain() async throws {
        try await watcher.flush()
        for operation in unbegun.removeAll() { observer.discarded(operation) }
    }

    func shutdown() async {
        await watcher.shutdown(timeout: .zero)
    }

    func accounting() -> TargetAccounting { TargetAccounting(watcher.stats) }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }

    var signals: (any SignalPort)? { port }
}
