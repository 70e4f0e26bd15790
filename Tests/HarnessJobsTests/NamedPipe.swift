import Foundation

/// A named pipe, open for reading and writing, so that it neither waits for another side nor ends with it.
struct NamedPipe: Sendable {
    let path: String
    let file: Int32

    struct Failure: Error {}

    init(_ path: String) throws {
        // The path outlives both calls.
        guard unsafe mkfifo(path, 0o600) == 0 else { throw Failure() }
        file = unsafe open(path, O_RDWR)
        guard file >= 0 else { throw Failure() }
        self.path = path
    }

    func write(_ bytes: [UInt8]) {
        // The bytes outlive the call.
        _ = unsafe Foundation.write(file, bytes, bytes.count)
    }
}
