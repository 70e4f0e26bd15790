import Ephemeral
import EphemeralPatterns
import HarnessKit
import Synchronization

/// An anomaly detector beside calls that fail at times: each failure is a signal, and after each call somebody asks.
///
/// When the answer has changed, the target raises `anomaly.detected` or `anomaly.cleared`.
enum AnomalyDetectorTarget: Target {
    /// The options of the detector.
    struct Options: Codable, Sendable {
        var pattern: SignalPatterns?
        var threshold: Int?
        var window: DurationText?
    }

    static let id = "pattern.anomaly-detector"
    static let summary = "SignalAnomalyDetector: failures of operations are signals; it tells when there are too many."
    static let optionDescriptions = [
        "pattern":
            "Which signals count; error.* when absent. Failures raise the first one, with the error's name for a star.",
        "threshold": "From how many on they are too many; 5 when absent.",
        "window": "How long a signal counts; 10 s when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.hasSignals = true
        capabilities.ending = .withBody
        capabilities.invariants = ["conservation", "accounting-identity", "anomaly-as-counted", "no-task-leak"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("threshold", options.threshold, 1)])
        try OptionChecks.requirePositive([("window", options.window)])
        try OptionChecks.requireNames([("pattern", options.pattern)])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try AnomalyDetectorInstance(options, environment)
    }
}

private final class AnomalyDetectorInstance: CallingInstance {
    private let port: SinkPort
    private let observer: AnomalyObserver
    private let errorPattern: String
    private let body: OperationBody
    let counts = CallCounts()

    init(_ options: AnomalyDetectorTarget.Options, _ environment: TargetEnvironment) throws {
        let pattern = options.pattern ?? ["error.*"]
        let threshold = options.threshold ?? 5
        let port = SinkPort(time: environment.time, keepingMoreThan: threshold)
        self.port = port
        observer = AnomalyObserver(
            detector: try SignalAnomalyDetector(
                port.sink,
                pattern: pattern.set,
                threshold: threshold,
                window: options.window?.duration ?? .seconds(10)
            ),
            port: port
        )
        errorPattern = pattern.patterns[0]
        body = environment.body
    }

    func submit(_ operation: Operation) async throws -> Submission {
        if let error = await counts.counting({ try await body(operation) }) as? ScriptedError {
            port.raise(errorPattern.replacing("*", with: error.name))
        }
        observer.ask()
        return .accepted
    }

    var signals: (any SignalPort)? { port }
}

/// Asks a detector, one at a time, and says when its answer has changed.
private final class AnomalyObserver: Sendable {
    private let detector: SignalAnomalyDetector
    private let port: SinkPort
    private let state = Mutex(State())

    private struct State {
        var isAsking = false
        /// Somebody else came meanwhile, whose signal the answer may not know.
        var isOutdated = false
        var isAnomalous = false
    }

    init(detector: SignalAnomalyDetector, port: SinkPort) {
        self.detector = detector
        self.port = port
    }

    func ask() {
        let isMine = state.withLock { state in
            if state.isAsking { state.isOutdated = true }
            defer { state.isAsking = true }
            return !state.isAsking
        }
        guard isMine else { return }
        repeat {
            let answer = detector.isAnomalous
            let isNews = state.withLock { state in
                state.isOutdated = false
                defer { state.isAnomalous = answer }
                return state.isAnomalous != answer
            }
            if isNews { port.raise(answer ? "anomaly.detected" : "anomaly.cleared") }
        } while state.withLock { state in
            state.isAsking = state.isOutdated
            return state.isAsking
        }
    }
}
