import Ephemeral
import EphemeralTime
import HarnessKit
import Synchronization

/// The asynchronous signal processor: each operation is a signal whose handler runs its body.
///
/// With `drop-oldest` a signal that was taken may be dropped later. The processor does not say which one, so the run is
/// told when the processor has drained; until then it counts as waiting, also for a phase that waits until nothing is.
enum AsyncProcessorTarget: Target {
    /// The options of the processor.
    struct Options: Codable, Sendable {
        var maxConcurrency: Int?
        var maxQueueSize: Int?
        var overflow: Overflow?
    }

    /// Which signal goes when there is no room.
    enum Overflow: String, Codable, Sendable, CaseIterable {
        case dropOldest = "drop-oldest"
        case dropNewest = "drop-newest"
    }

    static let id = "signals.async-processor"
    static let summary = "AsyncSignalProcessor: each operation is a signal that is handled in the background."
    static let optionDescriptions = [
        "maxConcurrency": "How many handlers run at a time; 4 when absent.",
        "maxQueueSize": "How many signals wait for a handler; 1000 when absent.",
        "overflow": "Which signal goes when there is no room: drop-oldest (default) or drop-newest.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.deliversSignals = true
        capabilities.controls = [.drain]
        capabilities.invariants = [
            "conservation", "concurrency-bound", "accounting-identity", "signal-delivery", "no-task-leak",
        ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    static func validate(_ options: Options) throws {
        for (option, value) in [("maxConcurrency", options.maxConcurrency), ("maxQueueSize", options.maxQueueSize)] {
            guard let value, value < 1 else { continue }
            throw PluginOptionError(option: option, message: "is \(value); give 1 or more")
        }
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try AsyncProcessorInstance(options, environment)
    }
}

private final class AsyncProcessorInstance: SampledInstance {
    private let processor: AsyncSignalProcessor
    private let time: any TimeSource
    private let observer: TargetObserver
    private let unbegun = UnbegunOperations()
    private let refused = Atomic(0)

    init(_ options: AsyncProcessorTarget.Options, _ environment: TargetEnvironment) throws {
        let body = environment.body
        processor = try AsyncSignalProcessor(
            maxConcurrency: options.maxConcurrency ?? 4,
            maxQueueSize: options.maxQueueSize ?? 1000,
            overflow: options.overflow == .dropNewest ? .dropNewest : .dropOldest,
            time: environment.time,
            executor: environment.executor
        ) { [unbegun] event in
            guard let operation = OperationSignal.operation(of: event) else { return }
            unbegun.remove(operation)
            try await body(operation)
        }
        time = environment.time
        observer = environment.observer
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        unbegun.add(operation)
        if processor.enqueue(OperationSignal.event(for: operation, time: time)) { return .accepted }
        unbegun.remove(operation)
        refused.add(1, ordering: .relaxed)
        return .refused
    }

    func drain() async throws {
        // How long a run waits for its target is the run's affair.
        await processor.shutdown(drain: true, timeout: .seconds(24 * 3600))
        for operation in unbegun.removeAll() { observer.discarded(operation) }
    }

    func shutdown() async {
        await processor.shutdown(drain: false, timeout: .seconds(24 * 3600))
    }

    /// The processor counts what it refused as handed over and dropped; a run does not.
    func accounting() -> TargetAccounting {
        var accounting = reading
        let refused = refused.load(ordering: .acquiring)
        accounting.enqueued = accounting.enqueued.map { $0 - refused }
        accounting.cancelled = accounting.cancelled.map { $0 - refused }
        return accounting
    }

    func sample() -> TargetSample { TargetSample(accounting: reading) }

    private var reading: TargetAccounting { TargetAccounting(processor.stats) }
}

extension TargetAccounting {
    init(_ stats: SignalHandlerStats) {
        self.init()
        enqueued = stats.enqueued
        pending = stats.queued
        active = stats.running
        completed = stats.processed
        failed = stats.failed
        cancelled = stats.dropped
    }
}
