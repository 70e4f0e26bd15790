/// Which figures are set side by side in the report, and how.
public struct Comparison: Sendable, Equatable {
    /// What ratios refer to: the id of a target, or another value of the key that columns are told apart by.
    public var baseline: String
    /// The metrics that are compared.
    public var metrics: [String] = ["throughput", "response.p50", "response.p99", "cpu.perOperation"]
    /// The keys that rows are told apart by; `nil` takes what the scenario's matrix varies.
    public var rows: [String]?
    /// The key that columns are told apart by.
    public var columns = "target"
    /// What is shown of each figure.
    public var show: [Detail] = Detail.allCases
    /// The metric by which columns are ranked.
    public var rankBy: String?
    /// The metrics of which no column may be worse in all to be worth a look; fewer than two ask for nothing.
    public var pareto: [String] = []
    /// What the scenario's matrix varies.
    public var axes: [String] = []

    /// What can be shown of a figure.
    public enum Detail: String, Codable, Sendable, CaseIterable {
        /// The median.
        case value
        /// Its ratio to the baseline's.
        case ratio
        /// The intervals of 95 % of those that are shown.
        case ci95
        /// What the ratio means, in words.
        case verdict
    }

    /// Creates a comparison against `baseline`.
    public init(baseline: String) {
        self.baseline = baseline
    }

    /// The keys that rows are told apart by.
    public var rowKeys: [String] { rows ?? axes }

    /// Whether it asks for more than one row of figures for each target of one run of the scenario.
    public var isDetailed: Bool {
        let isSplit = rowKeys.contains { !axes.contains($0) }
        return isSplit || columns != "target" || rankBy != nil || pareto.count > 1 || show != Detail.allCases
    }
}
