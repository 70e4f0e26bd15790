extension ScenarioRunner {
    /// Makes the result's run of a search from the trial that stands for it.
    func summed(
        _ course: SearchCourse,
        fault: SearchAttempt?,
        _ turn: RunOrder.Turn,
        of scenario: Scenario,
        plan: Plan
    ) -> Capacity {
        let (report, kept) = course.summed()
        guard var judged = fault?.judged ?? kept?.judged else {
            let run = unmade(turn, of: scenario, plan: plan, because: report.endedEarly)
            return Capacity(report: report, judged: run.judged(by: scenario, registry: registry), run: nil)
        }
        judged.run.seed = scenario.seed
        // Searches of one scenario are equals, whatever rate each of them ended with.
        judged.run.planDigest = plan.digest
        if turn.clock == .virtual, judged.run.historyDigest != nil {
            var hash = StableHash()
            for trial in report.trials { hash.combine(trial.historyDigest ?? "") }
            judged.run.historyDigest = hash.hexadecimal
        }
        if let rate = report.rate {
            let samples = max(1, report.completed)
            judged.run.total[MetricCatalogue.capacity] = Metric(value: rate, unit: .perSecond, n: samples)
        }
        judged.run.capacityBound = report.bound
        if let why = report.endedEarly {
            judged.notes.append("the search ended after \(FindingText.count(report.trials.count, "trial")): \(why)")
            judged.run.interrupted = interruption.isFired
            if report.completed == 0, judged.run.validity.verdict == .pass {
                judged.run.validity.verdict = .inconclusive
                judged.run.validity.reasons = ["the search ended before its first repetition did: \(why)"]
            }
        }
        judged.notes += report.notes
        for expectation in scenario.expectations where expectation.isOnCapacity {
            judged.readings[expectation.readingKey] = report.reading
        }
        return Capacity(report: report, judged: judged, run: fault?.run ?? kept?.run)
    }

    /// The run of a search without a single trial.
    private func unmade(
        _ turn: RunOrder.Turn,
        of scenario: Scenario,
        plan: Plan,
        because why: String?
    ) -> FinishedRun {
        let target = scenario.targets[turn.target]
        return FinishedRun(
            target: target,
            capabilities: registry.target(target.use)?.capabilities ?? TargetCapabilities(),
            identity: identity(of: turn, in: scenario),
            plan: plan,
            objection: why
        )
    }
}

extension TargetSummary {
    /// The summary with the interval of what a search found.
    func adding(_ searches: [CapacitySearch]) -> TargetSummary {
        let own = searches.first { $0.target == target && $0.clock == clock ?? $0.clock }
        guard let interval = own?.interval else { return self }
        var summary = self
        summary.intervals = (intervals ?? [:]).merging([MetricCatalogue.capacity: interval]) { _, new in new }
        return summary
    }
}
