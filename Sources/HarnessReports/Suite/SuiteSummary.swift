public import HarnessKit

/// The overview of several results, one line for each.
public enum SuiteSummary {
    /// A result and where its reports are.
    public struct Entry: Sendable {
        /// The result.
        public var result: RunResult
        /// The run folder, relative to where the summary is written.
        public var folder: String

        /// Creates an entry.
        public init(result: RunResult, folder: String) {
            self.result = result
            self.folder = folder
        }
    }

    /// The overview for a terminal.
    ///
    /// - Parameters:
    ///   - entries: The results in the order they are listed.
    ///   - colour: Whether ANSI escape sequences set verdicts off by colour.
    /// - Returns: A tally, a line for each result, and the reason of each that did not pass.
    public static func console(_ entries: [Entry], colour: Bool = false) -> String {
        let style = ConsoleStyle(colour: colour)
        var table = TextTable([.left("verdict"), .left("scenario"), .right("targets"), .left("headline")])
        for entry in entries {
            table.rows.append([
                entry.result.verdict.headword,
                PlainText.line(entry.result.scenario.name, limit: 32),
                "\(entry.result.targetNames.count)",
                PlainText.line(headline(of: entry.result) ?? QuantityText.missing, limit: 44),
            ])
        }
        var lines = table.lines(width: ConsoleReport.width)
        for (index, entry) in entries.enumerated() where lines.indices.contains(index + 1) {
            let word = entry.result.verdict.headword
            lines[index + 1] =
                "  " + style.text(word, entry.result.verdict.tone) + lines[index + 1].dropFirst(2 + word.count)
        }
        let failures = entries.filter { $0.result.verdict != .pass }.flatMap { entry in
            ["", style.text(PlainText.line(entry.result.scenario.name, limit: 80), .strong)]
                + PlainText.wrapped(entry.result.verdictSentence.plain, width: ConsoleReport.width - 2).map {
                    "  \($0)"
                }
        }
        return ([tally(entries), ""] + lines + failures).joined(separator: "\n") + "\n"
    }

    /// The overview as `summary.md`.
    ///
    /// - Parameters:
    ///   - entries: The results in the order they are listed.
    ///   - comparisons: What is set side by side of them.
    /// - Returns: The file, with links to the report of each result.
    public static func markdown(_ entries: [Entry], comparisons: [MatrixComparison] = []) -> ReportFile {
        var table = MarkdownTable(
            [.left("Scenario"), .left("Verdict"), .right("Targets"), .left("Headline"), .left("Reports")],
            rowLimit: 1000
        )
        for entry in entries {
            let result = entry.result
            table.append([
                MarkdownText.escaped(result.scenario.name, limit: 80),
                "\(result.verdict.mark) \(result.verdict.headword)",
                "\(result.targetNames.count)",
                MarkdownText.escaped(headline(of: result) ?? QuantityText.missing),
                "[report](\(link(to: entry.folder)))",
            ])
        }
        let reasons = entries.filter { $0.result.verdict != .pass }.map { entry in
            "- \(MarkdownText.escaped(entry.result.scenario.name, limit: 80)): \(entry.result.verdictSentence.markdown)"
        }
        let details = reasons.isEmpty ? [] : ["", "## What did not pass", ""] + reasons
        let lines = ["**\(tally(entries))**", ""] + table.lines + details + comparisons.flatMap(\.markdown)
        return ReportFile(name: "summary.md", text: lines.joined(separator: "\n") + "\n")
    }

    /// `2 of 3 scenarios passed; 1 failed`.
    private static func tally(_ entries: [Entry]) -> String {
        let passed = entries.count { $0.result.verdict == .pass }
        let others: [(Verdict, String)] = [(.fail, "failed"), (.invalid, "invalid"), (.inconclusive, "inconclusive")]
        let rest = others.compactMap { verdict, word in
            let count = entries.count { $0.result.verdict == verdict }
            return count == 0 ? nil : "\(count) \(word)"
        }
        return (["\(passed) of \(PlainText.counted(entries.count, "scenario")) passed"] + rest).joined(separator: "; ")
    }

    /// A link's address with everything encoded that could end it.
    private static func link(to folder: String) -> String {
        let path = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
        return (path + "report.md").utf8.map { byte in
            let isPlain = (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
            if isPlain || "/-_.".utf8.contains(byte) { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
