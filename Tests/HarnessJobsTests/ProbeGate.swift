import Foundation

/// Where jobs in other processes wait until a test lets them go on: a named pipe of which each reads one byte.
final class ProbeGate: Sendable {
    private let pipe: NamedPipe

    var path: String { pipe.path }

    init(in folder: String) throws {
        pipe = try NamedPipe(folder + "/gate")
    }

    deinit { close(pipe.file) }

    /// Lets so many jobs go on, whether they wait already or not.
    func pass(_ count: Int) { pipe.write([UInt8](repeating: 0, count: count)) }
}
