import Foundation
import Testing

/// Runs of the harness whose workers are processes.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct WorkerTargetTests {
    /// The path of a scenario of this repository.
    private static func scenario(_ name: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return tests.appendingPathComponent("../../Scenarios/behaviour/\(name).json").standardized.path
    }

    @Test func whatKilledWorkerProcessesWereRunningRunsAgain() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/run-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = try Child(
            "harness",
            arguments: ["run", Self.scenario("jobs-sqlite-crash"), "--progress", "none", "--out", folder]
        )
        let ending = try await run.end()
        #expect(ending.status == 0, "\(ending.output)")
        #expect(ending.output.contains("✓ processing.crash-loses-nothing: sqlite"))
    }

    @Test func aWorkerEndsWithTheInputOfItsProcess() async throws {
        try await Stand.with { stand in
            let worker = try stand.start("work", "--until-input-ends")
            #expect(try await worker.end().status == 0)
        }
    }
}
