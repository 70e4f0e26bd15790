import Foundation
import Processing
import ProcessingSQLite
import Testing

/// A disk of its own that has no room left.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct FullDiskTests {
    /// Runs a test in a folder that is a disk of 2 MiB; where nobody may mount one the test is shown as not run.
    private func withDisk(_ body: (_ path: String) async throws -> Void) async throws {
        let folder = try Folder()
        guard try Self.run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.path) else {
            try Test.cancel("no disk can be mounted here: that takes the rights of an administrator")
        }
        defer { _ = try? Self.run("umount", folder.path) }
        try await body(folder.path)
    }

    private static func run(_ arguments: String...) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test func aFullDiskRefusesJobsAndWorkGoesOnWhenThereIsRoomAgain() async throws {
        try await withDisk { path in
            let store = try SQLiteProcessingStore(path: path + "/jobs.db")
            let first = try await store.add("first")
            // Somebody else takes what is left.
            let file = path + "/other"
            #expect(FileManager.default.createFile(atPath: file, contents: nil))
            let handle = try #require(FileHandle(forWritingAtPath: file))
            while (try? handle.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
            try handle.close()
            let request = JobRequest(operation: "second", payload: [UInt8](repeating: 7, count: 300_000))
            let error = await #expect(throws: ProcessingError.self) {
                try await store.enqueue([request], in: "default")
            }
            #expect(error?.code == .storeFull)
            #expect(try await store.status(of: ["default"])[0].enqueued == 1)
            try FileManager.default.removeItem(atPath: file)
            try await store.add("third")
            let jobs = try await store.take(9)
            #expect(jobs.map(\.job.operation) == ["first", "third"])
            #expect(jobs.first?.job.id == first.first)
            #expect(try await store.settle(jobs.map { JobSettlement($0.lease, .done) }) == [.done, .done])
            #expect(await store.health().isHealthy)
            await store.shutdown()
        }
    }
}
