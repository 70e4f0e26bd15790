internal import Dispatch
internal import Foundation

/// A process with pipes to it and from it.
struct WorkerHandle: Sendable {
    let input: FileHandle
    let output: FileHandle
    private let identifier: Int32
    private let exit: DispatchGroup

    /// Starts a process.
    init(executable: String, arguments: [String]) throws {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        let exit = DispatchGroup()
        exit.enter()
        process.terminationHandler = { _ in exit.leave() }
        try process.run()
        self.input = input.fileHandleForWriting
        self.output = output.fileHandleForReading
        self.exit = exit
        identifier = process.processIdentifier
    }

    /// Kills the process unless it has ended.
    func kill() {
        if exit.wait(timeout: .now()) == .timedOut { ProcessEnd.kill(identifier) }
    }

    /// Waits for the end of the process.
    func waitUntilExit() { exit.wait() }
}
