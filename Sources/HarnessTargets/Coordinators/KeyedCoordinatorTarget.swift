import Ephemeral
import HarnessKit

/// The keyed work coordinator: operations of one key one after another, different keys side by side.
enum KeyedCoordinatorTarget: Target {
    typealias Options = CombinedOptions<
        CoordinatorTargetOptions, CombinedOptions<KeyTargetOptions, AdmissionTargetOptions>
    >

    static let id = "coordinator.keyed"
    static let summary = "KeyedWorkCoordinator: operations of one key in order, different keys side by side."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions
        .merging(KeyTargetOptions.descriptions) { own, _ in own }
        .merging(AdmissionTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "fifo-per-key")
        capabilities.isKeyed = true
        capabilities.refuses = true
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.first.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try KeyedCoordinatorInstance(options, environment)
    }
}

private final class KeyedCoordinatorInstance: CoordinatorInstance {
    let coordinator: KeyedWorkCoordinator<Int, Operation>
    let port: SinkPort
    private let refuses: Bool

    init(_ options: KeyedCoordinatorTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let body = environment.body
        let observer = environment.observer
        var libraryOptions = options.first.options(environment, sink: port.sink)
        options.second.first.apply(to: &libraryOptions)
        coordinator = try KeyedWorkCoordinator(
            options: libraryOptions,
            key: \.key,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in try await body(operation) }
        )
        self.port = port
        refuses = options.second.second.refuses
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        if coordinator.tryEnqueue(operation) { return .accepted }
        return refuses ? .refused : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await coordinator.enqueue(operation)
            return .accepted
        }
    }
}
