import EphemeralTime
import Foundation
import Processing
import Testing

@testable import HarnessTargets

/// Stores of runs that cannot be opened, or not all of them.
@Suite(.timeLimit(.minutes(1)))
struct RunStoreTests {
    /// Runs a test with a folder in which those of runs are made, and returns what is left in it.
    private func leftovers(below levels: Int = 0, of body: () async throws -> Void) async throws -> [String] {
        let root = FileManager.default.temporaryDirectory.path + "/run-stores-\(JobID.next())"
        let folder = root + String(repeating: "/" + String(repeating: "x", count: 200), count: levels)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await RunStore.$temporaryFolder.withValue(folder, operation: body)
        return try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    private func open(_ options: StoreTargetOptions) async throws -> RunStore {
        try await RunStore.open(options, isShared: true, time: .system)
    }

    @Test func aStoreInAFileTakesItsFolderWithIt() async throws {
        var options = StoreTargetOptions()
        options.store = .sqlite
        let left = try await leftovers {
            let store = try await open(options)
            #expect(FileManager.default.fileExists(atPath: try #require(store.folder)))
            await store.shutdown()
        }
        #expect(left == [])
    }

    @Test func theFolderOfAFileThatCannotBeOpenedIsRemoved() async throws {
        var options = StoreTargetOptions()
        options.store = .sqlite
        // A folder may have a longer path than a file of SQLite.
        let left = try await leftovers(below: 4) {
            await #expect(throws: ProcessingError.self) { try await open(options) }
        }
        #expect(left == [])
    }

    @Test(arguments: [false, true])
    func theFolderForAServerThatIsNotThereIsRemoved(hasProxy: Bool) async throws {
        var options = StoreTargetOptions()
        (options.store, options.url, options.proxy) = (.redis, "redis://127.0.0.1:1/0", hasProxy)
        let left = try await leftovers {
            await #expect(throws: ProcessingError.self) { try await open(options) }
        }
        #expect(left == [])
    }

    @Test func aTargetThatCannotBeMadeClosesItsStoreAndItsJournal() async throws {
        let left = try await leftovers {
            await #expect(throws: ProcessingError.self) {
                _ = try await Peer(type: CriticalTarget.self)
                    .make(options: #"{"store": "sqlite", "journal": true, "emergencyLease": "0s"}"#, probe: BodyProbe())
            }
        }
        #expect(left == [])
    }
}
