import Foundation
import Testing

/// Expected texts in the `Golden` folder, compared byte by byte; `scripts/record-golden` writes them anew.
enum Golden {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    private static let isRecording = ProcessInfo.processInfo.environment["EPHEMERAL_RECORD_GOLDEN"] != nil

    static func expect(_ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        if isRecording { return try Data(text.utf8).write(to: file) }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard text != expected else { return }
        let lines = (text.split(separator: "\n"), expected.split(separator: "\n"))
        let line = zip(lines.0, lines.1).enumerated().first { $1.0 != $1.1 }
        Issue.record(
            """
            \(name) differs; run scripts/record-golden if that is meant.
            line \((line?.offset ?? min(lines.0.count, lines.1.count)) + 1), without counting empty ones
            is:       \(line.map { String($0.element.0) } ?? "(one text is the beginning of the other)")
            expected: \(line.map { String($0.element.1) } ?? "")
            """,
            sourceLocation: sourceLocation
        )
    }
}
