import HarnessKit
import HarnessTargets
import Testing

/// A short run of one target in virtual time: 200 operations in a second, a tenth of which fail, then half a second of quiet.
struct PatternRun {
    var options = "{}"
    /// Errors by share.
    var errors = ["transient": "10%"]
    var timeline = "[]"
    /// Shares of lanes, or nothing.
    var lanes: String?
    var rate = "200/s"
    var work = #"{ "dist": "exponential", "mean": "5ms" }"#

    /// Runs a target, and judges it by the invariants that it declares.
    func run(_ use: String) async throws -> Outcome {
        let registry = try PluginRegistry(targets: BuiltInTargets.all)
        let reading = ScenarioFile.read(text: text(use), path: "pattern.json", registry: registry)
        let scenario = try #require(reading.scenario, "\(reading.problems)")
        let runner = ScenarioRunner(registry: registry)
        let finished = Finished()
        let result = await runner.result(
            of: scenario,
            plan: try Plan(scenario),
            source: ScenarioSource(digest: "")
        ) { await finished.set($0) }
        return Outcome(run: try #require(await finished.run), judged: try #require(result.runs.first))
    }

    private func text(_ use: String) -> String {
        let faults = errors.sorted { $0.key < $1.key }.map { name, share in
            #"{ "id": "fault-\#(name.filter(\.isLetter))", "scope": "attempt", "rate": "\#(share)", "error": "\#(name)" }"#
        }
        let priorities = lanes.map { #""priorities": \#($0),"# } ?? ""
        return """
            {
              "$schema": "scenario-1.json",
              "format": 1,
              "name": "pattern",
              "clock": "virtual",
              "targets": [{ "id": "target", "use": "\(use)", "options": \(options) }],
              "load": {
                "model": "open",
                "arrivals": "poisson",
                "keys": { "dist": "uniform", "count": 10 },
                \(priorities)
                "phases": [
                  { "name": "main", "for": "1s", "rate": "\(rate)" },
                  { "name": "quiet", "for": "500ms", "rate": "0/s" }
                ]
              },
              "work": { "time": \(work), "as": "suspend" },
              "faults": [\(faults.joined(separator: ", "))],
              "timeline": \(timeline),
              "invariants": "all"
            }
            """
    }

    /// What came of a run.
    struct Outcome {
        var run: FinishedRun
        var judged: TargetRun

        /// Invariants that do not hold.
        var violations: [String] {
            judged.invariants.filter { $0.verdict == .fail }.map { "\($0.use): \($0.detail)" }
        }

        /// Invariants that nothing exercised.
        var unknown: [String] { judged.invariants.filter { $0.verdict == .unknown }.map(\.use) }

        /// How often signals were raised whose names begin so.
        func raised(_ prefix: String) -> Int {
            run.signalCounts.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +)
        }
    }

    private actor Finished {
        var run: FinishedRun?
        func set(_ run: FinishedRun) { self.run = run }
    }
}
