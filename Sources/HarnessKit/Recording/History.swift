/// Every recorded event of one run, ordered by time; events of equal time keep the order in which they were recorded.
///
/// Times are nanoseconds from the start of the run. What invariants are functions of.
public struct History: Sendable, Equatable {
    /// The events, oldest first.
    public var events: [HistoryEvent] = []
    /// Signal names, by the number that events carry.
    public var signalNames: [String] = []
    /// Error names, by the number that events carry; 0 is none.
    public var errorNames: [String] = [""]
    /// Lane names, by the number that events carry; empty when the scenario names no lanes.
    public var laneNames: [String] = []

    /// What the target said of itself during the run, oldest first; empty unless an invariant asked for it.
    public var samples: [HistorySample] = []

    /// Creates an empty history.
    public init() {}
}

extension History {
    /// An event in words, without looking anything up elsewhere.
    func words(for event: HistoryEvent) -> String {
        let attempt = event.attempt > 1 ? ", attempt \(event.attempt)," : ""
        return "\(event.kind) of \(subject(of: event))\(attempt) at \(FindingText.time(event.time))"
    }
}

/// What a target said of itself between two times, in nanoseconds from the start of the run.
public struct HistorySample: Sendable, Equatable {
    /// When the reading began.
    public var begin: Int64
    /// When it had ended.
    public var end: Int64
    /// What it was.
    public var sample: TargetSample

    /// Creates a value.
    public init(begin: Int64, end: Int64, sample: TargetSample) {
        self.begin = begin
        self.end = end
        self.sample = sample
    }
}

/// One event of a history.
public struct HistoryEvent: Sendable, Equatable {
    /// Nanoseconds from the start of the run.
    public var time: Int64
    /// The operation's index; -1 for events without one.
    public var operation: Int32
    /// The operation's key; for `assigned` the number of the part.
    ///
    /// For events of signals, and for `emitted`, the number of the signal's name.
    public var detail: Int32
    /// What happened.
    public var kind: Kind
    /// From 1; 0 for events outside an attempt.
    public var attempt: UInt8
    /// The error's name number for a failed finish.
    public var error: UInt16
    /// The number of the operation's lane.
    public var lane: UInt8

    /// What happened.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The harness offered the operation.
        case submitted
        /// The target took it.
        case accepted
        /// The target refused it.
        case refused
        /// An attempt of the body began.
        case started
        /// An attempt ended normally.
        case completed
        /// An attempt ended with an error.
        case failed
        /// An attempt ended by cancellation.
        case cancelled
        /// The target dropped an accepted operation that never started.
        case discarded
        /// The harness is about to raise a signal.
        case signalSent
        /// A signal was seen to be raised, whoever raised it.
        case signalRaised
        case signalRetracted
        /// Whoever waited for the operation got its own result.
        case delivered
        /// Whoever waited for the operation was told that there is no result.
        case deliveredNothing
        /// Whoever waited for the operation got another operation's result.
        case misdelivered
        /// A part of the target makes the attempt that follows: the member of a group, a batch.
        case assigned
        /// The target told that the operation has come to its end, whatever the number of its attempts.
        case ended
        /// The target told that the operation raised a signal.
        case emitted
    }

    /// Creates an event.
    public init(
        time: Int64,
        kind: Kind,
        operation: Int32 = -1,
        detail: Int32 = 0,
        attempt: UInt8 = 0,
        error: UInt16 = 0,
        lane: UInt8 = 0
    ) {
        self.time = time
        self.operation = operation
        self.detail = detail
        self.kind = kind
        self.attempt = attempt
        self.error = error
        self.lane = lane
    }
}
