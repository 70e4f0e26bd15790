import Ephemeral
import EphemeralPatterns
import HarnessKit

/// Reads that pause while an update works: operations of the lane `update` are updates, all others reads.
///
/// Reads wait in a queue whose options are the pattern's, and pass a gate; updates pass it alone, one after another.
enum CoordinatedReadsTarget: Target {
    typealias Options = QueueTargetOptions

    static let id = "pattern.coordinated-reads"
    static let summary = "SignalCoordinatedReads: reads, and updates (the lane 'update') during which none starts."
    static let optionDescriptions = QueueTargetOptions.descriptions

    static var capabilities: TargetCapabilities {
        .coordinators(
            [
                InvariantSpec(use: "conservation"),
                // What the pattern makes of the readers' limit; an update runs alone.
                InvariantSpec(use: "concurrency-bound", options: ["max": .integer(4)]),
                InvariantSpec(use: "accounting-identity"),
                InvariantSpec(use: "no-read-during-update"),
                InvariantSpec(use: "no-task-leak"),
                InvariantSpec(use: "signals-paired", options: ["open": [.string(UpdateGate.updating)]]),
            ]
        )
    }

    static func lanes(of options: Options) -> [String]? { ["read", "update"] }

    static func validate(_ options: Options) throws { try options.validate() }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try CoordinatedReadsInstance(options, environment)
    }
}

private final class CoordinatedReadsInstance: SampledInstance {
    private let readers: WorkCoordinator<Operation>
    private let updaters: WorkCoordinator<Operation>
    private let port: SinkPort
    private let lanes: LaneNames

    init(_ options: QueueTargetOptions, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let gate = UpdateGate(sink: port.sink)
        let observer = environment.observer
        let common = options.options(environment, sink: port.sink)
        readers = try WorkCoordinator(
            options: SignalCoordinatedReads.readerOptions(sink: port.sink, in: common),
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in
                try await BodyCall(operation, environment).within { call in try await gate.read { try await call() } }
            }
        )
        var single = common
        single.maxConcurrency = 1
        updaters = try WorkCoordinator(
            options: single,
            onDiscard: { observer.discarded($0) },
            body: { operation, _ in
                try await BodyCall(operation, environment).within { call in try await gate.update { try await call() } }
            }
        )
        self.port = port
        lanes = LaneNames(environment)
    }

    private func coordinator(for operation: Operation) -> WorkCoordinator<Operation> {
        lanes[operation] == "update" ? updaters : readers
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        coordinator(for: operation).tryEnqueue(operation) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        try await refusingWhenCompleted {
            try await coordinator(for: operation).enqueue(operation)
            return .accepted
        }
    }

    func drain() async throws {
        readers.finish()
        updaters.finish()
        try await readers.drain()
        try await updaters.drain()
    }

    func shutdown() async {
        readers.cancel()
        updaters.cancel()
        await readers.shutdown()
        await updaters.shutdown()
    }

    /// Every operation is in one of the two, each of which is read at one moment.
    func accounting() -> TargetAccounting {
        let (reads, updates) = (readers.stats, updaters.stats)
        var sum = TargetAccounting()
        sum.enqueued = reads.enqueued + updates.enqueued
        sum.pending = reads.pending + updates.pending
        sum.active = reads.active + updates.active
        sum.completed = reads.completed + updates.completed
        sum.failed = reads.failed + updates.failed
        sum.cancelled = reads.cancelled + updates.cancelled
        return sum
    }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        for coordinator in [readers, updaters] {
            switch control {
            case .cancel: coordinator.cancel()
            case .pause: coordinator.pause()
            case .resume: coordinator.resume()
            case .setMaxConcurrency: throw TargetContractError(message: "the pattern decides the limits itself")
            }
        }
    }
}
