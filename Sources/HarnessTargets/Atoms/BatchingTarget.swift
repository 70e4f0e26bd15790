import Ephemeral
import EphemeralAtoms
import HarnessKit
import Synchronization

/// The batching atom: collects operations and hands them over in batches.
///
/// Handling a batch runs the bodies of its operations side by side, so that it takes as long as the longest of them. A batch
/// is handed over whole or not at all, as one insertion of many rows is: when a body throws, the others are still waited for,
/// and all operations of the batch have failed. What their bodies did is wasted then.
enum BatchingTarget: Target {
    /// The atom's own options.
    struct Options: Codable, Sendable {
        var maxBatchSize: Int?
        var flushInterval: DurationText?
        var maxBuffered: Int?
        var maxTracked: Int?

        var library: BatchingOptions {
            var options = BatchingOptions()
            if let maxBatchSize { options.maxBatchSize = maxBatchSize }
            if let flushInterval { options.flushInterval = flushInterval.duration }
            if let maxTracked { options.maxTracked = maxTracked }
            options.maxBuffered = maxBuffered
            return options
        }
    }

    static let id = "atom.batching"
    static let summary = "BatchingAtom: batches by size and time, handled one at a time."
    static let optionDescriptions = [
        "maxBatchSize": "How many operations a batch has at most; 32 when absent.",
        "flushInterval": "How long an operation waits at most for its batch to fill; 1 s when absent.",
        "maxBuffered": "How many operations may wait before submitting suspends; unbounded when absent.",
        "maxTracked": "How many finished batches stay visible; 200 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.ending = .told
        capabilities.controls = [.cancel, .drain]
        capabilities.invariants =
            ["conservation", "accounting-identity", "batch-bounds", "one-flush-at-a-time", "no-task-leak"]
            .map { InvariantSpec(use: $0) }
        return capabilities
    }

    /// An operation shares the fate of its batch.
    static func maxAttempts(of options: Options) -> Int? { nil }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([("maxBatchSize", options.maxBatchSize, 1), ("maxTracked", options.maxTracked, 0)])
        try OptionChecks.requirePositive([("flushInterval", options.flushInterval)])
        let library = options.library
        guard let maxBuffered = options.maxBuffered, maxBuffered < library.maxBatchSize else { return }
        throw PluginOptionError(
            option: "maxBuffered",
            message: "is \(maxBuffered); give at least maxBatchSize, which is \(library.maxBatchSize)"
        )
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try BatchingInstance(options.library, environment)
    }
}

private final class BatchingInstance: SampledInstance {
    private let atom: BatchingAtom<Operation>
    private let port: SinkPort

    init(_ library: BatchingOptions, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let handler = BatchHandler(body: environment.body, observer: environment.observer)
        var options = library
        options.signals = port.sink
        (options.time, options.executor) = (environment.time, environment.executor)
        atom = try BatchingAtom(
            options: options,
            onDiscard: { handler.drop($0) },
            onBatch: { batch, _ in try await handler.handle(batch) }
        )
        self.port = port
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        // A closed atom throws here and again where it is waited for.
        (try? atom.enqueue(operation)) == true ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        do {
            try await atom.enqueueWhenThereIsRoom(operation)
            return .accepted
        } catch let error as CoordinatorError where error.code == .completed {
            return .refused
        }
    }

    func drain() async throws { try await atom.drain() }

    func shutdown() async {
        atom.cancel()
        await atom.shutdown()
    }

    func accounting() -> TargetAccounting {
        let stats = atom.stats
        var accounting = TargetAccounting()
        accounting.enqueued = stats.enqueued
        accounting.pending = stats.buffered
        accounting.active = stats.running
        accounting.completed = stats.delivered
        accounting.failed = stats.failed
        accounting.cancelled = stats.cancelled
        return accounting
    }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        if control == .cancel { atom.cancel() }
    }
}

/// Handles batches, which it numbers from 1.
private final class BatchHandler: Sendable {
    private let body: OperationBody
    private let observer: TargetObserver
    private let handled = Atomic<Int>(0)

    private struct Failure: Sendable {
        var index: Int
        var error: any Error
    }

    init(body: OperationBody, observer: TargetObserver) {
        self.body = body
        self.observer = observer
    }

    func drop(_ operations: [Operation]) {
        for operation in operations { observer.discarded(operation) }
    }

    func handle(_ batch: [Operation]) async throws {
        let number = handled.add(1, ordering: .relaxed).newValue
        let failures = await withTaskGroup(of: Failure?.self) { group in
            for operation in batch {
                group.addTask { [body] in
                    do {
                        try await body(operation, at: AttemptPlace(batch: number))
                        return nil
                    } catch {
                        return Failure(index: operation.index, error: error)
                    }
                }
            }
            return await group.reduce(into: [Failure]()) { failures, failure in
                if let failure { failures.append(failure) }
            }
        }
        // Of several the first operation's: which body ended first is chance.
        let error = failures.min { $0.index < $1.index }?.error
        for operation in batch { observer.ended(operation, error: error) }
        if let error { throw error }
    }
}
