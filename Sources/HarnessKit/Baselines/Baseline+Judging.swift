extension Baseline {
    /// Holds a result against the baseline.
    ///
    /// What must be equal is judged in virtual time. Figures of the real clock are told: runs that were made at another time
    /// say too little about a build for a judgement (`harness gate` makes pairs of them).
    ///
    /// - Parameters:
    ///   - result: The result of the same scenario.
    ///   - rules: What is compared.
    /// - Returns: The rows, target by target.
    /// - Throws: ``BaselineError`` when the baseline is of another scenario, load or machine.
    public func rows(for result: RunResult, rules: RegressionRules) throws(BaselineError) -> [RegressionRow] {
        guard scenario == result.scenario.name else {
            throw BaselineError(
                "the baseline is of the scenario '\(scenario)', and '\(result.scenario.name)' was run"
            )
        }
        let differences = environment.differences(from: result.environment, names: ("the baseline", "this run"))
        guard differences.isEmpty else {
            throw BaselineError(
                "the baseline of '\(scenario)' is of another machine or build (\(differences.joined(separator: "; "))); "
                    + "save one here with 'harness baseline save'"
            )
        }
        let current = try Baseline.entries(of: result)
        var rows: [RegressionRow] = []
        for entry in current {
            guard let former = entries.first(where: { $0.target == entry.target && $0.clock == entry.clock }) else {
                continue
            }
            guard former.record.planDigest == entry.record.planDigest else {
                throw BaselineError(
                    "the baseline of '\(scenario)' is of another load: target '\(entry.target)' had the plan "
                        + "\(former.record.planDigest) and has \(entry.record.planDigest); take new figures over with "
                        + "'harness baseline accept'"
                )
            }
            rows +=
                entry.clock == RunClock.virtual.rawValue
                ? ExactComparison(scenario: scenario, target: entry.target)
                    .rows(rules.exact, base: former.record, head: entry.record)
                : observed(rules, former: former, entry: entry)
        }
        return rows
    }

    private static func entries(of result: RunResult) throws(BaselineError) -> [Entry] {
        var lenient = result
        // What is held against a baseline may be wrong: the rows tell.
        lenient.verdict = .pass
        return try Baseline(lenient).entries
    }

    private func observed(_ rules: RegressionRules, former: Entry, entry: Entry) -> [RegressionRow] {
        (rules.paired + rules.observe).map { margin in
            var row = RegressionRow(
                scenario: scenario,
                target: entry.target,
                tier: .observational,
                quantity: margin.metric,
                verdict: .unmeasured
            )
            row.margin = margin.share
            row.base = former.record.total[margin.metric]
            row.head = entry.record.total[margin.metric]
            row.ratio = Judge.ratio(of: row.head?.value, to: row.base?.value)
            guard let ratio = row.ratio else { return row }
            let before = former.samples[margin.metric] ?? []
            row.interval = Bootstrap().ratioInterval(of: entry.samples[margin.metric] ?? [], to: before)
            var cell = ResultComparison.Cell(value: row.head, runs: row.head?.n ?? 0, verdict: .missing)
            cell.ratio = ratio
            cell.ratioInterval = row.interval
            let better = MetricCatalogue.metric(named: margin.metric)?.better
            row.verdict = ResultComparison.word(for: cell, better: better, margin: margin.share).regressionVerdict
            return row
        }
    }
}

extension ResultComparison.Word {
    fileprivate var regressionVerdict: RegressionRow.Verdict {
        switch self {
        case .better: .improved
        case .worse: .regressed
        case .same, .reference, .unseen: .same
        case .unclear, .single, .different: .inconclusive
        case .missing: .unmeasured
        }
    }
}

extension RunResult {
    /// Takes down how the result stands to a baseline; what must be equal and is not makes it fail.
    public mutating func hold(against rows: [RegressionRow]) {
        regressions = rows
        if rows.contains(where: \.isBlocking) { verdict = verdict.worse(.fail) }
    }
}
