internal import Synchronization

extension ScenarioRunner {
    /// What trying seeds brought.
    struct SwarmFindings {
        var summaries: [SeedSummary] = []
        /// Remarks for the reader.
        var notes: [String] = []
        /// Why the result cannot be trusted.
        var objections: [String] = []
    }

    /// Tries every target that can run in virtual time under the scenario's seeds.
    ///
    /// The first seed is tried again: under other processes its runs must have the same histories.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - finished: The runs that were made already.
    /// - Returns: One summary per target; none when the scenario needs no further runs.
    func trySeeds(of scenario: Scenario, after finished: [TargetRun]) async -> SwarmFindings {
        let verifies = scenario.runs.verifyDeterminism && swarm != nil
        // Every repetition of a search has a seed of its own, and its trials are made twice here.
        guard scenario.load.search == nil else { return SwarmFindings() }
        guard scenario.runs.virtualSeeds > 1 || verifies, !interruption.isFired,
            var scenario = scenario.keepingClock(.virtual)
        else { return SwarmFindings() }
        scenario.targets.removeAll { registry.target($0.use)?.virtualObstacle(ofPlain: $0.options) != nil }
        guard !scenario.targets.isEmpty else { return SwarmFindings() }
        let seeds = SeedRange(first: scenario.seed, count: scenario.runs.virtualSeeds)
        let reports = Mutex<[SeedReport]>([])
        let swarm = swarm ?? LocalSeedSwarm(runner: self)
        let count = seeds.count * scenario.targets.count
        let outcome = await swarm.run(scenario, seeds: seeds, interruption: interruption) { [observer] report in
            let number = reports.withLock { reports in
                reports.append(report)
                return reports.count
            }
            observer.seedTried(report, number: number, of: count)
        }
        let all = reports.withLock(\.self)
        var findings = SwarmFindings()
        findings.objections = outcome.problems + differences(between: finished, and: all, scenario)
        guard scenario.runs.virtualSeeds > 1 else { return findings }
        findings.summaries = scenario.targets.map { target in
            SeedSummary(
                target: target.id,
                seeds: seeds,
                processes: outcome.processes,
                reports: all.filter { $0.target == target.id }
            )
        }
        return findings
    }

    /// Runs with the scenario's own seed that had another history elsewhere.
    private func differences(
        between finished: [TargetRun],
        and reports: [SeedReport],
        _ scenario: Scenario
    ) -> [String] {
        reports.compactMap { report in
            guard report.seed == scenario.seed,
                let run = finished.first(where: { $0.target == report.target && $0.clock == RunClock.virtual.rawValue })
            else { return nil }
            let digest = run.historyDigest ?? run.virtual?.scheduleDigest ?? ""
            guard digest != report.digest, report.verdict != .invalid, run.validity.verdict != .invalid else {
                return nil
            }
            return
                "\(report.target) with the seed \(report.seed) had the history \(digest) here and \(report.digest) in "
                + "another run: look for the order of a Set or Dictionary, which differs from process to process"
        }
    }
}

extension SeedSummary {
    /// What the seeds make of a verdict.
    var verdict: Verdict {
        if failed > 0 { return .fail }
        if reports.contains(where: { $0.verdict == .invalid }) { return .invalid }
        return passed == planned ? .pass : .inconclusive
    }
}

extension Verdict {
    /// The worse of two.
    func worse(_ other: Verdict) -> Verdict {
        let order: [Verdict] = [.fail, .invalid, .inconclusive, .pass]
        return order.first { $0 == self || $0 == other } ?? self
    }
}
