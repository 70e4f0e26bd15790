/// Everything that is known of a finished suite run of one scenario: what `result.json` holds and every report shows.
///
/// All durations are in seconds.
public struct RunResult: Codable, Sendable, Equatable {
    /// The version of the format; 1.
    public var format = 1
    /// Which scenario was run.
    public var scenario: ScenarioInfo
    /// On what machine and with what build.
    public var environment: EnvironmentInfo
    /// The outcome.
    public var verdict: Verdict
    /// Whether the run was stopped by the user; the rest is what was known then.
    public var interrupted = false
    /// One entry per target and repetition, in the order they were run.
    public var runs: [TargetRun]
    /// Medians over the repetitions of each target on each clock, in the order of the scenario.
    public var targets: [TargetSummary]
    /// One entry per expectation, clock and target.
    public var expectations: [ExpectationResult]
    /// Why the result as a whole does not count, beside the runs' own reasons; `nil` when there is nothing.
    public var objections: [String]?
    /// Targets that were not run on a clock of the scenario, and why; `nil` when there are none.
    public var notRun: [SkippedRun]?
    /// What came of the targets under many seeds in virtual time; `nil` when one was enough.
    public var seeds: [SeedSummary]?
    /// What the search for the highest rate came to, target by target; `nil` where the load is no search.
    ///
    /// The target's entry among the runs is then the trial at that rate.
    public var searches: [CapacitySearch]?
    /// How the figures stand to those of the baseline; `nil` when none was asked for.
    public var regressions: [RegressionRow]?
    /// The targets side by side; `nil` when the scenario compares nothing.
    public var comparison: ComparisonResult?
    /// The figures by rows and columns of the scenario's choice; `nil` when it makes none.
    public var sideBySide: SideBySide?
    /// How much figures differ when nothing does; `nil` when it was not looked for.
    public var noise: NoiseReport?
    /// Remarks for the reader: closed forms of the scenario, oddities of the run.
    public var notes: [String] = []

    /// Creates a result without comparison and notes.
    public init(
        scenario: ScenarioInfo,
        environment: EnvironmentInfo,
        verdict: Verdict,
        runs: [TargetRun],
        targets: [TargetSummary],
        expectations: [ExpectationResult]
    ) {
        self.scenario = scenario
        self.environment = environment
        self.verdict = verdict
        self.runs = runs
        self.targets = targets
        self.expectations = expectations
    }
}

/// The outcome of a run.
public enum Verdict: String, Codable, Sendable, CaseIterable {
    case pass
    case fail
    /// The load generator or the machine did not do what the scenario asked.
    case invalid
    case inconclusive
}

/// Which scenario was run.
public struct ScenarioInfo: Codable, Sendable, Equatable {
    /// The scenario's name.
    public var name: String
    /// One sentence on what it shows.
    public var summary: String
    /// The report's title; `nil` means the name.
    public var title: String?
    /// The file it was read from.
    public var file: String?
    /// SHA-free 64-bit digest of the resolved scenario, in hexadecimal.
    public var digest: String
    /// Its tags.
    public var tags: [String] = []
    /// The seed that was used.
    public var seed: UInt64
    /// How much was recorded, as the scenario asks.
    public var record: RecordingLevel

    /// Creates a description without title, file and tags.
    public init(name: String, summary: String, digest: String, seed: UInt64, record: RecordingLevel) {
        self.name = name
        self.summary = summary
        self.digest = digest
        self.seed = seed
        self.record = record
    }
}
