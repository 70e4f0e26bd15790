import HarnessKit

extension SideBySide {
    /// Who is first, and which columns are worth a look, one sentence per row.
    var sentences: [String] {
        rankings.map(sentence) + fronts.compactMap(sentence)
    }

    private func sentence(_ ranking: Ranking) -> String {
        let isHigher = MetricCatalogue.metric(named: ranking.metric)?.better == .higher
        let row = table.rows.first { $0.keys == ranking.keys && $0.metric == ranking.metric }
        let places = ranking.places.map { columns in
            let parts = columns.map { column in
                let cell = table.columns.firstIndex(of: column).flatMap { row?.cells[$0] }
                let value = cell.map { ComparisonReport.value($0, name: ranking.metric, withInterval: false) }
                return "\(column) \(value ?? "")"
            }
            return parts.joined(separator: " and ")
        }
        let isShared = ranking.places.contains { $0.count > 1 }
        let order =
            (isHigher ? "more is better" : "less is better") + (isShared ? "; no difference seen at \"and\"" : "")
        return "\(prefix(ranking.keys))by \(ranking.metric) (\(order)): \(places.joined(separator: ", "))"
    }

    private func sentence(_ front: Front) -> String? {
        guard !front.columns.isEmpty else { return nil }
        var parts = [
            "\(prefix(front.keys))not worse than another in all of \(front.metrics.joined(separator: ", ")): "
                + front.columns.joined(separator: ", ")
        ]
        parts += front.dominated.map { "\($0.column) is dominated by \($0.by)" }
        if !front.unmeasured.isEmpty { parts.append("not measured: \(front.unmeasured.joined(separator: ", "))") }
        return parts.joined(separator: "; ")
    }

    /// `phase healthy, vars.rate 300/s: `, or nothing where there is a single row.
    private func prefix(_ keys: [String]) -> String {
        guard !keys.isEmpty else { return "" }
        return zip(table.rowKeys, keys).map { "\($0) \($1)" }.joined(separator: ", ") + ": "
    }

    /// Whether a detail of figures is shown.
    func shows(_ detail: Comparison.Detail) -> Bool { show.contains(detail) }

    /// A figure of the table in parts: the value, then what is shown of its relation to the first column's.
    func parts(of cell: ResultComparison.Cell, metric: String, isFirst: Bool) -> (value: String?, relation: [String]) {
        let intervals = shows(.ci95)
        let value = shows(.value) ? ComparisonReport.value(cell, name: metric, withInterval: intervals) : nil
        guard !isFirst else { return (value, []) }
        var relation: [String] = []
        if shows(.ratio), cell.ratio != nil { relation.append(ComparisonReport.ratio(cell, withInterval: intervals)) }
        // Without an interval there is no verdict, and what is missing shows by itself.
        if shows(.verdict), cell.verdict != .single, cell.verdict != .missing {
            relation.append(ComparisonReport.words(for: cell.verdict))
        }
        return (value, relation)
    }

    /// Whether the noise floor was looked for.
    var hasNoise: Bool { table.rows.contains { $0.noise != nil } }
}
