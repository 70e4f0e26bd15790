/// The report formats that the harness knows.
public enum ReportFormats {
    /// Every format, in the order of documentation.
    public static let all: [any ReportRenderer.Type] = [
        ConsoleReport.self,
        MarkdownReport.self,
        CSVReport.self,
        JSONReport.self,
        JUnitReport.self,
    ]

    /// The format of an id; `nil` when there is none.
    public static func format(_ id: String) -> (any ReportRenderer.Type)? {
        all.first { $0.id == id }
    }
}
