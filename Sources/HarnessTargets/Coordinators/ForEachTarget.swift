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
        capabilities.invariants = ["conservation", "concurrency-bound", "fifo-per-key", "starts-in-order"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: CoordinatorTargetOptions) throws { try options.validate() }

    static func make(
        options: CoordinatorTargetOptions,
        environment: TargetEnvironment
    ) async throws -> any TargetInstance {
        ForEachInstance(options, environment)
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

    init(_ options: CoordinatorTargetOptions, _ environment: TargetEnvironment) {
        port = SinkPort(time: environment.time)
        self.options = options.options(environment, sink: port.sink)
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
        let summary: ForEachSummary
        if let operations = source.synchronous {
            summary = try await operations.forEach(options: options) { operation, _ in try await body(operation) }
        } else {
            summary = try await source.forEach(options: options) { operation, _ in try await body(operation) }
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
