/// The comparison that a scenario asks for: a table, who is first in it, and which of its columns others are not better than.
public struct SideBySide: Codable, Sendable, Equatable {
    /// The figures.
    public var table: ResultComparison
    /// What of each figure is shown.
    public var show: [Comparison.Detail]
    /// Who is first, by row; empty when nobody asked.
    public var rankings: [Ranking]
    /// Which columns are worth a look, by row; empty when nobody asked.
    public var fronts: [Front]

    /// The columns under equal circumstances, ordered by one metric.
    public struct Ranking: Codable, Sendable, Equatable {
        /// The values of the row keys.
        public var keys: [String]
        /// The metric's fixed name.
        public var metric: String
        /// The columns that have a value, the best first; those with the same value share a place.
        public var places: [[String]]
    }

    /// The columns under equal circumstances that no other one dominates: is at least as good in every metric, and better in one.
    public struct Front: Codable, Sendable, Equatable {
        /// The values of the row keys.
        public var keys: [String]
        /// The metrics' fixed names.
        public var metrics: [String]
        /// The columns that are not dominated.
        public var columns: [String]
        /// Those that are, each with the first that dominates it.
        public var dominated: [Dominated]
        /// Those of which not all metrics were measured.
        public var unmeasured: [String]
    }

    /// A column that another one is better than.
    public struct Dominated: Codable, Sendable, Equatable {
        /// The column.
        public var column: String
        /// The other one.
        public var by: String
    }
}

extension SideBySide {
    /// Sets the figures of a scenario side by side.
    ///
    /// - Parameters:
    ///   - results: The scenario's results: one, or one for each combination of its matrix.
    ///   - comparison: What the scenario asks for.
    ///   - seeksNoise: Whether the baseline was run twice as often, to see how much its figures differ by chance.
    ///   - seed: The seed of resampling.
    /// - Throws: ``ComparisonError`` where there is nothing to be compared.
    public init(
        _ results: [ComparedResult],
        by comparison: Comparison,
        seeksNoise: Bool = false,
        seed: UInt64 = 1
    ) throws(ComparisonError) {
        var settings = ResultComparison.Settings()
        settings.rows = comparison.rowKeys
        settings.column = comparison.columns
        settings.metrics = comparison.metrics
        settings.baseline = comparison.baseline
        settings.seeksNoise = seeksNoise
        settings.seed = seed
        let table = try ResultComparison(results, settings: settings)
        let groups = table.rowGroups
        let rankings =
            comparison.rankBy.map { metric in
                groups.compactMap { Ranking($0, by: metric, columns: table.columns) }
            } ?? []
        let fronts = groups.map { Front($0, over: comparison.pareto, columns: table.columns) }
        self.init(
            table: table,
            show: comparison.show,
            rankings: rankings,
            fronts: comparison.pareto.count > 1 ? fronts : []
        )
    }
}

extension ResultComparison {
    /// The rows of equal circumstances, in order.
    fileprivate var rowGroups: [[Row]] {
        rows.map(\.keys).uniqued.map { keys in rows.filter { $0.keys == keys } }
    }
}

extension [ResultComparison.Row] {
    /// The values of a metric by column, turned so that less is better; `nil` when none has one.
    fileprivate func costs(_ metric: String) -> [Double?]? {
        guard let row = first(where: { $0.metric == metric }) else { return nil }
        let sign: Double = MetricCatalogue.metric(named: metric)?.better == .higher ? -1 : 1
        return row.cells.map { cell in cell.value.map { $0.value * sign } }
    }
}

extension SideBySide.Ranking {
    fileprivate init?(_ rows: [ResultComparison.Row], by metric: String, columns: [String]) {
        guard let costs = rows.costs(metric) else { return nil }
        let known = zip(columns, costs).compactMap { column, cost in cost.map { (column: column, cost: $0) } }
        let values = Set(known.map(\.cost)).sorted()
        self.init(
            keys: rows.first?.keys ?? [],
            metric: metric,
            places: values.map { value in known.filter { $0.cost == value }.map(\.column) }
        )
    }
}

extension SideBySide.Front {
    fileprivate init(_ rows: [ResultComparison.Row], over metrics: [String], columns: [String]) {
        let costs = metrics.map { rows.costs($0) ?? [] }
        var known: [(column: String, costs: [Double])] = []
        var unmeasured: [String] = []
        for (index, column) in columns.enumerated() {
            let own = costs.compactMap { $0.indices.contains(index) ? $0[index] : nil }
            if own.count == metrics.count { known.append((column, own)) } else { unmeasured.append(column) }
        }
        let dominated = known.compactMap { one in
            known.first { other in
                zip(other.costs, one.costs).allSatisfy { $0 <= $1 } && other.costs != one.costs
            }.map { SideBySide.Dominated(column: one.column, by: $0.column) }
        }
        self.init(
            keys: rows.first?.keys ?? [],
            metrics: metrics,
            columns: known.map(\.column).filter { column in !dominated.contains { $0.column == column } },
            dominated: dominated,
            unmeasured: unmeasured
        )
    }
}
