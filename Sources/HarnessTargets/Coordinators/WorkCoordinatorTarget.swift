import Ephemeral
import HarnessKit

/// The work coordinator: a first-in, first-out queue with bounded concurrency.
enum WorkCoordinatorTarget: Target {
    static let id = "coordinator.work"
    static let summary = "WorkCoordinator: a first-in, first-out queue with bounded concurrency and signal rules."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions

    static var capabilities: TargetCapabilities { .coordinator("fifo-per-key", "starts-in-order") }

    static func validate(_ options: CoordinatorTargetOptions) throws { try options.validate() }

    static func make(
        options: CoordinatorTargetOptions,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        try WorkCoordinatorInstance(options, environment)
    }
}

private final class WorkCoordinatorInstance: CoordinatorInstance {
    let coordinator: WorkCoordinator<Operation>
    let port: SinkPort

    init(_ options: CoordinatorTargetOptions, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let body = environment.body
        let observer = environment.observer
        coordinator = try WorkCoordinator(
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
