import Ephemeral
import HarnessKit

/// The priority work coordinator with keys: lanes decide what is next, and a key never runs more than its share.
enum KeyedPriorityCoordinatorTarget: Target {
    typealias Options = CombinedOptions<
        CoordinatorTargetOptions,
        CombinedOptions<KeyTargetOptions, CombinedOptions<LaneTargetOptions, AdmissionTargetOptions>>
    >

    static let id = "coordinator.keyed-priority"
    static let summary = "KeyedPriorityWorkCoordinator: lanes, and operations of one key one after another."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions
        .merging(KeyTargetOptions.descriptions) { own, _ in own }
        .merging(LaneTargetOptions.descriptions) { own, _ in own }
        .merging(AdmissionTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "lane-priority", "fifo-per-lane")
        capabilities.isKeyed = true
        capabilities.refuses = true
        return capabilities
    }

    static func lanes(of options: Options) -> [String]? { options.second.second.first.names }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.first.validate()
        try options.second.second.first.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try KeyedPriorityCoordinatorInstance(options, environment)
    }
}

private final class KeyedPriorityCoordinatorInstance: CoordinatorInstance {
    let coordinator: KeyedPriorityWorkCoordinator<Int, Operation>
    let port: SinkPort
    private let lanes: LaneNames
    private let refuses: Bool

    init(_ options: KeyedPriorityCoordinatorTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let body = environment.body
        let observer = environment.observer
        let laneOptions = options.second.second.first
        var libraryOptions = options.first.options(environment, sink: port.sink)
        options.second.first.apply(to: &libraryOptions)
        coordinator = try KeyedPriorityWorkCoordinator(
            lanes: laneOptions.priorityLanes,
            options: libraryOptions,
            agingInterval: laneOptions.agingInterval?.duration,
            key: { (operation: Operation) in operation.key },
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        self.port = port
        lanes = LaneNames(environment)
        refuses = options.second.second.second.refuses
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
