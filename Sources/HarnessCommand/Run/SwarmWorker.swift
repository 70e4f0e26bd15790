internal import Foundation
internal import HarnessKit
internal import Synchronization

/// One process that tries its share of the seeds and tells what came of each in a line of JSON.
final class SwarmWorker: Sendable {
    private let executable: String
    private let arguments: [String]
    private let state = Mutex(State())

    private struct State {
        var isEnded = false
        /// The process's standard input; its end is the end of the process.
        var input: FileHandle?
    }

    init(executable: String, arguments: [String]) {
        self.executable = executable
        self.arguments = arguments
    }

    /// Ends the process, now or as soon as it begins.
    func end() {
        let input = state.withLock { state in
            state.isEnded = true
            return state.input.take()
        }
        try? input?.close()
    }

    /// Starts the process and waits for its end.
    ///
    /// - Parameter deliver: Called with each report.
    /// - Returns: What went wrong; `nil` when nothing did.
    func run(_ deliver: @escaping @Sendable (SeedReport) -> Void) async -> String? {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in continuation.resume(returning: work(deliver)) }
            thread.name = "harness-swarm"
            thread.start()
        }
    }

    private func work(_ deliver: (SeedReport) -> Void) -> String? {
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
        guard begins else { return "a process that shares the seeds was not started: the time was over" }
        do {
            try process.run()
        } catch {
            return "a process that shares the seeds could not be started: \(error.localizedDescription)"
        }
        let problem = read(output.fileHandleForReading, deliver)
        process.waitUntilExit()
        let isEnded = state.withLock { state in
            state.input = nil
            return state.isEnded
        }
        guard process.terminationStatus != 0 || process.terminationReason != .exit else { return problem }
        return isEnded
            ? "a process that shares the seeds was ended: the time was over"
            : problem ?? "a process that shares the seeds ended with the status \(process.terminationStatus)"
    }

    /// Reads reports until the process closes its output.
    ///
    /// - Returns: What it said that is no report.
    private func read(_ output: FileHandle, _ deliver: (SeedReport) -> Void) -> String? {
        var lines = LineSplitter()
        var problem: String?
        while true {
            let data = output.availableData
            guard !data.isEmpty else { return problem }
            for line in lines.append(data) {
                do {
                    deliver(try JSONDecoder().decode(SeedReport.self, from: line))
                } catch {
                    problem =
                        "a process that shares the seeds said: \(String(decoding: line.prefix(200), as: UTF8.self))"
                }
            }
        }
    }
}

/// Cuts what comes in pieces into lines.
struct LineSplitter {
    private var rest = Data()

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
