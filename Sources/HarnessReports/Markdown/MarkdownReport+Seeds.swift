import HarnessKit

extension MarkdownReport {
    /// The events behind every violated invariant, the first run of each target.
    static func counterExamples(_ result: RunResult) -> MarkdownSection {
        let lines = InvariantFinding.all(in: result).flatMap { finding in
            finding.doubts.flatMap { answer, _ -> [String] in
                guard let example = answer.counterExample else { return [] }
                let head =
                    "\(MarkdownText.code(finding.use, limit: 60)) on \(MarkdownText.code(answer.target, limit: 60)):"
                return [head, ""] + CounterExampleTable.markdown(example) + [""]
            }
        }
        return MarkdownSection(title: "Counter-examples", lines: lines, expendability: 4)
    }

    /// What came of many seeds in virtual time.
    static func seeds(_ result: RunResult) -> MarkdownSection {
        let lines = (result.seeds ?? []).flatMap { summary in
            ["- \(MarkdownText.escaped(summary.sentence))"] + summary.reports.flatMap { findings(of: $0) }
        }
        return MarkdownSection(title: "Seeds in virtual time", lines: lines, expendability: 4)
    }

    private static func findings(of report: SeedReport) -> [String] {
        let violations = report.violations.map {
            "\(MarkdownText.code($0.use, limit: 60)): \(MarkdownText.escaped($0.detail))"
        }
        let misses = report.misses.map {
            "\(MarkdownText.code($0.that, limit: 80)): measured \(MarkdownText.escaped($0.measuredText, limit: 120))"
        }
        let reasons = report.reasons.map { MarkdownText.escaped($0, limit: 300) }
        var lines = ["", "**Seed \(report.seed)** (\(report.verdict.rawValue))", ""]
        lines += (violations + misses + reasons).map { "- \($0)" }
        for example in report.violations.compactMap(\.counterExample) {
            lines += [""] + CounterExampleTable.markdown(example)
        }
        if let replay = report.replay { lines += ["", "Again: \(MarkdownText.code(replay, limit: 2000))"] }
        return lines + [""]
    }
}
