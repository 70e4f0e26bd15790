import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1)))
struct RunCourseTests {
    @Test func closedFormsHoldForARunThatFollowsThem() async throws {
        let run = try #require(try await Self.result(rate: "100/s", limit: 4, expectation: "completed > 0").runs.first)
        let checks = try #require(run.checks)
        #expect(
            checks.map(\.name) == [
                "utilisation in phase 'main' of 'work'", "attempts in flight of 'work' by Little's law",
            ]
        )
        #expect(checks.filter { !$0.holds } == [])
        #expect(abs(checks[0].expected - 0.125) < 1e-9)
        #expect(run.phases.map(\.isUnstable) == [nil, nil])
    }

    @Test func percentilesOfAnUnstableQueueAreWithheld() async throws {
        let result = try await Self.result(rate: "300/s", limit: 1, expectation: "response.p50 < 1s")
        let run = try #require(result.runs.first)
        #expect(run.phases.first?.isUnstable == true)
        #expect(run.total["response.p50"] == nil)
        #expect(run.total["response.max"] != nil)
        #expect(result.expectations.first?.verdict == .inconclusive)
        #expect(result.expectations.first?.detail?.contains("unstable") == true)
        // 300 come and 200 go each second.
        #expect(result.notes.contains { $0.contains("its queue grew by 100/s") }, "\(result.notes)")
    }

    /// Six virtual seconds of work of 5 ms.
    private static func result(rate: String, limit: Int, expectation: String) async throws -> RunResult {
        let text = """
            {
              "$schema": "s.json", "format": 1, "name": "course", "seed": 3, "clock": "virtual",
              "targets": [{ "id": "work", "use": "coordinator.work", "options": { "maxConcurrency": \(limit) } }],
              "load": {
                "model": "open",
                "phases": [
                  { "name": "main", "for": "6s", "rate": "\(rate)" },
                  { "name": "drain", "until": "empty", "limit": "30s", "measure": false }
                ]
              },
              "work": { "time": "5ms", "as": "suspend" },
              "expect": [{ "that": "\(expectation)" }]
            }
            """
        let registry = try PluginRegistry(targets: BuiltInTargets.all)
        let reading = ScenarioFile.read(text: text, path: "course.json", registry: registry)
        let scenario = try #require(reading.scenario, "\(reading.problems)")
        let runner = ScenarioRunner(registry: registry)
        return await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
    }
}
