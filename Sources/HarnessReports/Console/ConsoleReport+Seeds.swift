import HarnessKit

extension ConsoleReport {
    /// What came of many seeds: a line for each target, and each run that failed with its counter-example.
    static func seeds(_ result: RunResult, style: ConsoleStyle) -> [String] {
        guard let summaries = result.seeds, !summaries.isEmpty else { return [] }
        return [style.text("Seeds in virtual time", .strong)]
            + summaries.flatMap { summary in
                let isGood = summary.passed == summary.planned
                let mark = style.text(isGood ? "✓" : summary.failed > 0 ? "✗" : "?", isGood ? .good : .bad)
                return marked(mark, summary.sentence)
                    + summary.reports.flatMap { lines(of: $0, style: style) }
            }
    }

    private static func lines(of report: SeedReport, style: ConsoleStyle) -> [String] {
        var lines = ["    seed \(report.seed), \(report.verdict.rawValue):"]
        for violation in report.violations {
            let text = "\(PlainText.line(violation.use, limit: 60)): \(PlainText.line(violation.detail))"
            lines += marked(style.text("✗", .bad), text, indent: 4)
            if let example = violation.counterExample { lines += CounterExampleTable.lines(example) }
        }
        for miss in report.misses {
            let text =
                "\(PlainText.line(miss.that, limit: 80)): measured \(PlainText.line(miss.measuredText, limit: 80))"
            lines += marked(miss.verdict.mark, text, indent: 4)
        }
        for reason in report.reasons { lines += marked("?", PlainText.line(reason), indent: 4) }
        // Not wrapped: it is there to be copied.
        if let replay = report.replay { lines.append("      \(PlainText.line(replay, limit: 2000))") }
        return lines
    }

    /// A mark, one character wide, with wrapped text beside it.
    static func marked(_ mark: String, _ text: String, indent: Int = 2) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let wrapped = PlainText.wrapped(text, width: width - indent - 2)
        return zip(["\(margin)\(mark) "] + Array(repeating: margin + "  ", count: wrapped.count), wrapped)
            .map { $0 + $1 }
    }
}

extension ExpectationResult {
    /// The measured value, or why there is none.
    var measuredText: String {
        measured.map { QuantityText.text($0.value, unit: $0.unit) } ?? detail ?? "nothing"
    }
}

extension SeedSummary {
    /// `work: 199 of 200 seeds from 7 passed, 1 failed; 200 different histories, ...`.
    var sentence: String {
        var outcome = ["\(passed) of \(PlainText.counted(planned, "seed")) from \(firstSeed) passed"]
        if failed > 0 { outcome.append("\(failed) failed") }
        if tried < planned { outcome.append("\(planned - tried) not tried") }
        let facts = [
            histories == 1 ? "1 history" : "\(histories) different histories",
            "\(QuantityText.count(Double(operations))) operations", "\(QuantityText.count(Double(steps))) steps",
            "\(QuantityText.seconds(seconds)) of virtual time",
            processes == 1 ? "1 process" : "\(processes) processes",
        ]
        return
            "\(PlainText.line(target, limit: 60)): \(outcome.joined(separator: ", ")); \(facts.joined(separator: ", "))"
    }
}
