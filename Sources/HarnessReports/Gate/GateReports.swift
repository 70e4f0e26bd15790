internal import FoundationEssentials
public import HarnessKit

/// Renderings of a comparison of two builds.
public enum GateReports {
    /// The longest comment in UTF-16 units: what code hosts take, with some room.
    static let lengthLimit = 65_000

    /// The comparison as files: `gate.json`, `gate.md` and `junit.xml`.
    public static func files(of report: GateReport) -> [ReportFile] {
        [
            ReportFile(name: "gate.json", text: json(report)),
            ReportFile(name: "gate.md", text: markdown(report)),
            ReportFile(name: "junit.xml", text: junit(report)),
        ]
    }

    /// The comparison for a terminal.
    public static func console(_ report: GateReport, colour: Bool = false) -> String {
        let style = ConsoleStyle(colour: colour)
        var table = TextTable([
            .left("verdict"), .left("scenario"), .left("target"), .left("figure"), .right("before"), .right("now"),
            .right("change"), .right("margin"),
        ])
        let shown = report.rows.filter { !($0.tier == .exact && $0.verdict == .same) }
        for row in shown {
            table.rows.append([
                row.tier == .observational ? "(\(row.verdict.rawValue))" : row.verdict.rawValue,
                PlainText.line(row.scenario, limit: 24), PlainText.line(row.target, limit: 20), row.quantity,
                row.baseText, row.headText, row.changeText, row.marginText,
            ])
        }
        let equal = report.rows.count - shown.count
        let details = shown.compactMap { row in row.detail.map { "\(row.target), \(row.quantity): \($0)" } }
        let notes = (details + report.notes).flatMap { note in
            let lines = PlainText.wrapped(PlainText.line(note), width: ConsoleReport.width - 4)
            return zip(["  - "] + Array(repeating: "    ", count: lines.count), lines).map { $0 + $1 }
        }
        let means = report.means.map { mean in
            "  \(mean.quantity): \(QuantityText.signedPercent(mean.ratio - 1)) on average of \(mean.rows) targets"
        }
        var lines = [style.text(sentence(report), tone(report.verdict)), ""]
        lines += shown.isEmpty ? [] : table.lines(width: 140) + [""]
        lines += equal > 0 ? ["  equal in virtual time: \(PlainText.counted(equal, "figure"))"] : []
        lines += means + notes
        return lines.joined(separator: "\n") + "\n"
    }

    /// The judgement with the gravest reason: `REGRESSED: cpu.perOperation +6.1 % [4.4, 7.9]`.
    static func sentence(_ report: GateReport) -> String {
        let blocking = report.rows.filter(\.isBlocking)
        // A violated invariant weighs more than any figure.
        let gravest = blocking.first { $0.quantity == RegressionRow.invariants } ?? blocking.first
        if let gravest {
            let further = blocking.count > 1 ? "; and \(PlainText.counted(blocking.count - 1, "further figure"))" : ""
            return "REGRESSED: \(gravest.headline) on '\(gravest.target)' of '\(gravest.scenario)'\(further)"
        }
        let binding = report.figures
        let open = binding.filter { $0.verdict == .inconclusive }
        if report.interrupted { return "INCONCLUSIVE: stopped by the user before the end" }
        if let first = open.first {
            return "INCONCLUSIVE: \(open.count) of \(PlainText.counted(binding.count, "figure")) could not be decided, "
                + "first \(first.headline) on '\(first.target)'"
        }
        guard report.verdict == .same else { return "INCONCLUSIVE: nothing was measured" }
        let improved = binding.count { $0.verdict == .improved }
        return "SAME: none of \(PlainText.counted(binding.count, "figure")) got worse"
            + (improved > 0 ? ", \(improved) got better" : "")
    }

    private static func tone(_ verdict: RegressionRow.Verdict) -> ConsoleStyle.Tone {
        switch verdict {
        case .regressed: .bad
        case .same, .improved, .accepted: .good
        case .inconclusive, .unmeasured: .doubtful
        }
    }

    static func json(_ report: GateReport) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        // Encoding plain numbers and strings to memory has no way to fail.
        return String(decoding: (try? encoder.encode(report)) ?? Data("{}".utf8), as: UTF8.self) + "\n"
    }

    static func junit(_ report: GateReport) -> String {
        var suites: [JUnitDocument.Suite] = []
        for row in report.rows {
            if suites.last?.name != row.scenario {
                suites.append(JUnitDocument.Suite(name: row.scenario, timestamp: report.environment.startedAt))
            }
            suites[suites.count - 1].cases.append(row.testCase)
        }
        return JUnitDocument(name: "harness gate", suites: suites).text
    }
}
