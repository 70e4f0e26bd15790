import Ephemeral
import EphemeralAtoms
import HarnessKit

/// The fixed work atom: so many at a time.
enum FixedWorkTarget: Target {
    static let id = "atom.fixed-work"
    static let summary = "FixedWorkAtom: a pool of workers over one queue."
    static let optionDescriptions = AtomTargetOptions.descriptions

    static var capabilities: TargetCapabilities { .coordinator("fifo-per-key", "starts-in-order") }

    static func validate(_ options: AtomTargetOptions) throws { try options.validate() }

    static func make(options: AtomTargetOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        try FixedWorkInstance(options, environment)
    }
}

private final class FixedWorkInstance: CoordinatorInstance {
    let coordinator: FixedWorkAtom<Operation>
    let port: SinkPort

    init(_ options: AtomTargetOptions, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        coordinator = try FixedWorkAtom(
            options: options.options(environment, sink: port.sink),
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        self.port = port
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        coordinator.tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await coordinator.enqueue(operation)
            return .accepted
        }
    }
}
