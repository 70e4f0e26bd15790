extension ScenarioDecoder {
    /// Checks that there is one target whose runs among the others' show how much figures differ by chance.
    func checkNoiseFloor(_ node: Node?, of scenario: Scenario) {
        guard scenario.runs.noiseFloor, let node else { return }
        guard scenario.clocks.contains(.real) else {
            log.error(
                "in virtual time a figure differs from itself by exactly 0; add \"clock\": \"real\", or remove it",
                at: node
            )
            return
        }
        if scenario.runs.order == .sequential {
            log.error(
                "target by target, no run of the baseline stands among those of the others; set \"order\": "
                    + "\"interleaved-random\", or remove it",
                at: node
            )
        }
        guard let comparison = scenario.comparison, !scenario.targets.isEmpty, scenario.baselineTargets.count != 1
        else { return }
        let baseline = comparison.baseline.shortened
        if comparison.columns == "clock", baseline == RunClock.virtual.rawValue {
            log.error(
                "the baseline is of virtual time, where a figure differs from itself by exactly 0; let it be \"real\", or "
                    + "remove this",
                at: node
            )
        } else {
            log.error(
                "the noise floor is that of one target, and the baseline \"\(baseline)\" is of "
                    + "\(scenario.baselineTargets.count); let \"columns\" be \"target\", or remove it",
                at: node
            )
        }
    }
}
