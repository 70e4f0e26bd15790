/// What came of comparing two builds: what every rendering of it shows.
public struct GateReport: Codable, Sendable, Equatable {
    /// The version of the format; 1.
    public var format = 1
    /// The former build.
    public var base: Side
    /// The new build.
    public var head: Side
    /// All figures, target by target.
    public var rows: [RegressionRow]
    /// The average change of each paired metric.
    public var means: [RegressionMean]
    /// The machine during the comparison.
    public var environment: EnvironmentInfo
    /// Whether the user stopped it.
    public var interrupted = false
    /// Remarks for the reader.
    public var notes: [String]

    /// One of the two builds.
    public struct Side: Codable, Sendable, Equatable {
        /// The executable as it was named.
        public var executable: String
        /// The build's kind, compiler and allocator.
        public var build: String

        /// Creates a description of a build.
        public init(executable: String, build: String) {
            self.executable = executable
            self.build = build
        }
    }

    /// Creates a report.
    public init(
        base: Side,
        head: Side,
        rows: [RegressionRow],
        environment: EnvironmentInfo,
        notes: [String]
    ) {
        self.base = base
        self.head = head
        self.rows = rows
        means = rows.geometricMeans
        self.environment = environment
        self.notes = notes
    }

    /// The judgement over all rows.
    public var verdict: RegressionRow.Verdict {
        let figures = figures
        if figures.contains(where: { $0.verdict == .regressed }) { return .regressed }
        if interrupted || figures.contains(where: { $0.verdict == .inconclusive }) { return .inconclusive }
        return figures.allSatisfy { $0.verdict == .unmeasured } ? .inconclusive : .same
    }

    /// The rows that block or let pass: those that are only told are none, and a suspicion that came to nothing is no figure.
    public var figures: [RegressionRow] {
        rows.filter { row in
            row.tier != .observational && !(row.quantity == RegressionRow.validity && row.verdict == .same)
        }
    }

    /// The status that the comparison ends the process with.
    public var status: ExitStatus {
        let isViolated = rows.contains { $0.quantity == RegressionRow.invariants && $0.verdict == .regressed }
        return .gravest(of: [
            interrupted ? .interrupted : .pass,
            isViolated ? .invariantViolated : .pass,
            verdict == .regressed ? .regression : .pass,
            verdict == .inconclusive ? .invalidOrInconclusive : .pass,
        ])
    }
}

extension RegressionRow {
    /// Which share of the regressions may be false on average.
    public static let falseDiscoveries = 0.05
    /// The quantity of the row that tells of invariants.
    public static let invariants = "invariants"
    /// The quantity of the row that tells of a target that the new build lost.
    public static let target = "target"
    /// The quantity of the row that tells of a clock that the new build no longer runs a target on.
    public static let clock = "clock"
    /// The quantity of the row that tells of a build's process that failed.
    public static let process = "process"
    /// The quantity of the row that tells of runs of the new build that do not count.
    public static let validity = "validity"
    /// The quantity of the row that tells of a target that one of a baseline and a result lacks.
    public static let baseline = "baseline"
}
