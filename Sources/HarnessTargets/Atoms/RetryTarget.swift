import Ephemeral
import EphemeralAtoms
import HarnessKit

/// The retry atom: another attempt after a while when a body throws.
enum RetryTarget: Target {
    typealias Options = CombinedOptions<AtomTargetOptions, PolicyOptions>

    /// What it says of attempts.
    struct PolicyOptions: Codable, Sendable {
        var maxAttempts: Int?
        var backoff: BackoffOptions?
        var permanentErrors: [String]?

        static let descriptions = [
            "maxAttempts": "How many attempts an operation gets in all; 3 when absent.",
            "backoff":
                "How long an operation waits after a failure: kind (constant, linear or exponential), base, factor, cap and "
                + "jitter (none, full or equal); linear from 50 ms when absent, exponential by 2 when no factor is given.",
            "permanentErrors":
                "Names of scripted errors that are not worth another attempt; [\"permanent\"] when absent.",
        ]

        /// The names of errors after which an operation is not tried again.
        var permanent: Set<String> { Set(permanentErrors ?? ["permanent"]) }
    }

    static let id = "atom.retry"
    static let summary = "RetryAtom: runs a body again after a while when it throws; waiting holds no slot."
    static let optionDescriptions = AtomTargetOptions.descriptions
        .merging(PolicyOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator(
            "attempts-at-most",
            "backoff-within",
            "no-slot-while-backing-off"
        )
        capabilities.ending = .told
        capabilities.controls = [.cancel, .drain]
        return capabilities
    }

    static func maxAttempts(of options: Options) -> Int? { options.second.maxAttempts ?? 3 }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try OptionChecks.require([("maxAttempts", options.second.maxAttempts, 1)])
        try options.second.backoff?.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try RetryInstance(options, environment)
    }
}

/// Why an attempt failed, and whose it was: what the back-off draws its chance by.
private struct FailedAttempt: Error {
    var operation: Int
    var reason: any Error
}

private final class RetryInstance: SampledInstance {
    private let atom: RetryAtom<Operation>
    private let port: SinkPort
    private let ends: OperationEnds

    init(_ options: RetryTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let ends = OperationEnds(environment.observer)
        let backoff = SeededBackoff(options.second.backoff ?? BackoffOptions(), seed: environment.seed)
        let permanent = options.second.permanent
        var policy = RetryPolicy()
        if let maxAttempts = options.second.maxAttempts { policy.maxAttempts = maxAttempts }
        policy.backoffByError = { error, failures in
            backoff.wait(of: (error as? FailedAttempt)?.operation ?? 0, after: failures)
        }
        policy.retryIf = { error in
            !(((error as? FailedAttempt)?.reason as? ScriptedError).map { permanent.contains($0.name) } ?? false)
        }
        self.port = port
        self.ends = ends
        atom = try RetryAtom(
            options: options.first.options(environment, sink: port.sink),
            policy: policy,
            onDiscard: { ends.dropped($0) }
        ) { [policy, body = environment.body] operation, attempt in
            do {
                try await body(operation)
            } catch {
                let isCancelled = error is CancellationError
                let failure = FailedAttempt(operation: operation.index, reason: error)
                let isLast = attempt.number >= policy.maxAttempts || isCancelled || !policy.retryIf(failure)
                if isLast { ends.ended(operation, error: error) } else { ends.continues(operation) }
                throw isCancelled ? error : failure
            }
            ends.ended(operation, error: nil)
        }
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        atom.tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        do {
            try await atom.enqueue(operation)
            return .accepted
        } catch let error as CoordinatorError where error.code == .completed {
            return .refused
        }
    }

    func drain() async throws {
        try await atom.drain()
        // After a cancellation attempts that failed were the last, whatever they were noted as.
        ends.finish()
    }

    func shutdown() async {
        await atom.shutdown()
        ends.finish()
    }

    func accounting() -> TargetAccounting { TargetAccounting(atom.stats) }

    func sample() -> TargetSample {
        TargetSample(
            accounting: accounting(),
            visible: atom.snapshot().count { $0.completedAt != nil },
            isDrained: atom.isDrained
        )
    }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        if control == .cancel { atom.cancel() }
    }
}
