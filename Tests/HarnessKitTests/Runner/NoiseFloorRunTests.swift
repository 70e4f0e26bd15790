import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct NoiseFloorRunTests {
    private static func scenario(clocks: [RunClock] = [.real]) -> Scenario {
        var scenario = Scenario.closed(target: "fake.eager", producers: 2, awaiting: .finished, operations: 50)
        scenario.targets.append(TargetSpec(id: "other", use: "fake.eager"))
        scenario.work = Work(time: .constant(.milliseconds(1)), kind: .suspend)
        scenario.clocks = clocks
        scenario.runs.repetitions = 2
        scenario.runs.noiseFloor = true
        scenario.comparison = Comparison(baseline: "other")
        return scenario
    }

    private static func result(of scenario: Scenario) async throws -> RunResult {
        await ScenarioRunner(registry: try .fakes)
            .result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
    }

    @Test func theBaselineIsRunTwiceAsOften() async throws {
        let result = try await Self.result(of: Self.scenario())
        #expect(result.runs.count { $0.target == "target" } == 2)
        #expect(result.runs.count { $0.target == "other" } == 4)
        let noise = try #require(result.noise)
        #expect(noise.target == "other" && noise.runs == 4)
        #expect(noise.floors.contains { $0.metric == "throughput" && $0.share >= 0 })
        #expect(result.notes.contains { $0.contains("other was run twice as often") })
        let side = try #require(result.sideBySide)
        #expect(side.table.columns == ["other", "target"])
        #expect(side.table.rows.first { $0.metric == "throughput" }?.noise != nil)
    }

    @Test func inVirtualTimeItIsToldThatThereIsNone() async throws {
        var scenario = Self.scenario(clocks: [.virtual])
        scenario.load.phases[0].end = .after(.milliseconds(100))
        let result = try await Self.result(of: scenario)
        #expect(result.runs.count == 2)
        #expect(result.noise == nil)
        #expect(result.notes.contains { $0.contains("differs from itself by exactly 0") })
    }

    @Test func aBaselineOfSeveralTargetsIsToldToHaveNone() {
        var scenario = Self.scenario()
        scenario.comparison?.columns = "clock"
        scenario.comparison?.baseline = "real"
        #expect(!scenario.seeksNoise && scenario.realRuns == 4)
        #expect(scenario.noiseNote?.contains("the baseline 'real' is of 2") == true)
    }
}
