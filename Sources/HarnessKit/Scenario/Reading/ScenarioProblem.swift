/// Something wrong or doubtful in a scenario file, with its place and the mend.
public struct ScenarioProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file as it was named by the user.
    public var file: String
    /// From 1.
    public var line: Int
    /// In Unicode scalars, from 1.
    public var column: Int
    /// The JSON pointer of the value; empty for the whole file.
    public var pointer: String
    /// What is wrong and how to mend it.
    public var message: String
    /// Whether the scenario cannot be run.
    public var severity: Severity

    /// How much a problem weighs.
    public enum Severity: String, Sendable, CaseIterable, Codable {
        /// The scenario cannot be run.
        case error
        /// The scenario can be run, but probably not to the author's satisfaction.
        case warning
    }

    /// Creates a problem at a place.
    public init(
        file: String,
        position: SourcePosition = SourcePosition(line: 1, column: 1),
        pointer: String = "",
        message: String,
        severity: Severity = .error
    ) {
        self.file = file
        line = position.line
        column = position.column
        self.pointer = pointer
        self.message = message
        self.severity = severity
    }

    /// `path:line:column: /pointer: message`.
    public var description: String {
        let place = "\(file):\(line):\(column): " + (pointer.isEmpty ? "" : "\(pointer): ")
        return place + (severity == .warning ? "warning: " : "") + message
    }
}
