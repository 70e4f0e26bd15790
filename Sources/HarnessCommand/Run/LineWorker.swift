internal import Foundation
internal import Synchronization

/// One process that does some work and tells what came of it in lines of JSON.
final class LineWorker<Line: Decodable & Sendable>: Sendable {
    private let executable: String
    private let arguments: [String]
    /// What the process is, with its article.
    private let noun: String
    private let state = Mutex(State())

    private struct State {
        var isEnded = false
        /// The process's standard input; its end is the end of the process.
        var input: FileHandle?
        var process: Int32?
    }

    init(executable: String, arguments: [String], noun: String) {
        self.executable = executable
        self.arguments = arguments
        self.noun = noun
    }

    /// Ends the process, now or as soon as it begins; what it does about that is up to it.
    func end() {
        let input = state.withLock { state in
            state.isEnded = true
            return state.input.take()
        }
        try? input?.close()
    }

    /// Kills a process that does not end.
    func kill() {
        let process = state.withLock { state in
            state.isEnded = true
            return state.process
        }
        if let process { ProcessEnd.kill(process) }
    }

    /// Starts the process and waits for its end.
    ///
    /// - Parameter deliver: Called with each report.
    /// - Returns: What went wrong; `nil` when nothing did.
    func run(_ deliver: @escaping @Sendable (Line) -> Void) async -> String? {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in continuation.resume(returning: work(deliver)) }
            thread.name = "harness-worker"
            thread.start()
        }
    }

    private func work(_ deliver: (Line) -> Void) -> String? {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        let writing = input.fileHandleForWriting
        let begins = state.withLock { state in
            if !state.isEnded { state.input = writing }
            return !state.isEnded
        }
        guard begins else { return "\(noun) was not started: the time was over" }
        do {
            try process.run()
        } catch {
            return "\(noun) could not be started: \(error.localizedDescription)"
        }
        state.withLock { $0.process = process.processIdentifier }
        let problem = read(output.fileHandleForReading, deliver)
        process.waitUntilExit()
        let isEnded = state.withLock { state in
            state.input = nil
            state.process = nil
            return state.isEnded
        }
        guard process.terminationStatus != 0 || process.terminationReason != .exit else { return problem }
        return isEnded
            ? "\(noun) was ended: the time was over"
            : problem ?? "\(noun) ended with the status \(process.terminationStatus)"
    }

    /// Reads reports until the process closes its output.
    ///
    /// - Returns: What it said that is no report.
    private func read(_ output: FileHandle, _ deliver: (Line) -> Void) -> String? {
        var lines = LineSplitter()
        var problem: String?
        while true {
            let data = output.availableData
            guard !data.isEmpty else { return problem }
            for line in lines.append(data) {
                do {
                    deliver(try JSONLine.decode(Line.self, from: line))
                } catch {
                    problem = "\(noun) said: \(String(decoding: line.prefix(200), as: UTF8.self))"
                }
            }
        }
    }
}

/// Cuts what comes in pieces into lines.
struct LineSplitter {
    private var rest = Data()

    /// How many bytes there are of a line that is not complete.
    var pendingCount: Int { rest.count }

    /// Takes the line that is not complete.
    mutating func takePending() -> Data {
        defer { rest = Data() }
        return rest
    }

    /// Takes a piece.
    ///
    /// - Parameter piece: The next bytes.
    /// - Returns: The lines that are complete now, without their line feeds.
    mutating func append(_ piece: Data) -> [Data] {
        rest += piece
        var lines: [Data] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest[rest.startIndex..<end])
            rest = rest[rest.index(after: end)...]
        }
        rest = Data(rest)
        return lines
    }
}
