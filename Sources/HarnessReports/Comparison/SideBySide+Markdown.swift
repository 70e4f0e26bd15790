import HarnessKit

extension MarkdownReport {
    static func sideBySide(_ result: RunResult) -> MarkdownSection {
        MarkdownSection(
            title: "Compared row by row",
            lines: result.sideBySide.map(lines) ?? [],
            expendability: 3
        )
    }

    /// The table of a comparison with what it says in words.
    static func lines(of comparison: SideBySide) -> [String] {
        let table = comparison.table
        var columns = table.rowKeys.map { TextTable.Column.left(MarkdownText.escaped($0)) } + [.left("Metric")]
        for (index, column) in table.columns.enumerated() {
            columns.append(.right(MarkdownText.code(column, limit: 60) + (index == 0 ? " (baseline)" : "")))
        }
        if comparison.hasNoise { columns.append(.right("Noise floor")) }
        var text = MarkdownTable(columns)
        for row in table.rows {
            var cells = row.keys.map { MarkdownText.escaped($0, limit: 60) } + [MarkdownText.escaped(row.metric)]
            for (index, cell) in row.cells.enumerated() {
                let (value, relation) = comparison.parts(of: cell, metric: row.metric, isFirst: index == 0)
                let small = relation.joined(separator: ", ")
                let parts = [value, small.isEmpty ? nil : value == nil ? small : "<sub>\(small)</sub>"]
                cells.append(parts.compactMap(\.self).joined(separator: "<br>"))
            }
            if comparison.hasNoise {
                cells.append(row.noise.map { "± \(QuantityText.percent($0))" } ?? QuantityText.missing)
            }
            text.append(cells)
        }
        let words = comparison.sentences.map { "- \(MarkdownText.escaped($0, limit: 1000))" }
        return text.lines + [""] + caption(comparison) + (words.isEmpty ? [] : [""] + words)
    }

    private static func caption(_ comparison: SideBySide) -> [String] {
        let isJudged =
            comparison.shows(.verdict)
            && comparison.table.rows.contains { $0.cells.contains { $0.ratioInterval != nil } }
        let thin = comparison.table.rows.contains { row in
            row.cells.contains { QuantityText.text($0.value, name: row.metric).contains("†") }
        }
        let sentences = [
            "Ratios are to the baseline.",
            comparison.shows(.ci95) && isJudged ? "Brackets hold 95 % intervals." : nil,
            comparison.hasNoise
                ? "The noise floor is by how much the baseline differs from itself; what is no larger is no difference seen."
                : nil,
            thin ? "† \(KeyMetrics.thinNote)." : nil,
        ]
        return [sentences.compactMap(\.self).joined(separator: " ")]
    }
}

extension ConsoleReport {
    /// The comparison row by row, without intervals: the other reports have them.
    static func sideBySide(_ result: RunResult, style: ConsoleStyle) -> [String] {
        guard let comparison = result.sideBySide else { return [] }
        return [
            style.text(
                "Compared row by row (relative to '\(PlainText.line(comparison.table.columns[0], limit: 40))')",
                .strong
            )
        ]
            + lines(of: comparison)
    }

    /// The table and the sentences of a comparison.
    static func lines(of comparison: SideBySide) -> [String] {
        var short = comparison
        short.show.removeAll { $0 == .ci95 }
        let table = short.table
        var text = TextTable([.left("")] + table.columns.map { .right(PlainText.line($0, limit: 24)) })
        for row in table.rows {
            let heading = row.keys.map { PlainText.line($0, limit: 20) } + [KeyMetrics.shortName(row.metric)]
            let cells = row.cells.enumerated().map { index, cell in
                let (value, relation) = short.parts(of: cell, metric: row.metric, isFirst: index == 0)
                return ([value].compactMap(\.self) + relation).joined(separator: " ")
            }
            text.rows.append([heading.joined(separator: " ")] + cells)
        }
        let words = comparison.sentences.flatMap { sentence in
            let lines = PlainText.wrapped(PlainText.line(sentence, limit: 1000), width: width - 4)
            return zip(["  - "] + Array(repeating: "    ", count: lines.count), lines).map { $0 + $1 }
        }
        return text.lines(width: width) + words
    }
}
