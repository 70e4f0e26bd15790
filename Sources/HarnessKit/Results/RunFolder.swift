public import EphemeralTime
internal import Foundation

/// The folder that a scenario's run leaves behind: `<out>/<scenario>/<utc>-<revision>-<digest>/`.
///
/// Files are written into a temporary sibling, which takes the final name at the end: whoever finds the folder finds all
/// of it. What a crash left keeps a name that begins with a dot.
public struct RunFolder: Sendable {
    /// Where the folder will be.
    public let path: String
    private let temporary: String

    /// Where the folder is until it gets its name.
    public var workingPath: String { temporary }

    /// Makes sure that a scenario's runs can be stored, by storing something.
    ///
    /// - Parameters:
    ///   - out: The folder of all runs; made when it is missing.
    ///   - scenario: The scenario's name.
    /// - Throws: ``RunFolderError`` naming the folder and the reason.
    public static func check(out: String, scenario: String) throws(RunFolderError) {
        let parent = "\(out)/\(fileName(scenario))"
        let probe = "\(parent)/.probe-\(ProcessInfo.processInfo.processIdentifier)"
        try attempt("make", parent) {
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        }
        try attempt("write into", parent) {
            try Data("probe".utf8).write(to: URL(fileURLWithPath: probe))
            try FileManager.default.removeItem(atPath: probe)
        }
    }

    /// Makes the temporary folder of a run.
    ///
    /// - Parameters:
    ///   - out: The folder of all runs.
    ///   - scenario: The scenario's name.
    ///   - startedAt: When the run began.
    ///   - revision: The revision of the working folder; `nogit` when there is none.
    ///   - digest: The digest of the resolved scenario, of which the first eight digits are taken.
    /// - Throws: ``RunFolderError`` naming the folder and the reason.
    public init(
        out: String,
        scenario: String,
        startedAt: WallTime,
        revision: String?,
        digest: String
    ) throws(RunFolderError) {
        let parent = "\(out)/\(Self.fileName(scenario))"
        let time = startedAt.description.filter { $0 != "-" && $0 != ":" }.replacingOccurrences(of: ".", with: "")
        let parts = [time, revision.map(Self.fileName) ?? "nogit", String(digest.prefix(8))]
        let name = parts.filter { !$0.isEmpty }.joined(separator: "-")
        path = "\(parent)/\(name)"
        temporary = "\(parent)/.\(name).partial"
        let temporary = temporary
        try Self.attempt("make", temporary) {
            try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        }
    }

    /// Writes a file, its folders included.
    ///
    /// - Parameters:
    ///   - name: The file's name inside the folder; may contain folders.
    ///   - text: The file's whole text.
    /// - Throws: ``RunFolderError`` naming the file and the reason.
    public func write(_ name: String, text: String) throws(RunFolderError) {
        try write(name, bytes: Array(text.utf8))
    }

    /// Writes a file, its folders included.
    ///
    /// - Parameters:
    ///   - name: The file's name inside the folder; may contain folders.
    ///   - bytes: The file's content.
    /// - Throws: ``RunFolderError`` naming the file and the reason.
    public func write(_ name: String, bytes: [UInt8]) throws(RunFolderError) {
        let file = URL(fileURLWithPath: "\(temporary)/\(name)")
        try Self.attempt("write", file.path) {
            let parent = file.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    /// Gives the folder its final name.
    ///
    /// - Throws: ``RunFolderError`` naming the folder and the reason; what was written is then found under the temporary
    ///   name.
    public func publish() throws(RunFolderError) {
        try Self.attempt("name", path) { try FileManager.default.moveItem(atPath: temporary, toPath: path) }
    }

    /// Writes a file beside the run folders, whole or not at all.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - text: The file's whole text.
    /// - Throws: ``RunFolderError`` naming the file and the reason.
    public static func replace(file path: String, text: String) throws(RunFolderError) {
        try attempt("write", path) {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }

    /// A name without anything that file systems or shells treat specially.
    static func fileName(_ name: String) -> String {
        let allowed = name.unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            return isPlain || scalar == "-" || scalar == "_" || scalar == "." ? Character(scalar) : "-"
        }
        let text = String(allowed.drop { $0 == "." })
        return text.isEmpty ? "unnamed" : text
    }

    private static func attempt(
        _ verb: String,
        _ path: String,
        _ body: () throws -> Void
    ) throws(RunFolderError) {
        do {
            try body()
        } catch {
            let reason = (error as NSError).localizedDescription
            let sentence = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
            throw RunFolderError(path: path, message: "cannot \(verb) \(path): \(sentence)")
        }
    }
}

/// A run folder could not be written.
public struct RunFolderError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file or folder.
    public var path: String
    /// What failed, and why.
    public var message: String

    /// Creates an error.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    /// The message with a mend.
    public var description: String { "\(message); name another folder with --out, or make this one writable" }
}
