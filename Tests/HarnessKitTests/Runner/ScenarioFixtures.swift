import HarnessKit
import Testing

extension Scenario {
    /// An open load at an even rate, and a draining phase after it.
    static func open(target: String, rate: Double, for length: Duration) -> Scenario {
        let load = Load(
            model: .open(arrivals: .even),
            phases: [
                Phase(name: "main", end: .after(length), rate: .constant(rate)),
                Phase(name: "drain", end: .empty(limit: .seconds(20)), measure: false),
            ]
        )
        return Scenario(
            name: "fixture",
            summary: "A fixture.",
            seed: 1,
            targets: [TargetSpec(id: "target", use: target)],
            load: load
        )
    }

    /// A closed load of a number of operations, and a draining phase after it.
    static func closed(target: String, producers: Int, awaiting: Load.Awaiting, operations: Int) -> Scenario {
        let load = Load(
            model: .closed(producers: producers, think: nil, awaiting: awaiting),
            phases: [
                Phase(name: "main", end: .operations(operations, limit: .seconds(20))),
                Phase(name: "drain", end: .empty(limit: .seconds(20)), measure: false),
            ]
        )
        return Scenario(
            name: "fixture",
            summary: "A fixture.",
            seed: 1,
            targets: [TargetSpec(id: "target", use: target)],
            load: load
        )
    }

    /// Runs the scenario's only target once.
    func runOnce(limits: RunLimits = RunLimits()) async throws -> FinishedRun {
        var runner = ScenarioRunner(registry: try .fakes)
        runner.limits = limits
        let runs = await runner.runs(of: self, plan: try Plan(self))
        return try #require(runs.first, "the scenario has a target")
    }
}

extension PluginRegistry {
    /// All fake targets.
    static var fakes: PluginRegistry {
        get throws {
            try PluginRegistry(targets: [
                EagerTarget.self, InlineTarget.self, RefusingTarget.self, DiscardingTarget.self, HangingTarget.self,
                PullingTarget.self, ImpossibleTarget.self, SignallingTarget.self, AnsweringTarget.self,
            ])
        }
    }
}

/// Interrupts the run as soon as its first phase begins.
struct InterruptingObserver: RunObserver {
    let interruption: Interruption

    func phaseStarted(_ phase: String, of run: RunIdentity) { interruption.fire() }
}
