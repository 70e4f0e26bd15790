public import HarnessKit

/// The report for a terminal: at most 100 columns, plain or coloured.
public enum ConsoleReport: ReportRenderer {
    /// The format's fixed name.
    public static let id = "console"
    /// One sentence for `harness list`.
    public static let summary = "Verdict, figures and checks for a monospace terminal of 100 columns."

    /// The widest line in characters.
    static let width = 100

    /// Renders a result as `console.txt`, without colours.
    public static func render(_ result: RunResult) -> [ReportFile] {
        [ReportFile(name: "console.txt", text: render(result, colour: false))]
    }

    /// Renders a result as text.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - colour: Whether ANSI escape sequences set verdicts off by colour.
    /// - Returns: Lines of at most 100 characters, each ending in a line feed.
    public static func render(_ result: RunResult, colour: Bool) -> String {
        let style = ConsoleStyle(colour: colour)
        let result = result.namedByClock
        let sections = [
            header(result, style: style),
            capacities(result, style: style),
            targets(result, style: style),
            comparison(result, style: style),
            sideBySide(result, style: style),
            invariants(result, style: style),
            expectations(result, style: style),
            seeds(result, style: style),
            baseline(result, style: style),
            remarks(result, style: style),
        ]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private static func header(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let name = PlainText.line(result.scenario.title ?? result.scenario.name, limit: width)
        let about = PlainText.wrapped(PlainText.line(result.scenario.summary), width: width)
        let verdict = PlainText.wrapped(result.verdictSentence.plain, width: width)
        let machine = PlainText.wrapped(result.environment.line, width: width)
        return [style.text(name, .strong)] + about + machine.map { style.text($0, .dim) } + [""]
            + verdict.map { style.text($0, result.verdict.tone) }
    }

    private static func targets(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let names = KeyMetrics.present(in: result)
        guard !names.isEmpty else { return [] }
        var table = TextTable([.left("target")] + names.map { .right(KeyMetrics.shortName($0)) })
        for summary in result.targets {
            table.rows.append(
                [PlainText.line(summary.target, limit: 24)]
                    + names.map { result.text(summary.total[$0], name: $0, of: summary.target) }
            )
        }
        let isMedian = result.repetitions > 1
        let heading = isMedian ? "Targets (medians of \(result.repetitions) repetitions)" : "Targets"
        let lines = table.lines(width: width)
        let footnote = lines.contains { $0.contains("†") } ? ["  † \(KeyMetrics.thinNote)"] : []
        return [style.text(heading, .strong)] + lines + footnote.map { style.text($0, .dim) }
    }

    private static func comparison(_ result: RunResult, style: ConsoleStyle) -> [String] {
        guard let comparison = result.comparison, !comparison.rows.isEmpty else { return [] }
        var table = TextTable(
            [.left("target")] + comparison.rows.map { .right(KeyMetrics.shortName($0.metric)) }
        )
        for target in comparison.targetNames {
            let cells = comparison.rows.map { row in row.cells.first { $0.target == target } }
            table.rows.append(
                [PlainText.line(target, limit: 24)]
                    + zip(comparison.rows, cells).map { row, cell in
                        let known = result.ratio(cell?.ratio, name: row.metric, of: target, to: comparison.baseline)
                        let ratio = QuantityText.ratio(known)
                        let padding = String(repeating: " ", count: max(2, 8 - ratio.count))
                        return result.text(cell?.value, name: row.metric, of: target) + padding + ratio
                    }
            )
        }
        let baseline = PlainText.line(comparison.baseline, limit: 40)
        return [style.text("Side by side (relative to '\(baseline)')", .strong)] + table.lines(width: width)
    }

    private static func baseline(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let lines = BaselineReport.lines(of: result)
        return lines.isEmpty ? [] : [style.text("Baseline", .strong)] + lines.map { "  \($0)" }
    }

    private static func remarks(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let validity = result.runs.flatMap { run in
            run.validity.reasons.map { reason in
                "\(run.target), repetition \(run.repetition + 1), \(run.validity.verdict.rawValue): \(reason)"
            }
        }
        let remarks = validity + result.notes
        guard !remarks.isEmpty else { return [] }
        let lines = remarks.flatMap { remark in
            let lines = PlainText.wrapped(PlainText.line(remark), width: width - 4)
            return zip(["  - "] + Array(repeating: "    ", count: lines.count), lines).map { $0 + $1 }
        }
        return [style.text("Notes", .strong)] + lines
    }
}

extension Verdict {
    var tone: ConsoleStyle.Tone {
        switch self {
        case .pass: .good
        case .fail: .bad
        case .invalid, .inconclusive: .doubtful
        }
    }

    /// One character for tables.
    var mark: String {
        switch self {
        case .pass: "✓"
        case .fail: "✗"
        case .invalid, .inconclusive: "?"
        }
    }
}
