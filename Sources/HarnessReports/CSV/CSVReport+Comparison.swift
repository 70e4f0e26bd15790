import HarnessKit

extension CSVReport {
    /// A comparison, one row per figure: the row keys, each in a column of its own, then the figure and what it means.
    static func comparison(_ comparison: SideBySide) -> String {
        let table = comparison.table
        var text = CSVTable(
            columns: table.rowKeys + [
                "metric", table.columnKey, "value", "unit", "ciLow", "ciHigh", "runs", "baseline", "ratio", "ratioLow",
                "ratioHigh", "verdict", "noise", "rank", "dominatedBy", "bound",
            ]
        )
        for row in table.rows {
            let ranking = comparison.rankings.first { $0.keys == row.keys && $0.metric == row.metric }
            let front = comparison.fronts.first { $0.keys == row.keys && $0.metrics.contains(row.metric) }
            for (column, cell) in zip(table.columns, row.cells) {
                let rank = ranking?.places.firstIndex { $0.contains(column) }
                text.append(
                    row.keys.map { .text($0) } + [
                        .text(row.metric), .text(column), .number(cell.value?.value),
                        .text(cell.value?.unit.symbol ?? ""), .number(cell.interval?.low),
                        .number(cell.interval?.knownHigh),
                        .number(Double(cell.runs)), .text(table.columns[0]), .number(cell.ratio),
                        .number(cell.ratioInterval?.low), .number(cell.ratioInterval?.high),
                        .text(cell.verdict.rawValue), .number(row.noise), .number(rank.map { Double($0 + 1) }),
                        .text(front?.dominated.first { $0.column == column }?.by ?? ""),
                        .text(cell.bound?.rawValue ?? ""),
                    ]
                )
            }
        }
        return text.text
    }
}
