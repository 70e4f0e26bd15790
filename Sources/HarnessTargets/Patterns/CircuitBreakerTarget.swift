import Ephemeral
import EphemeralPatterns
import HarnessKit

/// A circuit breaker: an operation is a call through it, and is refused while it is open.
///
/// A call is made while its operation is submitted. Every call whose body throws is a failure.
enum CircuitBreakerTarget: Target {
    /// The options of the breaker.
    struct Options: Codable, Sendable {
        var failureSignal: String?
        var threshold: Int?
        var windowSize: DurationText?
    }

    static let id = "pattern.circuit-breaker"
    static let summary = "SignalBasedCircuitBreaker: each operation is a call, refused after too many failures."
    static let optionDescriptions = [
        "failureSignal": "The signal that counts as a failure, and that failures raise; failure when absent.",
        "threshold": "From how many failures on it is open; 5 when absent.",
        "windowSize": "How long a failure counts; 30 s when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.hasSignals = true
        capabilities.ending = .withBody
        capabilities.invariants = [
            "conservation", "accounting-identity", "no-start-while-open", "refused-only-while-open", "no-task-leak",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("threshold", options.threshold, 1)])
        try OptionChecks.requirePositive([("windowSize", options.windowSize)])
        if let signal = options.failureSignal, signal.isBlank {
            throw PluginOptionError(option: "failureSignal", message: "is blank; give a name")
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try CircuitBreakerInstance(options, environment)
    }
}

private final class CircuitBreakerInstance: CallingInstance {
    private let breaker: SignalBasedCircuitBreaker
    private let port: SinkPort
    private let body: OperationBody
    let counts = CallCounts()

    init(_ options: CircuitBreakerTarget.Options, _ environment: TargetEnvironment) throws {
        let threshold = options.threshold ?? 5
        breaker = try SignalBasedCircuitBreaker(
            failureSignal: options.failureSignal ?? "failure",
            threshold: threshold,
            windowSize: options.windowSize?.duration ?? .seconds(30),
            time: environment.time
        )
        port = SinkPort(time: environment.time, keepingMoreThan: threshold)
        body = environment.body
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        breaker.isOpen(port.sink) ? .refused : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        do {
            try await breaker.execute(in: port.sink, key: String(operation.key)) {
                if let error = await counts.counting({ try await body(operation) }) { throw error }
            }
            return .accepted
        } catch is CircuitOpenError {
            return .refused
        } catch {
            // The operation has failed, and was taken all the same.
            return .accepted
        }
    }

    var signals: (any SignalPort)? { port }
}
