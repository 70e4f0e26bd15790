import Ephemeral
import HarnessKit
import Synchronization

/// The library's `forEach` over the operations of a run.
enum ForEachTarget: Target {
    static let id = "coordinator.for-each"
    static let summary = "forEach: a bounded number of bodies over a sequence that is pulled lazily."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.intake = .pull
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.invariants = [
            "conservation", "concurrency-bound", "fifo-per-key", "starts-in-order", "no-task-leak",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: CoordinatorTargetOptions) throws { try options.validate() }

    static func make(
        options: CoordinatorTargetOptions,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        ForEachInstance(options, environment, keys: nil)
    }
}

/// The keyed form of `forEach`.
enum KeyedForEachTarget: Target {
    typealias Options = CombinedOptions<CoordinatorTargetOptions, KeyTargetOptions>

    static let id = "coordinator.for-each-keyed"
    static let summary = "forEach with keys: operations of one key in order, pulled lazily."
    static let optionDescriptions = CoordinatorTargetOptions.descriptions
        .merging(KeyTargetOptions.descriptions) { own, _ in own }

    static var capabilities: TargetCapabilities {
        var capabilities = ForEachTarget.capabilities
        capabilities.isKeyed = true
        capabilities.invariants = [
            "conservation", "concurrency-bound", "concurrency-bound-per-key", "fifo-per-key", "no-task-leak",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        try options.first.validate()
        try options.second.validate()
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        ForEachInstance(options.first, environment, keys: options.second)
    }
}

/// Runs the source in a task of its own, because shutting down has to be able to cancel it.
private final class ForEachInstance: TargetInstance {
    private let options: EphemeralOptions
    private let body: OperationBody
    private let executor: (any TaskExecutor)?
    private let port: SinkPort
    private let state = Mutex(State())

    private struct State {
        var task: Task<Void, any Error>?
        var summary: ForEachSummary?
    }

    private let isKeyed: Bool

    init(_ options: CoordinatorTargetOptions, _ environment: TargetEnvironment, keys: KeyTargetOptions?) {
        port = SinkPort(time: environment.time)
        var libraryOptions = options.options(environment, sink: port.sink)
        keys?.apply(to: &libraryOptions)
        self.options = libraryOptions
        isKeyed = keys != nil
        body = environment.body
        executor = environment.executor
    }

    func run(_ source: OperationSource) async throws {
        let task = Task(name: "coordinator.for-each", executorPreference: executor) { try await self.runAll(source) }
        state.withLock { $0.task = task }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func runAll(_ source: OperationSource) async throws {
        let body = body
        let run: @Sendable (Operation, OperationContext) async throws -> Void = { operation, _ in
            try await body(operation)
        }
        let key: @Sendable (Operation) -> Int = \.key
        let summary =
            switch (source.synchronous, isKeyed) {
            case (let operations?, false): try await operations.forEach(options: options, body: run)
            case (let operations?, true): try await operations.forEach(options: options, key: key, body: run)
            case (nil, false): try await source.forEach(options: options, body: run)
            case (nil, true): try await source.forEach(options: options, key: key, body: run)
            }
        state.withLock { $0.summary = summary }
    }

    func drain() async throws {
        try await state.withLock { $0.task }?.value
    }

    func shutdown() async {
        let task = state.withLock { $0.task }
        task?.cancel()
        _ = await task?.result
    }

    /// What the summary says; before the end nothing is known.
    func accounting() -> TargetAccounting {
        var accounting = TargetAccounting()
        guard let summary = state.withLock({ $0.summary }) else { return accounting }
        accounting.enqueued = summary.completed + summary.failed + summary.cancelled
        accounting.pending = 0
        accounting.active = 0
        accounting.completed = summary.completed
        accounting.failed = summary.failed
        accounting.cancelled = summary.cancelled
        return accounting
    }

    var signals: (any SignalPort)? { port }
}
