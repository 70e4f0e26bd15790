import HarnessKit
import Testing

@testable import HarnessTargets

/// Each invariant of the atoms sees the flaw that it is there for.
@Suite(.timeLimit(.minutes(1))) struct FlawedTargetTests {
    private func results(_ flaw: FlawedTarget.Flaw?) async throws -> [String: InvariantResult] {
        let registry = try PluginRegistry(targets: [FlawedTarget.self])
        let planted = flaw.map { #", "flaw": "\#($0.rawValue)""# } ?? ""
        let reading = ScenarioFile.read(
            text: """
                {
                  "$schema": "scenario-1.json", "format": 1, "name": "flawed", "seed": 3, "clock": "virtual",
                  "targets": [
                    {
                      "id": "flawed", "use": "test.flawed",
                      "options": { "maxConcurrency": 4, "maxBatchSize": 2, "flushInterval": "50ms"\(planted) }
                    }
                  ],
                  "load": {
                    "model": "open",
                    "phases": [
                      { "name": "main", "for": "1s", "rate": "200/s" },
                      { "name": "drain", "until": "empty", "limit": "60s", "measure": false }
                    ]
                  },
                  "work": { "time": "5ms", "as": "suspend" },
                  "faults": [{ "id": "some", "scope": "attempt", "rate": "20%", "error": "transient" }],
                  "invariants": [
                    "no-task-leak", "no-slot-while-backing-off", { "use": "backoff-within", "cap": "100ms" },
                    "one-flush-at-a-time", "batch-bounds", "failover-only-when-unhealthy"
                  ]
                }
                """,
            path: "flawed.json",
            registry: registry
        )
        let scenario = try #require(reading.scenario, "\(reading.problems)")
        let runs = await ScenarioRunner(registry: registry).runs(of: scenario, plan: try Plan(scenario))
        let run = try #require(runs.first)
        let judged = Judge.invariants(scenario: scenario, registry: registry, evidence: run.evidence)
        return Dictionary(uniqueKeysWithValues: judged.map { ($0.use, $0) })
    }

    @Test(arguments: FlawedTarget.Flaw.allCases) func theFlawIsSeen(_ flaw: FlawedTarget.Flaw) async throws {
        let result = try #require(try await results(flaw)[flaw.invariant])
        #expect(result.verdict == .fail, "\(result.detail)")
        if flaw != .leak { #expect(result.counterExample != nil, "the events that show it") }
    }

    @Test func withoutAFlawNothingFails() async throws {
        let failed = try await results(nil).values.filter { $0.verdict == .fail }
        #expect(failed.isEmpty, "\(failed.map(\.detail))")
    }
}
