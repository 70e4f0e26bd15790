import Ephemeral
import HarnessKit

/// The priority work coordinator: a free place goes to the oldest operation of the highest lane that may start.
enum PriorityCoordinatorTarget: Target {
    typealias Options = CombinedOptions<
        CoordinatorTargetOptions, CombinedOptions<LaneTargetOptions, AdmissionTargetOptions>
    >

    static let id = "coordinator.priority"
    static let summary = "PriorityWorkCoordinator: lanes of which the highest with a startable operation goes first."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions
        .merging(LaneTargetOptions.descriptions) { own, _ in own }
        .merging(AdmissionTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("lane-priority", "fifo-per-lane")
        capabilities.refuses = true
        return capabilities
    }

    static func lanes(of options: Options) -> [String]? { options.second.first.names }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.first.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try PriorityCoordinatorInstance(options, environment)
    }
}

private final class PriorityCoordinatorInstance: CoordinatorInstance {
    let coordinator: PriorityWorkCoordinator<Operation>
    let port: SinkPort
    private let lanes: LaneNames
    private let refuses: Bool

    init(_ options: PriorityCoordinatorTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let body = environment.body
        let observer = environment.observer
        coordinator = try PriorityWorkCoordinator(
            lanes: options.second.first.priorityLanes,
            options: options.first.options(environment, sink: port.sink),
            agingInterval: options.second.first.agingInterval?.duration,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        self.port = port
        lanes = LaneNames(environment)
        refuses = options.second.second.refuses
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        // A lane that the coordinator does not know throws from `enqueue`, which says so.
        if (try? coordinator.tryEnqueue(operation, lane: lanes[operation])) == true { return .accepted }
        return refuses ? .refused : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await coordinator.enqueue(operation, lane: lanes[operation]) ? .accepted : .refused
        }
    }
}
