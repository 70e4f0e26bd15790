/// What a target can do and what it promises.
public struct TargetCapabilities: Sendable, Equatable {
    /// Whether operations are pushed in one by one, or the target pulls them from a source.
    public var intake: Intake = .push
    /// Whether it orders or limits by key.
    public var isKeyed = false
    /// Whether it may refuse an operation.
    public var refuses = false
    /// Whether it may drop an operation that it has accepted, and says so in its accounting.
    public var discards = false
    /// Whether it has a place where signals are raised and seen.
    public var hasSignals = false
    /// Whether operations are signals that it delivers to handlers, the first of which runs the body.
    public var deliversSignals = false
    /// Why it cannot run in virtual time; `nil` when it can.
    ///
    /// What runs in virtual time takes its time from ``TargetEnvironment/time`` and runs on
    /// ``TargetEnvironment/executor``: no threads, queues, sleeps or networks of its own.
    public var virtualObstacle: String?
    /// How one learns that an accepted operation has come to its end for good.
    public var ending = Ending.unknown
    /// How many parts with slots of their own it has when its options name no `members`.
    public var parts = 1
    /// Timeline actions besides signals that it understands.
    public var controls: Set<Control> = []
    /// What the timeline can make go wrong in it; its instances are ``FaultyInstance``.
    public var faults: [TargetFault.Scope: Set<TargetFault.Kind>] = [:]
    /// Things outside of the process that a scenario may say it requires, and that ``Target/obstacle(to:options:)`` looks for.
    public var requirements: Set<String> = []
    /// The invariants that it promises to keep.
    public var invariants: [InvariantSpec] = ["conservation", "concurrency-bound", "no-task-leak"]
        .map { InvariantSpec(use: $0) }

    /// How operations reach a target.
    public enum Intake: String, Sendable, Codable {
        case push
        case pull
    }

    /// How one learns that an accepted operation has come to its end for good.
    ///
    /// A pipeline may have a target behind another one as long as it is not unknown.
    public enum Ending: String, Sendable, Codable {
        /// There may be further attempts, and nobody says which is the last.
        case unknown
        /// With the only call of its body, or by ``TargetObserver/discarded(_:)``.
        case withBody
        /// By ``TargetObserver/ended(_:error:)``, or by ``TargetObserver/discarded(_:)`` when the body was never called.
        case told
    }

    /// A control that a target understands.
    public enum Control: String, Sendable, CaseIterable, Codable {
        case cancel
        /// ``TargetInstance/drain()`` may be called while operations still come; those are refused.
        case drain
        case pause
        case setMaxConcurrency
    }

    /// Creates the capabilities of a plain pushed target.
    public init() {}
}

extension TargetCapabilities {
    /// Why the target cannot be one of several that are put behind each other; `nil` when it can.
    public var stageObstacle: String? {
        if intake == .pull { return "it pulls its operations from a source" }
        if ending == .unknown { return "it does not tell when an operation has ended" }
        return virtualObstacle
    }
}
