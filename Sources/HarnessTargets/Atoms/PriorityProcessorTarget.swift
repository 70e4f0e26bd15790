import Ephemeral
import EphemeralAtoms
import EphemeralTime
import HarnessKit

/// A group of priority processors: operations are brought to the first, and backups take over while it is unhealthy.
///
/// Each member is a part of the target, numbered by its priority: a fault with `"part": 1` hits what the primary does.
enum PriorityProcessorTarget: Target {
    /// The atom's own options, and how many there are.
    struct Options: Codable, Sendable {
        var members: Int?
        var failureThreshold: Int?
        var maxConcurrency: Int?
        var failureWindow: DurationText?
        var probeInterval: DurationText?
        var retryFailedOnBackup: Bool?
        var queueCapacity: Int?
        var maxTracked: Int?
    }

    static let defaultMembers = 2

    static let id = "atom.priority-processor"
    static let summary = "PriorityProcessorAtom: backups take over from a member that fails, until it works again."
    static let optionDescriptions = [
        "members": "How many processors there are, of priority 1, 2 and so on; 2 when absent.",
        "failureThreshold": "How many operations in a row have to fail before a member is unhealthy; 3 when absent.",
        "maxConcurrency": "How many operations each member processes at a time; the number of CPUs when absent.",
        "failureWindow": "Within which time the failures have to lie; 10 s when absent.",
        "probeInterval": "How long an unhealthy member waits before it is tried with an operation; 5 s when absent.",
        "retryFailedOnBackup":
            "Whether an operation that failed is processed once more by a backup; false when absent.",
        "queueCapacity": "How many operations may wait for a member before submitting suspends; 4096 when absent.",
        "maxTracked": "How many processed operations stay visible; 200 when absent.",
    ]

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.discards = true
        capabilities.hasSignals = true
        capabilities.ending = .told
        capabilities.parts = defaultMembers
        capabilities.controls = [.cancel, .drain]
        capabilities.invariants =
            [
                "conservation", "concurrency-bound", "accounting-identity", "failover-only-when-unhealthy",
                "no-task-leak",
            ].map { InvariantSpec(use: $0) }
        return capabilities
    }

    /// A backup may get what a member failed at.
    static func maxAttempts(of options: Options) -> Int? { nil }

    static func validate(_ options: Options) throws {
        try OptionChecks.require([
            ("members", options.members, 1), ("failureThreshold", options.failureThreshold, 1),
            ("maxConcurrency", options.maxConcurrency, 1), ("queueCapacity", options.queueCapacity, 1),
            ("maxTracked", options.maxTracked, 0),
        ])
        try OptionChecks.requirePositive([
            ("failureWindow", options.failureWindow), ("probeInterval", options.probeInterval),
        ])
        guard let members = options.members, members > 64 else { return }
        throw PluginOptionError(option: "members", message: "is \(members); give at most 64")
    }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        try PriorityProcessorInstance(options, environment)
    }
}

private final class PriorityProcessorInstance: SampledInstance {
    private let primary: PriorityProcessorAtom
    private let members: [PriorityProcessorAtom]
    private let port: SinkPort
    private let ends: OperationEnds

    init(_ options: PriorityProcessorTarget.Options, _ environment: TargetEnvironment) throws {
        let port = SinkPort(time: environment.time)
        let ends = OperationEnds(environment.observer)
        let library = options.library(environment)
        func member(_ priority: Int) throws -> PriorityProcessorAtom {
            try PriorityProcessorAtom(
                priority: priority,
                signals: port.sink,
                options: library,
                onDiscard: { ends.dropped(Operation(itemID: $0)) },
                onFailure: { ends.ended(Operation(itemID: $0), error: $1) }
            ) { [body = environment.body] id, _ in
                let operation = Operation(itemID: id)
                do {
                    try await body(operation, at: AttemptPlace(part: priority))
                } catch {
                    // Whether a backup gets it is the group's decision; who gives in to a cancellation gets no further.
                    if error is CancellationError, Task.isCancelled {
                        ends.ended(operation, error: error)
                    } else {
                        ends.continues(operation)
                    }
                    throw error
                }
                ends.ended(operation, error: nil)
            }
        }
        primary = try member(1)
        let backups = max(1, options.members ?? PriorityProcessorTarget.defaultMembers) - 1
        members = try [primary] + (0..<backups).map { try member($0 + 2) }
        self.port = port
        self.ends = ends
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        primary.tryEnqueue(operation.itemID) ? .accepted : .wouldSuspend
    }

    func submit(_ operation: Operation) async throws -> Submission {
        do {
            try await primary.enqueue(operation.itemID)
            return .accepted
        } catch let error as CoordinatorError where error.code == .completed {
            return .refused
        }
    }

    /// The highest first: while it drains, the others still take over from it.
    func drain() async throws {
        for member in members { try await member.drain() }
        ends.finish()
    }

    func shutdown() async {
        for member in members { member.cancel() }
        for member in members { await member.shutdown() }
        ends.finish()
    }

    func accounting() -> TargetAccounting { TargetAccounting(primary.groupStats) }

    func sample() -> TargetSample { TargetSample(accounting: accounting()) }

    var signals: (any SignalPort)? { port }

    func apply(_ control: ControlAction) throws {
        guard control == .cancel else { return }
        for member in members { member.cancel() }
    }
}

extension PriorityProcessorTarget.Options {
    /// The library's options of each member.
    fileprivate func library(_ environment: TargetEnvironment) -> PriorityProcessorOptions {
        var options = PriorityProcessorOptions(failureThreshold: failureThreshold ?? 3, maxConcurrency: maxConcurrency)
        if let failureWindow { options.failureWindow = failureWindow.duration }
        if let probeInterval { options.probeInterval = probeInterval.duration }
        if let retryFailedOnBackup { options.retryFailedOnBackup = retryFailedOnBackup }
        if let queueCapacity { options.queueCapacity = queueCapacity }
        if let maxTracked { options.maxTracked = maxTracked }
        (options.time, options.executor) = (environment.time, environment.executor)
        return options
    }
}

extension Operation {
    /// The operation as processors know it: `7`, or with key and lane `7.3.1`.
    fileprivate var itemID: String { key == 0 && lane == 0 ? "\(index)" : "\(index).\(key).\(lane)" }

    fileprivate init(itemID: String) {
        let numbers = itemID.split(separator: ".").map { Int($0) ?? 0 }
        self.init(
            index: numbers.first ?? 0,
            key: numbers.count > 1 ? numbers[1] : 0,
            lane: numbers.count > 2 ? numbers[2] : 0
        )
    }
}
