import Ephemeral
import EphemeralTime
import HarnessKit

/// The signal dispatcher: each operation is a signal named after its key, and the first handler runs its body.
///
/// Signals that are dropped by a cancellation are told when the dispatcher has drained.
enum DispatcherTarget: Target {
    typealias Options = CombinedOptions<CoordinatorTargetOptions, CombinedOptions<KeyTargetOptions, HandlerOptions>>

    /// How many handlers there are.
    struct HandlerOptions: Codable, Sendable {
        var handlers: Int?

        static let descriptions = ["handlers": "How many handlers get each signal, one after another; 1 when absent."]

        func validate() throws {
            guard let handlers, handlers < 1 else { return }
            throw PluginOptionError(option: "handlers", message: "is \(handlers); give 1 or more")
        }
    }

    static let id = "signals.dispatcher"
    static let summary = "SignalDispatcher: each operation is a signal; signals of one name are handled in order."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions
        .merging(KeyTargetOptions.descriptions) { own, _ in own }
        .merging(HandlerOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities.coordinator("concurrency-bound-per-key", "signal-delivery")
        capabilities.isKeyed = true
        capabilities.refuses = true
        capabilities.deliversSignals = true
        // What it drops is told when it has drained, which may wait for the stage in front of it.
        capabilities.ending = .unknown
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.first.validate()
        try options.second.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try DispatcherInstance(options, environment)
    }
}

private final class DispatcherInstance: CoordinatorInstance {
    let coordinator: SignalDispatcher
    let port: SinkPort
    private let time: any TimeSource
    private let observer: TargetObserver
    private let unbegun = UnbegunOperations()

    init(_ options: DispatcherTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        var libraryOptions = options.first.options(environment, sink: port.sink)
        options.second.first.apply(to: &libraryOptions)
        coordinator = try SignalDispatcher(options: libraryOptions)
        self.port = port
        time = environment.time
        observer = environment.observer
        let body = environment.body
        let patterns = OperationSignal.patterns(options.second.second.handlers ?? 1)
        for (number, pattern) in patterns.enumerated() {
            try coordinator.register(pattern) { [unbegun, observer] event in
                guard let operation = OperationSignal.operation(of: event) else { return }
                guard number == 0 else { return observer.delivered(operation, result: operation.index) }
                unbegun.remove(operation)
                try await body(operation)
            }
        }
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        unbegun.add(operation)
        if coordinator.dispatch(OperationSignal.event(for: operation, time: time)) { return .accepted }
        unbegun.remove(operation)
        return .refused
    }

    func drain() async throws {
        try await coordinator.drain()
        for operation in unbegun.removeAll() { observer.discarded(operation) }
    }
}
