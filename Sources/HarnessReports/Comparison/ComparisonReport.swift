public import HarnessKit

/// Results side by side, for people.
public enum ComparisonReport {
    /// The comparison for a terminal.
    ///
    /// - Parameter comparison: The comparison.
    /// - Returns: A table for each metric, the averages, and how the machines differ.
    public static func console(_ comparison: ResultComparison) -> String {
        var lines: [String] = []
        let labels = shortened(comparison.columns)
        for metric in uniqued(comparison.rows.map(\.metric)) {
            lines += [metric] + table(metric, comparison, labels: labels).lines(width: 140) + [""]
        }
        for (index, column) in comparison.columns.enumerated() where labels[index] != column {
            lines.append("  \(labels[index]): \(PlainText.line(column, limit: 120))")
        }
        lines += comparison.means.map { mean in
            let ratios = zip(labels, mean.ratios).dropFirst().map { "\($0) \(QuantityText.ratio($1))" }
            return "  \(mean.metric), geometric mean over all rows: \(ratios.joined(separator: ", "))"
        }
        lines += comparison.differences.map { "  not alike: \(PlainText.line($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ metric: String, _ comparison: ResultComparison, labels: [String]) -> TextTable {
        var columns = comparison.rowKeys.map { TextTable.Column.left($0) }
        if columns.isEmpty { columns = [.left("")] }
        for (index, label) in labels.enumerated() {
            columns.append(.right(label))
            if index > 0 { columns += [.right("ratio"), .left("")] }
        }
        var table = TextTable(columns)
        for row in comparison.rows where row.metric == metric {
            var cells = row.keys.map { PlainText.line($0, limit: 40) }
            if cells.isEmpty { cells = [""] }
            for (index, cell) in row.cells.enumerated() {
                cells.append(value(cell, name: metric))
                guard index > 0 else { continue }
                cells += [ratio(cell), words(for: cell.verdict)]
            }
            table.rows.append(cells)
        }
        return table
    }

    static func value(_ cell: ResultComparison.Cell, name: String, withInterval: Bool = true) -> String {
        let figure = QuantityText.text(cell.value, name: name)
        let text = cell.bound?.text(figure) ?? figure
        guard withInterval, cell.bound == nil, let interval = cell.interval, let unit = cell.value?.unit,
            interval.low < interval.high
        else {
            return text
        }
        let ends = [interval.low, interval.high].map { QuantityText.text($0, unit: unit) }
        return "\(text) [\(ends.joined(separator: ", "))]"
    }

    static func ratio(_ cell: ResultComparison.Cell, withInterval: Bool = true) -> String {
        let text = QuantityText.ratio(cell.ratio)
        guard withInterval, let interval = cell.ratioInterval, interval.low < interval.high else { return text }
        let ends = [interval.low, interval.high].map { NumberText.significant($0) }
        return "\(text) [\(ends.joined(separator: ", "))]"
    }

    static func words(for word: ResultComparison.Word) -> String {
        switch word {
        case .reference: ""
        case .better, .worse, .same, .different: word.rawValue
        case .unclear: "no clear difference"
        case .unseen: "no difference seen"
        case .single: "single runs: no interval"
        case .missing: "not measured"
        }
    }

    /// Headings that fit a table: long ones get letters.
    private static func shortened(_ columns: [String]) -> [String] {
        guard columns.contains(where: { $0.count > 24 }), columns.count <= 26 else { return columns }
        return columns.indices.map { index in
            UnicodeScalar(65 + index).map { String(Character($0)) } ?? "\(index)"
        }
    }

    private static func uniqued(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
