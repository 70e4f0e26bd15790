public import HarnessKit

/// A format of reports: a pure function from one result to files.
///
/// Equal results give equal text, byte by byte. A result that was read back from `result.json` gives the same text as
/// the one it was written from, so that reports can be rebuilt at any time.
public protocol ReportRenderer: Sendable {
    /// The fixed name, as `markdown`.
    static var id: String { get }
    /// One sentence for `harness list`.
    static var summary: String { get }

    /// Renders a result.
    ///
    /// - Parameter result: The result.
    /// - Returns: The files of the report, with names that no other format uses.
    static func render(_ result: RunResult) -> [ReportFile]
}

/// One file of a report.
public struct ReportFile: Sendable, Equatable {
    /// The file's name inside the run folder, as `report.md`.
    public var name: String
    /// Its whole text, ending in a line feed.
    public var text: String

    /// Creates a file of a report.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
