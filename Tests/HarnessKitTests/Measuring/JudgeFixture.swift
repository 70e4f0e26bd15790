@testable import HarnessKit

/// Runs with given figures, for tests of judgements.
enum JudgeFixture {
    static func scenario(targets: [String] = ["a"], expectations: [Expectation] = []) -> Scenario {
        var scenario = PlanFixture.open(rate: 10, seconds: 1)
        scenario.targets = targets.map { TargetSpec(id: $0, use: "test.\($0)") }
        scenario.expectations = expectations
        return scenario
    }

    static func run(_ metrics: [(String, Double, MetricUnit)], of target: String = "a") -> TargetRun {
        var run = TargetRun(
            target: target,
            use: "test.\(target)",
            options: .object([:]),
            clock: "real",
            seed: 7,
            repetition: 0
        )
        for (name, value, unit) in metrics { run.total[name] = Metric(value: value, unit: unit, n: 1000) }
        return run
    }

    static func artifacts(_ run: TargetRun, scenario: Scenario, history: History? = nil) throws -> RunArtifacts {
        let span = PhaseSpan(name: "main", measured: true, start: 0, end: 1_000_000_000)
        return try RunArtifacts(run: run, history: history, plan: Plan(scenario), spans: [span])
    }

    static func expect(
        _ text: String,
        _ metric: MetricPath,
        _ condition: Expectation.Condition,
        level: Expectation.Level = .fail
    ) -> Expectation {
        var expectation = Expectation(text: text, metric: metric, condition: condition)
        expectation.level = level
        return expectation
    }
}
