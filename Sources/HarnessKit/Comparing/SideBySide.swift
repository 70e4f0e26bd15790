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
        /// The columns that have a value, the best first; those that nothing tells apart share a place.
        public var places: [[String]]
    }

    /// The columns under equal circumstances that no other one dominates.
    ///
    /// A column dominates another whose median it is at least as good as in every metric, and better in one by more than chance
    /// explains.
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
        let isJudged = comparison.pareto.count > 1
        let fronts = isJudged ? groups.map { Front($0, over: comparison.pareto, columns: table.columns) } : []
        self.init(table: table, show: comparison.show, rankings: rankings, fronts: fronts)
    }
}

extension ResultComparison {
    /// The rows of equal circumstances, in order.
    fileprivate var rowGroups: [[Row]] {
        rows.map(\.keys).uniqued.map { keys in rows.filter { $0.keys == keys } }
    }
}

extension [ResultComparison.Row] {
    fileprivate func row(_ metric: String) -> ResultComparison.Row? { first { $0.metric == metric } }
}

extension ResultComparison.Row {
    /// The values by column, turned so that less is better.
    fileprivate var costs: [Double?] {
        let sign: Double = MetricCatalogue.metric(named: metric)?.better == .higher ? -1 : 1
        return cells.map { cell in
            cell.value.map { (cell.bound == .below ? $0.value.nextDown : $0.value) * sign }
        }
    }
}

extension SideBySide.Ranking {
    fileprivate init?(_ rows: [ResultComparison.Row], by metric: String, columns: [String]) {
        guard let row = rows.row(metric) else { return nil }
        let known = row.costs.enumerated().compactMap { index, cost in cost.map { (index: index, cost: $0) } }
        var places: [[Int]] = []
        for one in known.sorted(by: { ($0.cost, $0.index) < ($1.cost, $1.index) }) {
            if let last = places.last, !last.contains(where: { row.tellsApart($0, one.index) }) {
                places[places.count - 1].append(one.index)
            } else {
                places.append([one.index])
            }
        }
        self.init(keys: row.keys, metric: metric, places: places.map { $0.map { columns[$0] } })
    }
}

extension SideBySide.Front {
    fileprivate init(_ rows: [ResultComparison.Row], over metrics: [String], columns: [String]) {
        let judged = metrics.compactMap { rows.row($0) }
        let costs = judged.map(\.costs)
        let measured = columns.indices.filter { index in
            judged.count == metrics.count && costs.allSatisfy { $0[index] != nil }
        }
        func dominates(_ other: Int, _ one: Int) -> Bool {
            let isNowhereWorse = zip(judged, costs).allSatisfy { row, costs in
                // A bound may hide that the other one is better after all.
                let isKnown = ![other, one].contains { row.cells[$0].isOpen } || row.tellsApart(other, one)
                return isKnown && (costs[other] ?? .infinity) <= (costs[one] ?? -.infinity)
            }
            return isNowhereWorse && judged.contains { $0.tellsApart(other, one) }
        }
        let dominated = measured.compactMap { one in
            measured.first { dominates($0, one) }.map {
                SideBySide.Dominated(column: columns[one], by: columns[$0])
            }
        }
        self.init(
            keys: rows.first?.keys ?? [],
            metrics: metrics,
            columns: measured.map { columns[$0] }.filter { column in !dominated.contains { $0.column == column } },
            dominated: dominated,
            unmeasured: columns.indices.filter { !measured.contains($0) }.map { columns[$0] }
        )
    }
}
