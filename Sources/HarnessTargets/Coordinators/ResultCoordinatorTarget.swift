import Ephemeral
import HarnessKit

/// The result coordinator: whoever submits an operation waits for its result.
///
/// A submission lasts until the operation has ended, as in a program that needs the result: under closed load each producer
/// has one operation in flight, under open load each arrival waits in a task of its own.
enum ResultCoordinatorTarget: Target {
    static let id = "coordinator.result"
    static let summary = "ResultCoordinator: each submission waits for the result of its operation."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions

    static var capabilities: TargetCapabilities {
        // Acceptance is recorded with the answer, so that nothing is known of the order of starts.
        .coordinator("result-exactly-once")
    }

    static func validate(_ options: CoordinatorTargetOptions) throws { try options.validate() }

    static func make(
        options: CoordinatorTargetOptions,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        try ResultCoordinatorInstance(options, environment)
    }
}

private final class ResultCoordinatorInstance: CoordinatorInstance {
    let coordinator: ResultCoordinator<Operation, Int>
    let port: SinkPort
    private let observer: TargetObserver

    init(_ options: CoordinatorTargetOptions, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let body = environment.body
        coordinator = try ResultCoordinator(options: options.options(environment, sink: port.sink)) { operation, _ in
            try await body(operation)
            // The result shows whose it is.
            return operation.index
        }
        self.port = port
        observer = environment.observer
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            let result = try await coordinator.result(of: operation)
            if result.operation.startedAt == nil { observer.discarded(operation) }
            observer.delivered(operation, result: result.output)
            return .accepted
        }
    }
}
