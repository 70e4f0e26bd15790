import Ephemeral
import EphemeralAtoms
import HarnessKit

/// The signal-aware atom: refuses, drops or holds back while signals are live.
enum SignalAwareTarget: Target {
    typealias Options = CombinedOptions<AtomTargetOptions, RuleOptions>

    /// What it says of signals.
    struct RuleOptions: Codable, Sendable {
        var cancelOn: SignalPatterns?
        var deferOn: SignalPatterns?
        var deferInterval: DurationText?
        var maxDeferAttempts: Int?
        var ambient: Bool?

        static let descriptions = [
            "cancelOn": "While a matching signal is live, operations are refused, and accepted ones dropped.",
            "deferOn": "While a matching signal is live, nothing starts.",
            "deferInterval": "The unit in which deferral is limited; 100 ms when absent.",
            "maxDeferAttempts": "After how many units the first operation starts regardless; 50 when absent.",
            "ambient":
                "Whether signals of the timeline are raised on the atom itself, and not in its sink; false when absent.",
        ]
    }

    static let id = "atom.signal-aware"
    static let summary = "SignalAwareAtom: a queue that refuses, drops or holds back while signals are live."
    static let optionDescriptions = AtomTargetOptions.descriptions
        .merging(RuleOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("fifo-per-key", "starts-in-order")
        capabilities.refuses = true
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try OptionChecks.require([("maxDeferAttempts", options.second.maxDeferAttempts, 0)])
        try OptionChecks.requirePositive([("deferInterval", options.second.deferInterval)])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try SignalAwareInstance(options, environment)
    }
}

private final class SignalAwareInstance: CoordinatorInstance {
    let coordinator: SignalAwareAtom<Operation>
    let port: SinkPort
    private let isAmbient: Bool

    init(_ options: SignalAwareTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        let rules = options.second
        var libraryOptions = options.first.options(environment, sink: port.sink)
        libraryOptions.signals.cancelOn = SignalPatternSet(rules.cancelOn?.patterns ?? [])
        libraryOptions.signals.deferOn = SignalPatternSet(rules.deferOn?.patterns ?? [])
        libraryOptions.signals.deferCheckInterval = rules.deferInterval?.duration ?? .milliseconds(100)
        libraryOptions.signals.maxDeferAttempts = rules.maxDeferAttempts ?? 50
        coordinator = try SignalAwareAtom(
            options: libraryOptions,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        self.port = port
        isAmbient = rules.ambient ?? false
    }

    var signals: (any SignalPort)? { isAmbient ? AmbientPort(atom: coordinator, port: port) : port }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        coordinator.tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await coordinator.enqueue(operation).id == nil ? .refused : .accepted
        }
    }
}

/// Raises signals on the atom itself; they are seen in its sink, which mirrors them.
private struct AmbientPort: SignalPort {
    let atom: SignalAwareAtom<Operation>
    let port: SinkPort

    func raise(_ name: String) { atom.raise(name) }

    func retract(_ pattern: String) -> Int {
        let pattern = SignalPattern(pattern)
        return atom.ambientSignals.count { pattern.matches($0) && atom.retract($0) }
    }

    func observe(_ handler: @escaping @Sendable (SignalObservation) -> Void) { port.observe(handler) }
}
