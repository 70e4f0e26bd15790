import HarnessKit

extension GateReports {
    /// The comparison as a comment on a change.
    static func markdown(_ report: GateReport) -> String {
        let head = "**\(MarkdownText.escaped(sentence(report)))**\n\n"
        let sections = [
            section("What blocks", report.rows.filter(\.isBlocking), expendability: 0),
            section(
                "Not decided",
                report.rows.filter { $0.verdict == .inconclusive && $0.tier != .observational },
                expendability: 2
            ),
            section("Better", report.rows.filter { $0.verdict == .improved }, expendability: 3),
            section(
                "Meant to differ",
                report.rows.filter { $0.verdict == .accepted },
                expendability: 2
            ),
            means(report),
            section(
                "Observed, blocks nothing",
                report.rows.filter { $0.tier == .observational && $0.verdict != .improved },
                isFolded: true,
                expendability: 5
            ),
            section(
                "As before",
                report.rows.filter { $0.tier == .statistical && $0.verdict == .same },
                isFolded: true,
                expendability: 6
            ),
            equal(report),
            notes(report),
            quality(report),
        ]
        return head + MarkdownSection.joined(sections, limit: lengthLimit - head.utf16.count)
    }

    private static func section(
        _ title: String,
        _ rows: [RegressionRow],
        isFolded: Bool = false,
        expendability: Int
    ) -> MarkdownSection {
        var table = MarkdownTable([
            .left(""), .left("Scenario"), .left("Target"), .left("Figure"), .right("Before"), .right("Now"),
            .right("Change"), .right("Margin"), .right("Pairs"), .left("Remark"),
        ])
        for row in rows {
            table.append([
                row.mark, MarkdownText.escaped(row.scenario, limit: 60), MarkdownText.code(row.target, limit: 60),
                MarkdownText.code(row.quantity), row.baseText, row.headText, row.changeText, row.marginText,
                row.pairs.map { "\($0) in \(row.processes ?? 0)" } ?? QuantityText.missing,
                row.detail.map { MarkdownText.escaped($0, limit: 300) } ?? "",
            ])
        }
        return MarkdownSection(
            title: title,
            lines: table.isEmpty ? [] : table.lines,
            isFolded: isFolded,
            expendability: expendability
        )
    }

    private static func means(_ report: GateReport) -> MarkdownSection {
        let lines = report.means.map { mean in
            "- \(MarkdownText.code(mean.quantity)): \(QuantityText.signedPercent(mean.ratio - 1)) on average "
                + "(geometric mean of \(mean.rows) targets)"
        }
        return MarkdownSection(title: "On average", lines: lines, expendability: 4)
    }

    private static func equal(_ report: GateReport) -> MarkdownSection {
        let rows = report.rows.filter { $0.tier == .exact && $0.verdict == .same }
        let unmeasured = report.rows.filter { $0.verdict == .unmeasured }
        let lines =
            (rows.isEmpty ? [] : ["Equal in virtual time: \(PlainText.counted(rows.count, "figure"))."])
            + (unmeasured.isEmpty
                ? [] : ["", "Not measured: \(unmeasured.map(\.quantity).uniqueList)."])
        return MarkdownSection(title: "Equal", lines: lines, expendability: 4)
    }

    private static func notes(_ report: GateReport) -> MarkdownSection {
        let lines = report.notes.prefix(50).map { "- \(MarkdownText.escaped($0))" }
        return MarkdownSection(title: "Notes", lines: Array(lines), expendability: 3)
    }

    private static func quality(_ report: GateReport) -> MarkdownSection {
        let environment = report.environment
        let share = { (value: Double?) in value.map { QuantityText.percent($0) } ?? "unknown" }
        let lines = [
            "- Base: \(MarkdownText.code(report.base.executable)) (\(MarkdownText.escaped(report.base.build)))",
            "- Head: \(MarkdownText.code(report.head.executable)) (\(MarkdownText.escaped(report.head.build)))",
            "- CPU pressure \(share(environment.cpuPressure)), stolen CPU time \(share(environment.steal)), load "
                + "\(NumberText.fixed(environment.load, decimals: 2)) at the beginning, took "
                + QuantityText.seconds(environment.seconds),
            "- Change: the mean over processes of the median ratio of their pairs, with Student's interval. "
                + "Regressed: the whole interval lies beyond the margin, and so it does when run again.",
        ]
        return MarkdownSection(title: "How this was measured", lines: lines, isFolded: true, expendability: 3)
    }
}

extension [String] {
    /// The names, each once, separated by commas.
    fileprivate var uniqueList: String {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }.map { MarkdownText.code($0) }.joined(separator: ", ")
    }
}
