import Foundation
import HarnessKit
import Synchronization

@testable import HarnessCommand

/// What a command printed, and its exit code.
struct HarnessRun {
    var exit: HarnessExit
    var output: String
    var error: String

    /// Runs a command line in this process.
    init(_ arguments: [String], targets: [any Target.Type]) async throws {
        let printed = Mutex((output: "", error: ""))
        let terminal = Terminal(
            output: { text in printed.withLock { $0.output += text } },
            error: { text in printed.withLock { $0.error += text } }
        )
        let registry = try PluginRegistry(targets: targets)
        exit = await HarnessCommand.run(arguments, registry: registry, terminal: terminal)
        (output, error) = printed.withLock(\.self)
    }
}

/// Calls `body` with an empty folder, which is removed afterwards.
func withFolder<Result>(_ body: (URL) async throws -> Result) async throws -> Result {
    let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder)
}
