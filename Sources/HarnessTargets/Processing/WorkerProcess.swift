import Ephemeral
import Foundation
import Processing
import Synchronization

/// A worker in a process of its own: this executable, as `harness jobs work`.
final class WorkerProcess: RunWorker {
    private static let variable = "EPHEMERAL_STORE"

    private let process = Process()
    /// Its end is the end of the worker, also when this process dies.
    private let input: FileHandle
    private let end = PeerLatch()
    /// Whether somebody has told it to end.
    private let isExpected = Mutex(false)
    /// What it complains of.
    private let complaints = OutputTail()

    /// Starts the process.
    ///
    /// - Parameters:
    ///   - store: The address of the store, which other users of the machine do not see.
    ///   - arguments: What else follows `jobs work`.
    ///   - executable: What is started; this executable by default.
    ///   - patience: How many seconds to wait for the rest of its output when it has ended; `nil` is without a limit.
    ///   - onFailure: Called when it has ended although nobody has told it to.
    /// - Throws: Whatever keeps the process from being started.
    init(
        store: String,
        arguments: [String],
        executable: String = "/proc/self/exe",
        patience: Double? = 10,
        onFailure: @escaping @Sendable (ProcessingError) -> Void
    ) throws {
        let pipe = Pipe()
        input = pipe.fileHandleForWriting
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["jobs", "work", "--until-input-ends", "--store", "env:\(Self.variable)"] + arguments
        var environment = ProcessInfo.processInfo.environment
        // A backtrace of a process that is killed on purpose helps nobody.
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment[Self.variable] = store
        process.environment = environment
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        process.terminationHandler = { [weak self, end, complaints] process in
            if self?.isExpected.withLock(\.self) == false {
                let isWhole = complaints.waitForEnd(seconds: patience)
                onFailure(process.failure(WorkerProcess.reason(complaints.text, isWhole: isWhole)))
            }
            end.open()
        }
        complaints.read(errors.fileHandleForReading)
        try process.run()
    }

    func kill() {
        isExpected.withLock { $0 = true }
        // The number of one that has ended may be another's by now.
        guard process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
    }

    func requestStop() {
        isExpected.withLock { $0 = true }
        try? input.close()
    }

    func ended() async {
        // A caller whose task is cancelled waits all the same.
        await TaskSpawner(executor: nil).spawn("harness worker process") { [end] in try? await end.wait() }.value
        try? input.close()
    }
}

extension WorkerProcess {
    /// What a worker process has said before it ended that nobody has told to.
    ///
    /// - Parameters:
    ///   - complaints: The last lines of its standard error.
    ///   - isWhole: Whether nothing can follow them.
    /// - Returns: The end of a sentence.
    static func reason(_ complaints: String, isWhole: Bool) -> String {
        let said = complaints.isEmpty ? "" : "said at last:\n\(complaints)"
        guard isWhole else {
            return "its output did not end, so that more may follow" + (said.isEmpty ? "" : "; it \(said)")
        }
        guard said.isEmpty else { return said }
        return "said nothing; this executable must be one that calls HarnessCommand.main with BuiltInTargets.processors"
    }
}

extension Process {
    /// Why a worker process has ended that nobody has told to.
    fileprivate func failure(_ reason: String) -> ProcessingError {
        let end = terminationReason == .uncaughtSignal ? "was ended by the signal" : "ended with the status"
        return ProcessingError(code: .closed, message: "a worker process \(end) \(terminationStatus) and \(reason)")
    }
}
