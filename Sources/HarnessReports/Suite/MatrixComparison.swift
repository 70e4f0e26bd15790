public import HarnessKit

/// The results of all combinations of a scenario's matrix, side by side.
public struct MatrixComparison: Sendable {
    /// The name of its files, without their ends.
    public var name: String
    /// The figures; `nil` where they could not be set side by side.
    public var comparison: SideBySide?
    /// Why they could not; `nil` where they could.
    public var problem: String?

    /// Sets results side by side; `nil` when the scenario compares nothing.
    ///
    /// - Parameters:
    ///   - name: The name of the files that hold it.
    ///   - results: The results with their resolved scenarios.
    ///   - scenario: One of the scenarios: all of them compare alike.
    public init?(name: String, results: [ComparedResult], scenario: Scenario) {
        guard let comparison = scenario.comparison, !results.isEmpty else { return nil }
        self.name = name
        do throws(ComparisonError) {
            self.comparison = try SideBySide(
                results,
                by: comparison,
                seeksNoise: scenario.seeksNoise,
                seed: scenario.seed
            )
        } catch {
            problem = error.description
        }
    }

    /// The comparison for a terminal.
    public var console: String {
        let lines = comparison.map(ConsoleReport.lines) ?? ["  not set side by side: \(PlainText.line(problem ?? ""))"]
        return (["\(PlainText.line(name, limit: 80)), all combinations"] + lines).joined(separator: "\n") + "\n"
    }

    /// The comparison as lines of Markdown, for the overview of several results.
    var markdown: [String] {
        let lines =
            comparison.map(MarkdownReport.lines) ?? ["Not set side by side: \(MarkdownText.escaped(problem ?? ""))"]
        return ["", "## \(MarkdownText.escaped(name, limit: 80)), all combinations", ""] + lines
    }

    /// The figures for spreadsheets, as `<name>.comparison.csv`; `nil` where there are none.
    public var table: ReportFile? {
        comparison.map { ReportFile(name: "\(name).comparison.csv", text: CSVReport.comparison($0)) }
    }
}
