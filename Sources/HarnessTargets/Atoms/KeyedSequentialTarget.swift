import Ephemeral
import EphemeralAtoms
import HarnessKit

/// The keyed sequential atom: operations of one key in order, different keys side by side.
enum KeyedSequentialTarget: Target {
    typealias Options = CombinedOptions<AtomTargetOptions, CombinedOptions<KeyOptions, AdmissionTargetOptions>>

    /// What it says of keys.
    struct KeyOptions: Codable, Sendable {
        var perKeyConcurrency: Int?
        var enableFairScheduling: Bool?

        static let descriptions = [
            "perKeyConcurrency": "How many bodies of one key run at a time; 1 when absent.",
            "enableFairScheduling":
                "Whether keys take turns, and tryEnqueue refuses more of a key that has 10 waiting; false when absent.",
        ]
    }

    static let id = "atom.keyed-sequential"
    static let summary = "KeyedSequentialAtom: operations of one key in order, different keys side by side."
    static let optionDescriptions = AtomTargetOptions.descriptions
        .merging(KeyOptions.descriptions) { own, _ in own }
        .merging(AdmissionTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "fifo-per-key")
        capabilities.isKeyed = true
        capabilities.refuses = true
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try OptionChecks.require([("perKeyConcurrency", options.second.first.perKeyConcurrency, 1)])
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try KeyedSequentialInstance(options, environment)
    }
}

private final class KeyedSequentialInstance: CoordinatorInstance {
    let coordinator: KeyedSequentialAtom<Int, Operation>
    let port: SinkPort
    private let refuses: Bool

    init(_ options: KeyedSequentialTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let (body, observer) = (environment.body, environment.observer)
        var libraryOptions = options.first.options(environment, sink: port.sink)
        let keys = options.second.first
        libraryOptions.keys.maxConcurrencyPerKey = keys.perKeyConcurrency ?? 1
        libraryOptions.keys.enableFairScheduling = keys.enableFairScheduling ?? false
        coordinator = try KeyedSequentialAtom(
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
