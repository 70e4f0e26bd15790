import Foundation
import Processing

/// What a job does that a test watches from outside.
struct Probe: Codable, Sendable {
    /// Where each run notes its beginning and its end.
    var log: String
    var number: Int
    /// How long the first attempt takes.
    var first = 0
    /// How long later attempts take.
    var later = 0
    /// Whether it blocks its thread meanwhile.
    var blocks = false
    /// Whether it takes its process with it.
    var kills = false
    /// A named pipe of which the first attempt reads a byte before it ends.
    var gate: String?

    enum Failure: Error { case log, gate }

    func run(_ context: ProcessingContext) async throws {
        // Open before anybody is told, since the gate need not last until this job comes to it.
        let gate = try context.attempt == 1 ? gate.map(Gate.init) : nil
        try note("start", context)
        if kills { kill(getpid(), SIGKILL) }
        let milliseconds = context.attempt == 1 ? first : later
        if blocks {
            usleep(UInt32(milliseconds * 1000))
        } else {
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
        try await gate?.wait()
        try note("end", context)
    }

    /// The end of a named pipe of which a job reads one byte.
    private final class Gate: Sendable {
        private let file: Int32

        init(_ path: String) throws {
            // The path outlives the call.
            file = unsafe open(path, O_RDONLY)
            guard file >= 0 else { throw Failure.gate }
        }

        deinit { close(file) }

        /// Waits on a thread of its own, since many wait at once.
        func wait() async throws {
            let isOpen = await withCheckedContinuation { continuation in
                Thread.detachNewThread { [self] in
                    var byte: UInt8 = 0
                    // The byte outlives the call.
                    continuation.resume(returning: unsafe read(file, &byte, 1) == 1)
                }
            }
            guard isOpen else { throw Failure.gate }
        }
    }

    /// One line in one write, so that lines of several processes do not mix.
    private func note(_ word: String, _ context: ProcessingContext) throws {
        let bytes = Array("\(word) \(number) \(context.attempt)\n".utf8)
        // The path and the bytes outlive the calls that read them.
        let file = unsafe open(log, O_WRONLY | O_APPEND)
        guard file >= 0 else { throw Failure.log }
        defer { close(file) }
        guard unsafe write(file, bytes, bytes.count) == bytes.count else { throw Failure.log }
    }
}
