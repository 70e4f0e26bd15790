/// The median figures of a target over its repetitions.
public struct TargetSummary: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The plugin's id.
    public var use: String
    /// The clock of the runs.
    public var clock: RunClock?
    /// How many runs the medians are of.
    public var repetitions: Int
    /// Medians of the metrics over all measured phases.
    public var total: MetricTable
    /// Smallest and largest value over the repetitions, by metric name; present when there are several.
    public var spread: [String: Spread]
    /// Intervals of 95 % for the medians, by metric name; `nil` for a single run.
    public var intervals: [String: ConfidenceInterval]?
    /// Distributions of all runs together, worked out from their added counts; `nil` for a single run.
    public var merged: MetricTable?

    /// The range of a value over repetitions.
    public struct Spread: Codable, Sendable, Equatable {
        /// The smallest value.
        public var min: Double
        /// The largest value.
        public var max: Double

        /// Creates a range.
        public init(min: Double, max: Double) {
            self.min = min
            self.max = max
        }
    }

    /// Creates a summary.
    public init(target: String, use: String, repetitions: Int, total: MetricTable, spread: [String: Spread] = [:]) {
        self.target = target
        self.use = use
        self.repetitions = repetitions
        self.total = total
        self.spread = spread
    }
}

/// Targets set side by side.
public struct ComparisonResult: Codable, Sendable, Equatable {
    /// The id of the target that ratios refer to.
    public var baseline: String
    /// The clock of the compared runs: the real one where the scenario is run on both.
    public var clock: RunClock?
    /// One row per metric.
    public var rows: [Row]

    /// One metric over all targets.
    public struct Row: Codable, Sendable, Equatable {
        /// The metric's fixed name.
        public var metric: String
        /// In the order of the scenario's targets.
        public var cells: [Cell]

        /// Creates a row.
        public init(metric: String, cells: [Cell]) {
            self.metric = metric
            self.cells = cells
        }
    }

    /// One target's value.
    public struct Cell: Codable, Sendable, Equatable {
        /// The target's id.
        public var target: String
        /// Its median; `nil` when it was not measured.
        public var value: Metric?
        /// Value divided by the baseline's.
        public var ratio: Double?

        /// Creates a cell.
        public init(target: String, value: Metric?, ratio: Double?) {
            self.target = target
            self.value = value
            self.ratio = ratio
        }
    }

    /// Creates a comparison.
    public init(baseline: String, rows: [Row]) {
        self.baseline = baseline
        self.rows = rows
    }
}
