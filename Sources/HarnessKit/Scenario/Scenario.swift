/// One scenario: what load is offered to which targets, what goes wrong meanwhile, and what must hold.
///
/// A scenario is read from a JSON file (see `writing-scenarios`); all values here are checked and in base units.
public struct Scenario: Sendable, Equatable {
    /// The scenario's name, unique among the files of a run; names the run folder.
    public var name: String
    /// One sentence on what the scenario shows.
    public var summary: String
    /// Words to select scenarios by.
    public var tags: [String] = []
    /// The seed of all randomness.
    public var seed: UInt64
    /// The clocks that every target is run on, one after the other.
    public var clocks: [RunClock] = [.real]
    /// The systems under test, in the order of the file.
    public var targets: [TargetSpec]
    /// What is offered, and when.
    public var load: Load
    /// What an operation does while it runs.
    public var work: Work = Work()
    /// What goes wrong, by operation or attempt.
    public var faults: [FaultRule] = []
    /// What happens at fixed times.
    public var timeline: [TimelineEvent] = []
    /// What must hold on every history.
    public var invariants: InvariantSelection = .listed([])
    /// Absolute conditions on metrics.
    public var expectations: [Expectation] = []
    /// How often each target is run.
    public var runs: RunSettings = RunSettings()
    /// How much is recorded.
    public var record: RecordingLevel = .history
    /// Which targets are set side by side.
    public var comparison: Comparison?
    /// What may not get worse from one build to the next; `nil` takes the standard rules.
    public var regression: RegressionRules?
    /// Which reports are written.
    public var report: ReportSettings = ReportSettings()

    /// Creates a scenario with the required parts; the others have their defaults.
    public init(name: String, summary: String, seed: UInt64, targets: [TargetSpec], load: Load) {
        self.name = name
        self.summary = summary
        self.seed = seed
        self.targets = targets
        self.load = load
    }
}

/// A target of a scenario: which plugin, under which name, with which options.
public struct TargetSpec: Sendable, Equatable {
    /// The name that expectations and reports use.
    public var id: String
    /// The id of the target plugin.
    public var use: String
    /// The plugin's options as written, already checked against its options type.
    public var options: JSONValue = .object([:])
    /// How many attempts an operation gets at most; `nil` when that cannot be foreseen.
    public var maxAttempts: Int? = 1
    /// What must be there outside of the process for it to run.
    public var requirements: [String] = []
    /// What happens when something of that is not there.
    public var otherwise = Otherwise.fail

    /// What happens when something is not there that a target requires.
    public enum Otherwise: String, Sendable, CaseIterable, Codable {
        /// It is run all the same, and the run is invalid if it cannot be made.
        case fail
        /// It is not run, and the result says so.
        case skip
    }

    /// Creates a target of a scenario.
    public init(id: String, use: String, options: JSONValue = .object([:])) {
        self.id = id
        self.use = use
        self.options = options
    }
}

/// How much a run records.
public enum RecordingLevel: String, Sendable, CaseIterable, Codable {
    /// Every event: all invariants can be answered.
    case history
    /// Histograms and counts, no history.
    case latency
    /// Counts alone, and no clock read per operation: for throughput ceilings.
    case counts
}

/// How often each target is run, and in what order.
public struct RunSettings: Sendable, Equatable {
    /// Fresh runs of each target; figures are medians over them.
    public var repetitions = 1
    /// Whether one repetition of every target follows another, or all repetitions of a target come at once.
    ///
    /// With ``processes`` a process counts as a repetition does without.
    public var order: Order = .interleavedRandom
    /// How many fresh processes each target is run in on the real clock, `repetitions` times in each; `nil` runs all in
    /// one process.
    public var processes: Int?
    /// How long the runs on the real clock may take; `nil` is no bound.
    ///
    /// The round that is running then is the last.
    public var budget: Duration?
    /// How many seeds every target is run under in virtual time, counted up from the scenario's: a look for one under which
    /// something breaks.
    public var virtualSeeds = 1
    /// Whether every run in virtual time is made twice, and both must be equal.
    public var verifyDeterminism = false
    /// Whether the target that others are compared with is run twice as often on the real clock, to see how much its figures
    /// differ when nothing does; not with ``Order/sequential``, where its runs do not stand among the others'.
    public var noiseFloor = false

    /// The order of repeated runs.
    public enum Order: String, Sendable, CaseIterable, Codable {
        /// Repetition by repetition, targets in an order drawn from the seed each time.
        case interleavedRandom = "interleaved-random"
        /// Repetition by repetition, targets in the scenario's order.
        case interleaved
        /// Target by target.
        case sequential
    }

    /// Creates settings for a single run of each target.
    public init() {}
}

/// Which reports a run writes.
public struct ReportSettings: Sendable, Equatable {
    /// Ids of report formats.
    public var formats: [String] = ["console", "markdown", "csv", "json"]
    /// The report's title; the scenario's name when absent.
    public var title: String?

    /// Creates the default settings.
    public init() {}
}
