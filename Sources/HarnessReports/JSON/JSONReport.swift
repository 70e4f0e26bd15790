import FoundationEssentials
public import HarnessKit

/// The whole result: what every other report is rendered from.
public enum JSONReport: ReportRenderer {
    /// The format's fixed name.
    public static let id = "json"
    /// One sentence for `harness list`.
    public static let summary = "The whole result as result.json; every other report can be rebuilt from it."

    /// Renders a result as `result.json`.
    public static func render(_ result: RunResult) -> [ReportFile] {
        [ReportFile(name: "result.json", text: text(of: result))]
    }

    /// Reads back what ``render(_:)`` wrote.
    ///
    /// - Parameter text: The text of a `result.json`.
    /// - Returns: The result, with the members of options and the names of metrics in alphabetical order.
    /// - Throws: `DecodingError` when the text is no result.
    public static func read(_ text: String) throws -> RunResult {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: infinity,
            negativeInfinity: "-" + infinity,
            nan: nan
        )
        return try decoder.decode(RunResult.self, from: Data(text.utf8))
    }

    private static let infinity = "Infinity"
    private static let nan = "NaN"

    private static func text(of result: RunResult) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: infinity,
            negativeInfinity: "-" + infinity,
            nan: nan
        )
        do {
            return String(decoding: try encoder.encode(result), as: UTF8.self) + "\n"
        } catch {
            preconditionFailure("a result holds only values that JSON can express: \(error)")
        }
    }
}
