internal import Dispatch
internal import Foundation
internal import HarnessKit
internal import Synchronization

/// A process whose output and errors are read as fast as it writes, so that it never waits for its reader.
final class WorkerHandle: Sendable {
    /// How a process ended.
    enum Ending: Sendable, Equatable {
        case status(Int32)
        case signal(Int32)

        /// Whether it broke down, and did not just refuse; a shell tells of a signal by a status above 128.
        var isCrash: Bool {
            switch self {
            case .signal: true
            case .status(let status): status > 128
            }
        }

        var text: String {
            switch self {
            case .status(let status): "ended with the status \(status)"
            case .signal(let signal): "was ended by the signal \(signal)"
            }
        }
    }

    /// The lines of its output.
    let lines: LineInbox
    /// What it said last on its standard error.
    let errors: TextTail
    private let input: FileHandle
    private let identifier: Int32
    private let exit: Exit

    /// The end of the process, as those see it who wait for it.
    private final class Exit: Sendable {
        let group = DispatchGroup()
        /// Left when nothing comes from its standard error any more.
        let errors = DispatchGroup()
        let ending = Mutex<Ending?>(nil)
    }

    /// Starts a process.
    init(executable: String, arguments: [String]) throws {
        let process = Process()
        let (input, output, error) = (Pipe(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        process.standardError = error
        var environment = ProcessInfo.processInfo.environment
        // The registers and frames of a crash would hide its message, and their printer outlives the process at times.
        environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
        process.environment = environment
        let (lines, exit) = (LineInbox(), Exit())
        exit.group.enter()
        process.terminationHandler = { process in
            let status = process.terminationStatus
            exit.ending.withLock { $0 = process.terminationReason == .exit ? .status(status) : .signal(status) }
            exit.group.leave()
            // A child of the process may keep its output open.
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(2)) { lines.close() }
        }
        try process.run()
        self.input = input.fileHandleForWriting
        self.lines = lines
        self.exit = exit
        errors = TextTail()
        identifier = process.processIdentifier
        exit.errors.enter()
        Self.drain(output.fileHandleForReading, into: lines.append) { lines.close() }
        Self.drain(error.fileHandleForReading, into: errors.append) { exit.errors.leave() }
    }

    private static func drain(
        _ handle: FileHandle,
        into take: @escaping @Sendable (Data) -> Void,
        finish: @escaping @Sendable () -> Void
    ) {
        let thread = Thread {
            while true {
                let data = handle.availableData
                guard !data.isEmpty else { return finish() }
                take(data)
            }
        }
        thread.name = "harness-gate-reader"
        thread.start()
    }

    /// Writes to the process's standard input.
    ///
    /// - Throws: When it has closed its end.
    func write(_ text: String) throws {
        try input.write(contentsOf: Data(text.utf8))
    }

    /// Kills the process unless it has ended.
    func kill() {
        if exit.group.wait(timeout: .now()) == .timedOut { ProcessEnd.kill(identifier) }
    }

    /// Waits for the end of the process and of what it says, for a while.
    ///
    /// - Returns: How it ended; `nil` when it has not.
    func waitUntilExit(_ limit: DispatchTimeInterval = .seconds(5)) -> Ending? {
        guard exit.group.wait(timeout: .now() + limit) == .success else { return nil }
        _ = exit.errors.wait(timeout: .now() + .seconds(1))
        return exit.ending.withLock(\.self)
    }

    /// Ends the process: first by the end of its input, and then by force.
    func end() {
        try? input.close()
        if waitUntilExit() == nil {
            kill()
            _ = waitUntilExit()
        }
    }
}
