/// Results side by side: one row per value of the row keys and metric, one column per value of the column key.
public struct ResultComparison: Codable, Sendable, Equatable {
    /// The keys that rows are told apart by.
    public var rowKeys: [String]
    /// The key that columns are told apart by.
    public var columnKey: String
    /// The headings of the columns; the first is what the others are compared with.
    public var columns: [String]
    /// The rows.
    public var rows: [Row]
    /// The average of the ratios of each metric, by column.
    public var means: [Mean]
    /// How the machines and builds differ, in sentences.
    public var differences: [String]

    /// One metric under equal circumstances.
    public struct Row: Codable, Sendable, Equatable {
        /// The values of the row keys.
        public var keys: [String]
        /// The metric's fixed name.
        public var metric: String
        /// One cell per column.
        public var cells: [Cell]
        /// By what share the first column's figure differs from itself by chance; `nil` when it was not looked for.
        public var noise: Double?
    }

    /// One figure and its relation to the first column's.
    public struct Cell: Codable, Sendable, Equatable {
        /// The median over the runs; `nil` when none measured it.
        public var value: Metric?
        /// How many runs it is the median of.
        public var runs: Int
        /// The median's interval of 95 %; `nil` for a single run.
        public var interval: ConfidenceInterval?
        /// The value divided by the first column's.
        public var ratio: Double?
        /// The ratio's interval of 95 %.
        public var ratioInterval: ConfidenceInterval?
        /// What the ratio means.
        public var verdict: Word
        /// On which side of the value the figure lies where searches know no more of it; `nil` where they do.
        public var bound: CapacityBound.Side?
        /// Whether the figure is of virtual time alone, where nothing is left to chance; `nil` where it is not.
        public var isExact: Bool?
    }

    /// The geometric mean of ratios over all rows of a metric.
    public struct Mean: Codable, Sendable, Equatable {
        /// The metric's fixed name.
        public var metric: String
        /// One mean per column; `nil` where a row has no ratio.
        public var ratios: [Double?]
    }

    /// What a ratio means, in a word.
    public enum Word: String, Codable, Sendable, CaseIterable {
        /// The first column itself.
        case reference
        /// The whole interval is better, by more than the margin.
        case better
        /// The whole interval is worse, by more than the margin.
        case worse
        /// The whole interval lies within the margin.
        case same
        /// The interval allows for more than one of these.
        case unclear
        /// The difference is no larger than the noise floor.
        case unseen
        /// There is a difference in a figure that has no better direction.
        case different
        /// Too few runs for an interval.
        case single
        /// One of the two was not measured.
        case missing
    }
}

/// Results cannot be set side by side.
public struct ComparisonError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, and the mend.
    public var description: String

    /// Creates an error.
    public init(_ description: String) {
        self.description = description
    }
}
