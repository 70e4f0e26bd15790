/// The invariants of a scenario.
public enum InvariantSelection: Sendable, Equatable {
    /// Every invariant that a target declares for itself.
    case all
    /// These.
    case listed([InvariantSpec])
}

/// One invariant of a scenario with its options.
public struct InvariantSpec: Sendable, Equatable {
    /// The invariant's id.
    public var use: String
    /// Its options, checked against the invariant's options type.
    public var options: JSONValue = .object([:])

    /// Creates an invariant of a scenario.
    public init(use: String, options: JSONValue = .object([:])) {
        self.use = use
        self.options = options
    }
}

/// An absolute condition on a metric: `response.p99 < 400ms`.
public struct Expectation: Sendable, Equatable {
    /// The condition as written.
    public var text: String
    /// What is measured.
    public var metric: MetricPath
    /// What it must satisfy, in the metric's base unit.
    public var condition: Condition
    /// The phase whose figures count; `nil` means all measured phases.
    public var phase: String?
    /// The window of intended starts that counts, from the start of the run.
    public var window: ClosedRange<Duration>?
    /// The timeline event or burst, or its end (`<id>.end`), that `time.until` counts from.
    public var after: String?
    /// Glob over target ids; every matching target must satisfy the condition.
    public var target: String = "*"
    /// Glob over other target ids: the condition is on the ratio to the best of them.
    public var versus: String?
    /// Whether a miss fails the run.
    public var level: Level = .fail
    /// The clock on which it applies; `nil` means every clock that the target is run on.
    public var clock: RunClock?

    /// What a miss means.
    public enum Level: String, Sendable, CaseIterable, Codable {
        case fail
        case warn
    }

    /// A comparison or a range.
    public enum Condition: Sendable, Equatable {
        case compare(Comparator, Double)
        case within(ClosedRange<Double>)
    }

    /// A comparison operator.
    public enum Comparator: String, Sendable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case equal = "=="
        case notEqual = "!="
    }

    /// Creates an expectation on all targets and measured phases.
    public init(text: String, metric: MetricPath, condition: Condition) {
        self.text = text
        self.metric = metric
        self.condition = condition
    }
}

/// The address of a metric in an expectation.
public enum MetricPath: Sendable, Hashable {
    /// A metric by its fixed name, statistic included: `response.p99`.
    case named(String)
    /// How many signals match a glob: `signals[backpressure.*].count`.
    case signalCount(pattern: String)
    /// The time from an event to the first start after it: `time.until(start)`, over the event's repetitions.
    case timeUntilStart(statistic: String)
    /// The time from an event until the depth is at most this: `time.until(depth <= 8)`.
    case timeUntilDepth(atMost: Int)
}
