import Foundation
import HarnessKit
import HarnessTargets
import Synchronization
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct ProcessIsolationTests {
    @Test
    func aFreshProcessTellsItsRunsAndLeavesTheirHistories() async throws {
        try await withFolder { folder in
            let isolation = try isolation(in: folder)
            let runs = Mutex<[JudgedRun]>([])
            let problem = await isolation.run(target: "work", process: 1, interruption: Interruption()) { run in
                runs.withLock { $0.append(run) }
            }
            #expect(problem == nil)
            let judged = runs.withLock(\.self)
            #expect(judged.map(\.run.process) == [1, 1])
            #expect(judged.map(\.run.repetition) == [2, 3])
            #expect(judged.allSatisfy { $0.run.total["completed"]?.value == 20 })
            #expect(judged.allSatisfy { $0.histograms["response"]?.count == 20 })
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "history").path)
            #expect(Set(files).isSuperset(of: ["work-3.jsonl", "work-4.jsonl", "work-3.evidence.json"]))
        }
    }

    @Test
    func anotherScenarioThanTheOneThatWasReadIsRefused() async throws {
        try await withFolder { folder in
            var isolation = try isolation(in: folder)
            isolation.digest = "0123456789abcdef"
            let problem = await isolation.run(target: "work", process: 0, interruption: Interruption()) { _ in }
            #expect(problem == "the process 1 of target 'work' ended with the status 1")
        }
    }

    private func isolation(in folder: URL) throws -> ProcessIsolation {
        let text = """
            {
              "$schema": "scenario-1.json", "format": 1, "name": "small", "summary": "A small scenario.", "seed": 1,
              "targets": [{ "id": "work", "use": "coordinator.work", "options": { "maxConcurrency": 2 } }],
              "load": {
                "model": "closed", "producers": 1, "await": "finished",
                "phases": [{ "name": "main", "operations": 20, "limit": "30s" }]
              },
              "runs": { "processes": 2, "repetitions": 2 }
            }
            """
        let file = folder.appending(path: "small.json")
        try Data(text.utf8).write(to: file)
        let registry = try PluginRegistry(targets: BuiltInTargets.all)
        let reading = ScenarioFile.read(path: file.path, registry: registry)
        return ProcessIsolation(
            executable: try BuiltHarness.path,
            file: file.path,
            settings: [],
            seed: nil,
            digest: try #require(reading.digest, "\(reading.problems)"),
            history: folder.path,
            historyEvents: 1000,
            limit: .seconds(60)
        )
    }
}
