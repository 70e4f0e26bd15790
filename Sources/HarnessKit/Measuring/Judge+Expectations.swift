extension Judge {
    /// Judges the runs by the scenario's expectations.
    ///
    /// The value of a target is the median over its runs; counts and levels must satisfy the condition in every run. A
    /// metric without samples is inconclusive and never passes.
    ///
    /// - Parameters:
    ///   - scenario: The scenario with its expectations.
    ///   - artifacts: All runs, in any order.
    ///   - skipped: Targets that cannot be run on a clock.
    /// - Returns: One result per expectation, clock that it applies to, and matching target, in the order of the scenario.
    ///   Where a target cannot be run on a clock there is none, unless the expectation would then be judged nowhere.
    public static func expectations(
        scenario: Scenario,
        artifacts: [RunArtifacts],
        skipped: [SkippedRun] = []
    ) -> [ExpectationResult] {
        let runs = artifacts.map { JudgedRun($0, expectations: scenario.expectations) }
        return expectations(scenario: scenario, runs: runs, skipped: skipped)
    }

    /// Judges runs that other processes may have made.
    static func expectations(
        scenario: Scenario,
        runs: [JudgedRun],
        skipped: [SkippedRun]
    ) -> [ExpectationResult] {
        var readings: [RunClock: [String: [[Reading]]]] = [:]
        for run in runs {
            let clock = RunClock(rawValue: run.run.clock) ?? .real
            let values = scenario.expectations.map { expectation in
                run.readings[expectation.readingKey] ?? .missing(Self.unreadReason(run))
            }
            readings[clock, default: [:]][run.run.target, default: []].append(values)
        }
        return scenario.expectations.enumerated().flatMap { index, expectation in
            let clocks = expectation.clocks(among: scenario.clocks)
            let pattern = Glob(expectation.target)
            let targets = scenario.targets.map(\.id).filter { pattern.matches($0) }
            func judgeAll(_ targets: (RunClock) -> [String]) -> [ExpectationResult] {
                clocks.flatMap { clock in
                    let byTarget = (readings[clock] ?? [:]).mapValues { runs in runs.map { $0[index] } }
                    return targets(clock).map {
                        judge(expectation, target: $0, clock: clock, readings: byTarget, skipped: skipped)
                    }
                }
            }
            let possible = judgeAll { clock in targets.filter { !skipped.contains(target: $0, clock: clock) } }
            return possible.isEmpty ? judgeAll { _ in targets } : possible
        }
    }

    private static func unreadReason(_ run: JudgedRun) -> String {
        run.run.validity.reasons.first ?? "the run's process did not tell"
    }

    private static func judge(
        _ expectation: Expectation,
        target: String,
        clock: RunClock,
        readings: [String: [Reading]],
        skipped: [SkippedRun]
    ) -> ExpectationResult {
        var result = ExpectationResult(
            that: expectation.text,
            target: target,
            level: expectation.level,
            verdict: .inconclusive
        )
        result.clock = clock
        result.phase = expectation.phase
        result.scope = expectation.scope
        guard let own = readings[target], !own.isEmpty else {
            let reason = skipped.first { $0.target == target && $0.clock == clock }?.reason
            result.detail = reason.map { "the target was not run: \($0)" } ?? "the target was not run"
            return result
        }
        if let versus = expectation.versus {
            judge(expectation, own: own, target: target, versus: Glob(versus), readings: readings, into: &result)
        } else {
            judge(expectation, own: own, into: &result)
        }
        return result
    }

    private static func judge(_ expectation: Expectation, own: [Reading], into result: inout ExpectationResult) {
        let known = own.filter { $0.metric != nil }
        guard let median = median(of: known.compactMap(\.metric)) else {
            result.detail = own.first?.missing
            return
        }
        if expectation.metric.isJudgedRunByRun {
            let missed = known.compactMap(\.metric).filter { !expectation.condition.holds(for: $0.value) }
            result.measured = missed.first ?? median
            result.verdict = missed.isEmpty ? .pass : .fail
            if !missed.isEmpty, own.count > 1 { result.detail = "missed in \(missed.count) of \(own.count) runs" }
        } else if known.contains(where: \.isLowerBound) {
            result.measured = median
            result.verdict = expectation.condition.verdict(forAtLeast: median.value)
            result.detail =
                expectation.isOnCapacity
                ? "at least this: no rate that was tried broke"
                : "at least this: it had not happened when the run ended"
        } else if known.contains(where: \.isUpperBound) {
            result.measured = median
            result.verdict = expectation.condition.verdict(forLessThan: median.value)
            result.detail = "less than this: not even the lowest rate held"
        } else {
            result.measured = median
            result.verdict = expectation.condition.holds(for: median.value) ? .pass : .fail
        }
        result.margin = result.measured.flatMap { expectation.condition.margin(of: $0.value) }
        leaveOpen(&result, if: own)
    }

    private static func judge(
        _ expectation: Expectation,
        own: [Reading],
        target: String,
        versus: Glob,
        readings: [String: [Reading]],
        into result: inout ExpectationResult
    ) {
        // By name, so that equal values always name the same target.
        let names = readings.keys.filter { $0 != target && versus.matches($0) }.sorted()
        let others = names.compactMap { name in RelativeValue(readings[name] ?? [], of: name) }
        guard let value = RelativeValue(own, of: target) else {
            result.detail = own.first?.missing
            return
        }
        let best = RelativeValue.best(of: others, isBetterLower: expectation.metric.isBetterLower)
        guard let best, let ratio = ratio(of: value.metric.value, to: best.metric.value) else {
            result.detail = "no other target '\(versus.pattern)' has a value to compare with"
            return
        }
        result.measured = Metric(value: ratio, unit: .ratio, n: min(value.metric.n, best.metric.n))
        let outcome = value.verdict(expectation.condition, ratio: ratio, to: best)
        result.verdict = outcome.verdict
        result.margin = expectation.condition.margin(of: ratio)
        let count = FindingText.count(others.count, "other target")
        result.detail = "against '\(best.target)', the best of \(count)" + (outcome.remark.map { "; \($0)" } ?? "")
        leaveOpen(&result, if: own)
    }

    /// A pass that rests on a part of the runs is no pass.
    private static func leaveOpen(_ result: inout ExpectationResult, if own: [Reading]) {
        let missing = own.filter { $0.metric == nil }
        guard let reason = missing.first?.missing else { return }
        if result.verdict == .pass { result.verdict = .inconclusive }
        result.detail = "\(missing.count) of \(own.count) runs without a value: \(reason)"
    }
}

extension Expectation {
    /// Further words on where the expectation applies.
    fileprivate var scope: String? {
        var words: [String] = []
        if let window {
            words.append("window \(DurationText(window.lowerBound).text)...\(DurationText(window.upperBound).text)")
        }
        if let after { words.append("after \(after)") }
        if let versus { words.append("versus \(versus)") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}

extension [SkippedRun] {
    fileprivate func contains(target: String, clock: RunClock) -> Bool {
        contains { $0.target == target && $0.clock == clock }
    }
}
