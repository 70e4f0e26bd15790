import HarnessKit

extension MarkdownReport {
    /// Targets side by side: one row each, the best of every figure in bold, and what each is good and bad at.
    static func comparison(_ result: RunResult) -> MarkdownSection {
        guard let comparison = result.comparison, !comparison.targetNames.isEmpty else {
            return MarkdownSection(title: "Side by side", lines: [])
        }
        let standings = ComparisonStandings(comparison)
        var table = MarkdownTable([.left("Target")] + comparison.rows.map { .right(MarkdownText.escaped($0.metric)) })
        for target in comparison.targetNames {
            let isBaseline = target == comparison.baseline
            let summary = result.targets.first { $0.target == target }
            let cells = comparison.rows.map { row in
                let cell = row.cells.first { $0.target == target }
                let text = result.text(cell?.value, name: row.metric, of: target)
                let known = result.ratio(cell?.ratio, name: row.metric, of: target, to: comparison.baseline)
                let ratio = isBaseline ? nil : known.map { QuantityText.ratio($0) }
                let small = [ratio, range(of: cell?.value, name: row.metric, in: summary)].compactMap(\.self)
                return (standings.isBest(target, at: row.metric) ? "**\(text)**" : text)
                    + (small.isEmpty ? "" : "<br><sub>\(small.joined(separator: ", "))</sub>")
            }
            let name = MarkdownText.code(target, limit: 60)
            table.append([isBaseline ? "\(name) (baseline)" : name] + cells)
        }
        let lines = captioned(table, result: result, further: [legend(comparison)]) + tradeOffs(comparison, standings)
        return MarkdownSection(title: "Side by side", lines: lines, expendability: 2)
    }

    private static func legend(_ comparison: ComparisonResult) -> String {
        let isRecoveryMissing = comparison.rows.contains { row in
            row.metric == "recovery.time" && row.cells.contains { $0.value == nil }
        }
        return "**Bold**: the best of its column; beneath, the ratio to the baseline."
            + (isRecoveryMissing ? " No `recovery.time`: it did not recover within the run." : "")
    }

    /// What each target is best and worst at, where there are enough of them for that to say something.
    private static func tradeOffs(_ comparison: ComparisonResult, _ standings: ComparisonStandings) -> [String] {
        let targets = comparison.targetNames
        guard targets.count > 2 else { return [] }
        let lines = targets.compactMap { target -> String? in
            let (best, worst) = (standings.best(of: target), standings.worst(of: target))
            let parts = [("best", best), ("worst", worst)].filter { !$0.1.isEmpty }.map { word, metrics in
                "\(word) at \(metrics.map { MarkdownText.escaped($0) }.joined(separator: ", "))"
            }
            guard !parts.isEmpty else { return nil }
            return "- \(MarkdownText.code(target, limit: 60)): \(parts.joined(separator: "; "))"
        }
        return lines.isEmpty ? [] : [""] + lines
    }
}
