import HarnessKit

extension ConsoleReport {
    static func invariants(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let findings = InvariantFinding.all(in: result)
        guard !findings.isEmpty else { return [] }
        return [style.text("Invariants", .strong)] + findings.flatMap { lines(of: $0, style: style) }
    }

    /// One line for the runs in which an invariant held, and one for each in which it did not.
    private static func lines(of finding: InvariantFinding, style: ConsoleStyle) -> [String] {
        let label = PlainText.line(finding.label, limit: 60)
        var lines: [String] = []
        let targets = finding.heldTargets
        if !targets.isEmpty {
            let place = targets.count == 1 ? PlainText.line(targets[0], limit: 30) : "\(targets.count) targets"
            lines.append("  \(style.text("✓", .good)) \(label): \(place)")
        }
        for (answer, repetitions) in finding.doubts {
            let isViolated = answer.verdict == .fail
            let place = PlainText.line(answer.target, limit: 30)
            let further =
                repetitions == 1 ? "" : " (and in \(PlainText.counted(repetitions - 1, "further repetition")))"
            let text = "\(label): \(place): \(PlainText.line(answer.detail))\(further)"
            let wrapped = PlainText.wrapped(text, width: width - 4)
            let mark = style.text(isViolated ? "✗" : "?", isViolated ? .bad : .doubtful)
            lines += zip(["  \(mark) "] + Array(repeating: "    ", count: wrapped.count), wrapped).map { $0 + $1 }
            if let example = answer.counterExample { lines += CounterExampleTable.lines(example) }
        }
        return lines
    }

    static func expectations(_ result: RunResult, style: ConsoleStyle) -> [String] {
        let findings = ExpectationFinding.all(in: result)
        guard !findings.isEmpty else { return [] }
        var table = TextTable([
            .left(""), .left("metric"), .left("limit"), .left("where"), .left("target"), .right("measured"),
            .right("margin"),
        ])
        var tones: [(mark: String, tone: ConsoleStyle.Tone)] = []
        for finding in findings {
            for row in shown(of: finding) {
                tones.append((mark(of: row.result), tone(of: row.result)))
                table.rows.append([
                    mark(of: row.result),
                    PlainText.line(finding.metric, limit: 28),
                    PlainText.line(finding.limit, limit: 16),
                    PlainText.line(finding.scope, limit: 20),
                    PlainText.line(row.target, limit: 30),
                    row.result.measured.map { QuantityText.text($0.value, unit: $0.unit) } ?? QuantityText.missing,
                    row.result.margin.map(QuantityText.signedPercent) ?? QuantityText.missing,
                ])
            }
        }
        let lines = table.lines(width: width)
        let heading =
            findings.contains { $0.results.count > 1 && $0.tightest != nil }
            ? "Expectations (where several targets met one, the tightest is shown)" : "Expectations"
        return [style.text(heading, .strong)] + coloured(lines, marks: tones, style: style)
    }

    /// What is shown of an expectation: every miss, and the tightest of the targets that met it.
    private static func shown(of finding: ExpectationFinding) -> [(target: String, result: ExpectationResult)] {
        let met = finding.results.count - finding.missed.count
        let tightest = finding.tightest.map { result in
            (target: met > 1 ? "\(met) met it: \(result.target)" : result.target, result: result)
        }
        return finding.missed.map { ($0.target, $0) } + [tightest].compactMap(\.self)
    }

    /// Colours the mark at the head of each row; done last, because escape sequences have no width.
    private static func coloured(
        _ lines: [String],
        marks: [(mark: String, tone: ConsoleStyle.Tone)],
        style: ConsoleStyle
    ) -> [String] {
        guard style.colour else { return lines }
        let blockLength = marks.count + 2
        return lines.enumerated().map { index, line in
            let row = index % blockLength - 1
            guard marks.indices.contains(row) else { return line }
            let (mark, tone) = marks[row]
            return "  " + style.text(mark, tone) + line.dropFirst(2 + mark.count)
        }
    }

    private static func mark(of result: ExpectationResult) -> String {
        result.verdict == .fail && result.level == .warn ? "!" : result.verdict.mark
    }

    private static func tone(of result: ExpectationResult) -> ConsoleStyle.Tone {
        result.verdict == .fail && result.level == .warn ? .doubtful : result.verdict.tone
    }
}
