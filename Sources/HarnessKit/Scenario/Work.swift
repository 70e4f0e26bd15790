/// What an operation does while it runs.
public struct Work: Sendable, Equatable {
    /// How long the work takes.
    public var time: DurationDistribution = .constant(.zero)
    /// How that time is spent.
    public var kind: Kind = .none

    /// How work time is spent.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        /// Suspended, as while waiting for a reply.
        case suspend
        /// Computing: the body burns CPU time of its thread.
        case cpu
        /// Not at all: the body returns at once.
        case none
    }

    /// Creates work that takes no time.
    public init() {}

    /// Creates work.
    public init(time: DurationDistribution, kind: Kind) {
        self.time = time
        self.kind = kind
    }
}

/// A distribution of durations.
public enum DurationDistribution: Sendable, Equatable {
    /// Always the same.
    case constant(Duration)
    /// Equally likely between two bounds.
    case uniform(min: Duration, max: Duration)
    /// Memoryless, by its mean.
    case exponential(mean: Duration)
    /// By its median and its 99th percentile.
    case lognormal(median: Duration, p99: Duration)
}

/// Something that goes wrong for a share of operations or attempts.
public struct FaultRule: Sendable, Equatable {
    /// The name that reports use.
    public var id: String
    /// Whether the share is drawn once per operation or anew per attempt.
    public var scope: Scope
    /// The share that is hit, from 0 to 1.
    public var rate: Double
    /// When the rule is active.
    public var active: Window
    /// The only part of the target that is hit, from 1; `nil` hits whoever makes the attempt.
    ///
    /// A target without parts is all one part, the first.
    public var part: Int?
    /// What happens.
    public var effect: Effect

    /// Whether a share is drawn per operation or per attempt.
    public enum Scope: String, Sendable, CaseIterable, Codable {
        case operation
        case attempt
    }

    /// When a rule is active, by the operation's intended start.
    public enum Window: Sendable, Equatable {
        case always
        /// During a phase.
        case phase(String)
        /// Between two times from the start of the run.
        case between(Duration, Duration)
    }

    /// What happens to an attempt that is hit.
    public enum Effect: Sendable, Equatable {
        /// The body throws an error of this name after its work.
        case error(String)
        /// The body takes this much longer.
        case delay(DurationDistribution)
        /// What a plugin says.
        case plugin(PluginFault)
    }

    /// Creates a fault rule.
    public init(id: String, scope: Scope, rate: Double, active: Window = .always, effect: Effect) {
        self.id = id
        self.scope = scope
        self.rate = rate
        self.active = active
        self.effect = effect
    }
}

/// Something that happens at a fixed time of the run.
public struct TimelineEvent: Sendable, Equatable {
    /// The name that expectations refer to; its end is `<id>.end`.
    public var id: String
    /// When it happens first, from the start of the run.
    public var at: Duration
    /// How long it lasts: a raised signal is retracted after this time, work takes its former time; `nil` leaves it.
    public var duration: Duration?
    /// The distance of repetitions.
    public var every: Duration?
    /// How often it happens in all.
    public var times = 1
    /// What happens.
    public var action: Action

    /// What a timeline event does.
    public enum Action: Sendable, Equatable {
        /// Raises a signal of this name.
        case raise(String)
        /// Retracts all signals that match this name or glob.
        case retract(String)
        /// Only marks the time, for expectations and charts.
        case mark(String)
        /// Cancels the target, as its own `cancel()` does.
        case cancel
        /// Drains the target, as its own `drain()` does: what comes later is refused.
        case drain
        /// Stops starts, as the target's own `pause()` does; `for` resumes.
        case pause
        /// Sets the target's concurrency limit.
        case setMaxConcurrency(Int)
        /// Sets the work time of attempts that begin from now on.
        case setWorkTime(DurationDistribution)
        /// Keeps bodies that run from going on.
        case stall
        /// Makes something go wrong in the target; `for` puts it right again.
        case fault(TargetFault)
    }

    /// Creates an event.
    public init(id: String, at: Duration, action: Action) {
        self.id = id
        self.at = at
        self.action = action
    }
}
