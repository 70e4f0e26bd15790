import Dispatch
import Foundation
import HarnessKit

/// The last lines of what a process prints, read on a thread of its own so that the process never waits for a reader.
final class OutputTail: Sendable {
    /// How many bytes are kept, and how many lines of those are shown.
    static let (bytes, lines) = (4096, 10)

    private let kept = TextTail(limit: bytes)
    private let reading = DispatchGroup()

    /// Reads from a file until its end.
    func read(_ file: FileHandle) {
        DispatchQueue(label: "harness worker output").async(group: reading) { [self] in
            while true {
                let data = file.availableData
                // The end comes as nothing.
                guard !data.isEmpty else { return }
                add(data)
            }
        }
    }

    func add(_ data: some Sequence<UInt8>) { kept.append(data) }

    /// Waits for the end of the file: a process may have handed it on to others that live on.
    ///
    /// - Parameter seconds: How long at most; `nil` is without a limit.
    /// - Returns: Whether the end has come.
    func waitForEnd(seconds: Double?) -> Bool {
        reading.wait(timeout: seconds.map { .now() + $0 } ?? .distantFuture) == .success
    }

    /// The last lines, without control characters.
    var text: String {
        kept.lines.suffix(Self.lines)
            .map { $0.filter { !($0.isASCII && ($0.asciiValue ?? 0) < 0x20) } }
            .joined(separator: "\n")
    }
}
