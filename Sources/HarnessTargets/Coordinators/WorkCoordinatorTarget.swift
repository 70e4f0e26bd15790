import Ephemeral
import HarnessKit

/// The work coordinator: a first-in, first-out queue with bounded concurrency.
enum WorkCoordinatorTarget: Target {
    static let id = "coordinator.work"
    static let summary = "WorkCoordinator: a first-in, first-out queue with bounded concurrency and signal rules."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.controls = [.cancel, .pause, .setMaxConcurrency]
        capabilities.invariants = ["conservation", "concurrency-bound", "fifo-per-key", "starts-in-order"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: CoordinatorTargetOptions) throws { try options.validate() }

    static func make(
        options: CoordinatorTargetOptions,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        try WorkCoordinatorInstance(options, environment)
    }
}

private final class WorkCoordinatorInstance: TargetInstance {
    private let coordinator: WorkCoordinator<Operation>
    private let port: SinkPort

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
        do {
            try await coordinator.enqueue(operation)
            return .accepted
        } catch let error as CoordinatorError where error.code == .completed {
            return .refused
        }
    }

    func drain() async throws { try await coordinator.drain() }

    func shutdown() async { await coordinator.shutdown() }

    func accounting() -> TargetAccounting { TargetAccounting(coordinator.stats) }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        switch control {
        case .cancel: coordinator.cancel()
        case .pause: coordinator.pause()
        case .resume: coordinator.resume()
        case .setMaxConcurrency(let limit): try coordinator.setMaxConcurrency(limit)
        }
    }
}
