/// What chance decides about single operations, drawn from named counter-based streams.
struct PlanDraws: Sendable {
    let keys: KeyPicker
    let keyStream: CounterRandom
    let lanes: LanePicker
    let laneStream: CounterRandom
    let work: DurationSampler
    let workStream: CounterRandom
    let think: DurationSampler
    let thinkStream: CounterRandom
    let faults: FaultScript

    init(_ scenario: Scenario, phases: [PlannedPhase]) throws(PlanError) {
        keys = try KeyPicker(scenario.load.keys)
        keyStream = CounterRandom(seed: scenario.seed, stream: "keys")
        lanes = try LanePicker(scenario.load.lanes)
        laneStream = CounterRandom(seed: scenario.seed, stream: "lanes")
        work = scenario.work.kind == .none ? .constant(0) : DurationSampler(scenario.work.time)
        workStream = CounterRandom(seed: scenario.seed, stream: "work")
        think =
            if case .closed(_, let think?, _) = scenario.load.model { DurationSampler(think) } else { .constant(0) }
        thinkStream = CounterRandom(seed: scenario.seed, stream: "think")
        faults = try FaultScript(scenario.faults, phases: phases, seed: scenario.seed)
    }
}
