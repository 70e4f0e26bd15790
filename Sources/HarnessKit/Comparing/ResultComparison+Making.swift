extension ResultComparison {
    /// What is compared, and how.
    public struct Settings: Sendable {
        /// The keys that rows are told apart by; those that fit when empty.
        public var rows: [String] = []
        /// The key that columns are told apart by; the one that fits when `nil`.
        public var column: String?
        /// The metrics; the ones that matter most when empty.
        public var metrics: [String] = []
        /// The share by which a figure must differ to be called better or worse.
        public var margin = 0.0
        /// The seed of resampling.
        public var seed: UInt64 = 1
        /// The column that the others are compared with; the first that is found when `nil`.
        public var baseline: String?
        /// Whether the runs of that column show how much figures differ by chance: twice as many as of the others.
        public var seeksNoise = false

        /// Creates the default settings.
        public init() {}
    }

    /// The metrics of a comparison that names none.
    public static let standardMetrics = [
        MetricCatalogue.capacity, "throughput", "success.ratio", "response.p50", "response.p99", "cpu.perOperation",
        "mallocs.perOperation",
        "hops.perOperation",
    ]

    /// Sets results side by side.
    ///
    /// - Parameters:
    ///   - results: At least one; one alone is compared target by target.
    ///   - settings: What is compared, and how.
    /// - Throws: ``ComparisonError`` for plans that differ within a row, and for keys that no run has a value for.
    public init(_ results: [ComparedResult], settings: Settings = Settings()) throws(ComparisonError) {
        columnKey = settings.column ?? (results.count > 1 ? "result" : "target")
        let column = columnKey
        let clocks = Set(results.flatMap { $0.result.runs.map(\.clock) })
        let standard = ["target"] + (clocks.count > 1 ? ["clock"] : [])
        var named = settings.rows.isEmpty ? standard.filter { $0 != column } : settings.rows
        // Figures of virtual time and of the machine's are never of one kind.
        if clocks.count > 1, !(named + [column]).contains("clock") { named.append("clock") }
        let samples = try ComparedSample.all(of: results, keys: named + [column, "use", "target"])
        let rowKeys = ComparedSample.rowKeys(named, column: column, tellingTargetsApartIn: samples)
        self.rowKeys = rowKeys
        let columns = try Self.columns(of: samples, key: column, baseline: settings.baseline)
        self.columns = columns
        guard columns.count > 1 else {
            throw ComparisonError(
                "there is nothing to compare: every run has the same \(column), '\(columns.first ?? "")'; "
                    + "name another key with --columns"
            )
        }
        try ComparedSample.requireEqualPlans(samples, rows: rowKeys, column: column)
        let names = settings.metrics.isEmpty ? Self.standardMetrics : settings.metrics
        let metrics = names.filter { name in samples.contains { $0.knows(name) } }
        let headings = samples.map { $0.heading(rowKeys) }.uniqued
        let bootstrap = Bootstrap(seed: settings.seed)
        var rows: [Row] = []
        for heading in headings {
            let own = samples.filter { $0.heading(rowKeys) == heading }
            for metric in metrics {
                let noise = settings.seeksNoise ? Self.noise(metric, columns[0], own, column: column) : nil
                var cells = Self.cells(metric, columns, own, column: column, margin: settings.margin, bootstrap)
                if let noise { cells = cells.map { $0.judged(with: noise) } }
                if metric == MetricCatalogue.capacity {
                    let columns = columns.map { name in own.filter { $0.keys[column] == name } }
                    cells = Self.heedingBounds(cells, columns, margin: max(settings.margin, noise ?? 0))
                }
                if cells.contains(where: { $0.value != nil }) {
                    rows.append(Row(keys: heading, metric: metric, cells: cells, noise: noise))
                }
            }
        }
        self.rows = rows
        guard rows.contains(where: { row in row.cells.count { $0.value != nil } > 1 }) else {
            let scenarios = results.map { "\($0.label) is of '\($0.result.scenario.name)'" }
            guard rowKeys == named || results.count > 1 else {
                throw ComparisonError(
                    "several targets have the same \(column) and are not mixed, and none of them has two of it; name "
                        + "another key with --columns, or make what tells targets of one \(column) apart a key of --rows"
                )
            }
            throw ComparisonError(
                "no row has figures of more than one column, so that nothing can be compared: "
                    + scenarios.joined(separator: ", ")
            )
        }
        means = Self.means(of: rows, columns: columns.count)
        differences = results.dropFirst().flatMap { other in
            results[0].result.environment.differences(
                from: other.result.environment,
                names: (results[0].label, other.label)
            )
        }
    }

    /// The values of the column key, the baseline's first.
    private static func columns(
        of samples: [ComparedSample],
        key: String,
        baseline: String?
    ) throws(ComparisonError) -> [String] {
        let columns = samples.map { $0.keys[key] ?? "" }.uniqued
        guard let baseline else { return columns }
        guard columns.contains(baseline) else {
            throw ComparisonError(
                "no run counts whose \(key) is '\(baseline)', which the others were to be compared with; there are "
                    + columns.map { "'\($0)'" }.joined(separator: ", ")
            )
        }
        return [baseline] + columns.filter { $0 != baseline }
    }

    /// By what share a column's figure differs from itself; `nil` in virtual time, where it does not.
    private static func noise(
        _ metric: String,
        _ name: String,
        _ samples: [ComparedSample],
        column: String
    ) -> Double? {
        let own = samples.filter { $0.keys[column] == name && !$0.isExact }
        // Bounds say nothing of how much what they bound differs.
        guard metric != MetricCatalogue.capacity || own.allSatisfy({ $0.capacityBound == nil }) else { return nil }
        return NoiseFloor.share(of: ComparedSample.groups(own, metric))
    }

    private static func cells(
        _ metric: String,
        _ columns: [String],
        _ samples: [ComparedSample],
        column: String,
        margin: Double,
        _ bootstrap: Bootstrap
    ) -> [Cell] {
        let groups = columns.map { name in ComparedSample.groups(samples.filter { $0.keys[column] == name }, metric) }
        let known = columns.map { name in
            samples.filter { $0.keys[column] == name }.compactMap { $0.table[metric] }
        }
        let reference = Judge.median(of: known[0])
        let better = MetricCatalogue.metric(named: metric)?.better
        return columns.indices.map { index in
            let value = Judge.median(of: known[index])
            var cell = Cell(value: value, runs: known[index].count, verdict: .missing)
            cell.interval = bootstrap.medianInterval(of: groups[index])
            let own = samples.filter { $0.keys[column] == columns[index] }
            cell.isExact = !own.isEmpty && own.allSatisfy(\.isExact) ? true : nil
            cell.ratio = Judge.ratio(of: value?.value, to: reference?.value)
            if index > 0 {
                let isExact = samples.filter { [columns[0], columns[index]].contains($0.keys[column]) }
                    .allSatisfy(\.isExact)
                cell.ratioInterval =
                    isExact
                    ? cell.ratio.map { ConfidenceInterval(low: $0, high: $0) }
                    : bootstrap.ratioInterval(of: groups[index], to: groups[0])
            }
            cell.verdict = index == 0 ? .reference : word(for: cell, better: better, margin: margin)
            return cell
        }
    }

    /// What a ratio means.
    static func word(for cell: Cell, better: MetricDefinition.Better?, margin: Double) -> Word {
        guard cell.value != nil, cell.ratio != nil else { return .missing }
        guard let interval = cell.ratioInterval else { return .single }
        if interval.low >= 1 - margin, interval.high <= 1 + margin { return .same }
        guard interval.low > 1 + margin || interval.high < 1 - margin else { return .unclear }
        guard let better else { return .different }
        return (interval.low > 1) == (better == .higher) ? .better : .worse
    }

    private static func means(of rows: [Row], columns: Int) -> [Mean] {
        rows.map(\.metric).uniqued.compactMap { metric in
            let own = rows.filter { $0.metric == metric }
            guard own.count > 1 else { return nil }
            let ratios = (0..<columns).map { column -> Double? in
                let known = own.compactMap { $0.cells[column].ratio }
                return known.count == own.count ? OrderStatistics.geometricMean(known) : nil
            }
            return Mean(metric: metric, ratios: ratios)
        }
    }
}

extension Array where Element: Hashable {
    /// The elements, each once, in the order of their first occurrence.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
