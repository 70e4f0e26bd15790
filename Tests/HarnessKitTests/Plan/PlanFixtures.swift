import HarnessKit

/// Scenarios for tests of plans: one target, one phase, everything else to be set.
enum PlanFixture {
    static func open(
        _ phases: [Phase],
        arrivals: Load.Arrivals = .even,
        bursts: [Burst] = [],
        seed: UInt64 = 7
    ) -> Scenario {
        var load = Load(model: .open(arrivals: arrivals), phases: phases)
        load.bursts = bursts
        return Scenario(
            name: "fixture",
            summary: "A fixture.",
            seed: seed,
            targets: [TargetSpec(id: "a", use: "test.a")],
            load: load
        )
    }

    static func open(rate: Double, seconds: Int, arrivals: Load.Arrivals = .even, seed: UInt64 = 7) -> Scenario {
        open(
            [Phase(name: "main", end: .after(.seconds(seconds)), rate: .constant(rate))],
            arrivals: arrivals,
            seed: seed
        )
    }

    static func closed(_ phases: [Phase], producers: Int = 2, seed: UInt64 = 7) -> Scenario {
        let load = Load(model: .closed(producers: producers, think: nil, awaiting: .finished), phases: phases)
        return Scenario(
            name: "fixture",
            summary: "A fixture.",
            seed: seed,
            targets: [TargetSpec(id: "a", use: "test.a")],
            load: load
        )
    }

    /// An open scenario whose operations take a time drawn from `distribution`.
    static func working(_ distribution: DurationDistribution, seed: UInt64 = 7) -> Scenario {
        var scenario = open(rate: 10, seconds: 1, seed: seed)
        scenario.work = Work(time: distribution, kind: .suspend)
        return scenario
    }
}
