import Foundation
import Testing

/// The harness that is built beside the tests.
enum BuiltHarness {
    static var path: String {
        get throws {
            let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let path = URL(fileURLWithPath: folder).deletingLastPathComponent().appending(path: "harness").path
            try #require(FileManager.default.isExecutableFile(atPath: path), "the harness is built with the tests")
            return path
        }
    }
}
