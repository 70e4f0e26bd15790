/// A property that must hold on every history, as a plugin.
public protocol Invariant: Sendable {
    /// The options of a scenario's invariant.
    associatedtype Options: Codable & Sendable

    /// The fixed name, as `fifo-per-key`.
    static var id: String { get }
    /// One sentence for `harness list`.
    static var summary: String { get }
    /// Whether it can be answered without a history, from accounting alone.
    static var needsHistory: Bool { get }
    /// Whether it looks at what the target said of itself during the run.
    static var needsSamples: Bool { get }

    /// Checks options beyond their types.
    static func validate(_ options: Options) throws

    /// Judges one run.
    static func check(_ evidence: Evidence, options: Options) -> Finding
}

extension Invariant {
    /// True.
    public static var needsHistory: Bool { true }
    /// False.
    public static var needsSamples: Bool { false }
    /// Accepts all values.
    public static func validate(_ options: Options) throws {}
}

/// What an invariant may look at.
public struct Evidence: Sendable {
    /// The run's events; `nil` when the recording level keeps none.
    public var history: History?
    /// The target's own counts after the run's end.
    public var accounting: TargetAccounting
    /// The harness's counts.
    public var tally: Tally
    /// The target's options in the scenario.
    public var targetOptions: JSONValue
    /// What the target can do.
    public var capabilities: TargetCapabilities
    /// Highest concurrency that the body saw, counted at its entry and exit.
    public var highestConcurrency: Int
    /// The names of the target's lanes, from the highest; `nil` when it has none.
    public var laneNames: [String]?
    /// How many attempts may run at once by the target's options; `nil` when only the option `maxConcurrency` tells.
    public var concurrency: Int?
    /// The highest concurrency limit that the timeline sets during the run; `nil` when it sets none.
    public var highestLimit: Int?
    /// The clock of the run.
    public var clock = RunClock.real
    /// What was left after the target's shutdown; `nil` when nobody looked.
    public var leftovers: RunLeftovers?
    /// Whether the run was given up before everything had ended: what is missing at its end may have been about to come.
    public var isCutOff = false

    /// Creates a value.
    public init(
        history: History?,
        accounting: TargetAccounting,
        tally: Tally,
        targetOptions: JSONValue,
        capabilities: TargetCapabilities,
        highestConcurrency: Int
    ) {
        self.history = history
        self.accounting = accounting
        self.tally = tally
        self.targetOptions = targetOptions
        self.capabilities = capabilities
        self.highestConcurrency = highestConcurrency
    }
}

/// The harness's own counts of one run.
public struct Tally: Sendable, Equatable {
    /// Operations offered to the target.
    public var offered = 0
    /// Operations that the target took.
    public var accepted = 0
    /// Operations that the target refused.
    public var refused = 0
    /// Attempts that began.
    public var started = 0
    /// Operations that ended normally.
    public var completed = 0
    /// Operations that ended with an error.
    public var failed = 0
    /// Operations that were cancelled or dropped.
    public var cancelled = 0
    /// Accepted operations that the target dropped and said so.
    public var discarded = 0

    /// Creates a value.
    public init() {}
}

/// An invariant's answer.
public enum Finding: Sendable, Equatable {
    /// It holds; says what was checked.
    case pass(String)
    /// It does not; says what, with the counter-example.
    ///
    /// Operations are named as `#7`, signals in single quotes and times as `12.345 ms`: reports pick the events by these.
    case fail(String)
    /// Cannot tell; says why.
    case unknown(String)
}
