extension ScenarioRunner {
    /// Runs a target once, or twice where the scenario asks for proof that both are equal.
    func verifiedRun(_ turn: RunOrder.Turn, of scenario: Scenario, plan: Plan) async -> FinishedRun {
        var first = await run(turn, of: scenario, plan: plan)
        guard turn.clock == .virtual, scenario.runs.verifyDeterminism, first.validity.verdict != .invalid else {
            return first
        }
        guard !interruption.isFired else { return first }
        let second = await run(turn, of: scenario, plan: plan)
        let difference = RunDifference.between(first, second)
        first.virtual?.isRepeatable = difference == nil
        if let difference {
            first.invalidate([
                "a second run with the seed \(scenario.seed) differed: \(difference); look for the order of a Set or "
                    + "Dictionary, addresses, randomness that is not seeded, or state that outlives a run"
            ])
        }
        return first
    }

    /// The targets that are not run on a clock of the scenario: the clock does not suit them, or something is not there.
    func skippedRuns(of scenario: Scenario) async -> [SkippedRun] {
        var skipped: [SkippedRun] = []
        for target in scenario.targets {
            guard let plugin = registry.target(target.use) else { continue }
            let isOptional = target.otherwise == .skip
            let missing = isOptional ? await plugin.missing(target.requirements, ofPlain: target.options) : nil
            for clock in scenario.clocks {
                let obstacle = clock == .virtual ? plugin.virtualObstacle(ofPlain: target.options) : nil
                guard let reason = obstacle ?? missing else { continue }
                skipped.append(SkippedRun(target: target.id, use: target.use, clock: clock, reason: reason))
            }
        }
        return skipped
    }
}

/// Where two runs that should be equal part.
enum RunDifference {
    /// The first difference in words; `nil` when there is none.
    static func between(_ first: FinishedRun, _ second: FinishedRun) -> String? {
        if let left = first.history, let right = second.history, left != right {
            return between(left, right)
        }
        if first.tally != second.tally { return "the counts of operations are \(first.tally) and \(second.tally)" }
        guard let left = first.virtual, let right = second.virtual, left != right else { return nil }
        return "the histories are equal, but not the steps: \(left.steps) and \(right.steps), with the schedules "
            + "\(left.scheduleDigest) and \(right.scheduleDigest)"
    }

    private static func between(_ left: History, _ right: History) -> String {
        let pairs = zip(left.events, right.events)
        if let (number, pair) = pairs.enumerated().first(where: { $0.element.0 != $0.element.1 }) {
            return "event \(number + 1) is \(left.words(for: pair.0)) and \(right.words(for: pair.1))"
        }
        if left.events.count != right.events.count {
            let longer = left.events.count > right.events.count ? left : right
            let shorter = min(left.events.count, right.events.count)
            return "one history ends after \(FindingText.count(shorter, "event")), the other goes on with "
                + longer.words(for: longer.events[shorter])
        }
        return left.samples == right.samples
            ? "the names of signals or errors are not the same" : "the target said other things of itself"
    }
}
