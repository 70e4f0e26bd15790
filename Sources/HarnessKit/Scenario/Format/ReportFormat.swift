/// The report formats that this version writes.
public enum ReportFormat: String, Sendable, CaseIterable, Codable {
    case console
    case markdown
    case csv
    case json
    case junit

    /// Formats with a fixed name that this version does not write.
    static let later = ["html", "svg"]

    /// One sentence for `harness list`.
    public var summary: String {
        switch self {
        case .console: "progress and summary on the terminal"
        case .markdown: "one page for people: verdict, checks, comparison, figures of each phase (report.md)"
        case .csv: "one row per figure, with its unit (metrics.csv)"
        case .json: "everything that is known of the run (result.json)"
        case .junit: "every check as a test case, for services that show test results (junit.xml)"
        }
    }
}
