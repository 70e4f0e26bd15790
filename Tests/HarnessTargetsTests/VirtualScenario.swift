import HarnessKit
import Testing

@testable import HarnessTargets

/// A scenario of a few lines, run in virtual time on the built-in targets.
struct VirtualScenario {
    /// The targets, as JSON.
    var targets: String
    var load = """
        { "model": "open", "arrivals": "even",
          "phases": [
            { "name": "main", "for": "1s", "rate": "100/s" },
            { "name": "drain", "until": "empty", "limit": "20s", "measure": false }
          ] }
        """
    var work = #"{ "time": "5ms", "as": "suspend" }"#
    var faults = "[]"
    var timeline = "[]"

    func read() throws -> ScenarioReading {
        ScenarioFile.read(
            text: """
                {
                  "$schema": "scenario-1.json", "format": 1, "name": "small", "seed": 11, "clock": "virtual",
                  "targets": [\(targets)],
                  "load": \(load),
                  "work": \(work),
                  "faults": \(faults),
                  "timeline": \(timeline),
                  "invariants": "all"
                }
                """,
            path: "small.json",
            registry: try PluginRegistry(targets: BuiltInTargets.all)
        )
    }

    /// The run of the first target, with its history.
    func run() async throws -> FinishedRun {
        let reading = try read()
        let scenario = try #require(reading.scenario, "\(reading.problems)")
        let runner = ScenarioRunner(registry: try PluginRegistry(targets: BuiltInTargets.all))
        let runs = await runner.runs(of: scenario, plan: try Plan(scenario))
        return try #require(runs.first)
    }

    /// The run of the first target, which counts and whose invariants hold or have nothing to say.
    func soundRun() async throws -> FinishedRun {
        let scenario = try #require(try read().scenario)
        let run = try await run()
        try #require(run.validity.verdict == .pass, "\(run.validity.reasons)")
        let registry = try PluginRegistry(targets: BuiltInTargets.all)
        for result in Judge.invariants(scenario: scenario, registry: registry, evidence: run.evidence) {
            try #require(result.verdict != .fail, "\(result.use): \(result.detail)")
        }
        return run
    }
}

extension FinishedRun {
    /// How many signals of a name, or of names that begin so, were raised.
    func signals(_ prefix: String) -> Int {
        signalCounts.reduce(0) { $0 + ($1.key.hasPrefix(prefix) ? $1.value : 0) }
    }
}
