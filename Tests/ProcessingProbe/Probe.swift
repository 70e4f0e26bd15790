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
        try note("start", context)
        if kills { kill(getpid(), SIGKILL) }
        let milliseconds = context.attempt == 1 ? first : later
        if blocks {
            usleep(UInt32(milliseconds * 1000))
        } else {
            try await Task.sleep(for: .milliseconds(milliseconds))
        }
        if context.attempt == 1, let gate { try await Self.wait(at: gate) }
        try note("end", context)
    }

    /// Waits on a thread of its own, since many wait at once.
    private static func wait(at gate: String) async throws {
        let isOpen = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var byte: UInt8 = 0
                // The path and the byte outlive the calls.
                let file = unsafe open(gate, O_RDONLY)
                continuation.resume(returning: unsafe read(file, &byte, 1) == 1)
                close(file)
            }
        }
        guard isOpen else { throw Failure.gate }
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
