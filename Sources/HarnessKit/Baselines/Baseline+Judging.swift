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
        try check(scenario: result.scenario.name, environment: result.environment)
        let current = try Baseline.entries(of: result)
        for entry in current { try check(planDigest: entry.record.planDigest, target: entry.target) }
        let rows = current.flatMap { entry -> [RegressionRow] in
            guard let former = entries.first(where: { $0.isOf(entry) }) else {
                let lack = "no baseline: it has no figures of this target \(entry.place)"
                return [entry.unmatched(in: scenario, "\(lack); take them over with 'harness baseline accept'")]
            }
            guard entry.clock == RunClock.virtual.rawValue else { return observed(rules, former: former, entry: entry) }
            return ExactComparison(scenario: scenario, target: entry.target)
                .rows(rules.exact, base: former.record, head: entry.record)
        }
        return rows
            + entries.filter { former in !current.contains { $0.isOf(former) } }.map { former in
                let fact = "the baseline has figures of this target \(former.place)"
                return former.unmatched(in: scenario, "\(fact), and it was not run there")
            }
    }

    /// Makes sure that runs can be held against the baseline at all; what can be known before they are made.
    ///
    /// - Parameters:
    ///   - name: The scenario's name.
    ///   - environment: The machine and build of the runs.
    /// - Throws: ``BaselineError`` when the baseline is of another scenario or machine.
    public func check(scenario name: String, environment: EnvironmentInfo) throws(BaselineError) {
        guard scenario == name else {
            throw BaselineError("the baseline is of the scenario '\(scenario)', and '\(name)' was run")
        }
        let differences = self.environment.differences(from: environment, names: ("the baseline", "this run"))
        guard differences.isEmpty else {
            throw BaselineError(
                "the baseline of '\(scenario)' is of another machine or build (\(differences.joined(separator: "; "))); "
                    + "save one here with 'harness baseline save'"
            )
        }
    }

    /// Makes sure that a target is offered the load that the baseline's figures are of.
    ///
    /// - Parameters:
    ///   - planDigest: The digest of the plan.
    ///   - target: The target's id.
    /// - Throws: ``BaselineError`` when the load is another one.
    public func check(planDigest: String, target: String) throws(BaselineError) {
        guard let former = entries.first(where: { $0.target == target && $0.record.planDigest != planDigest }) else {
            return
        }
        throw BaselineError(
            "the baseline of '\(scenario)' is of another load: target '\(target)' had the plan "
                + "\(former.record.planDigest) and has \(planDigest); take new figures over with 'harness baseline accept'"
        )
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
            if margin.metric == MetricCatalogue.capacity,
                let outcome = CapacityOutcome(base: former.record, head: entry.record)
            {
                row.verdict = outcome.verdict
                row.detail = outcome.detail
                return row
            }
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

extension Baseline.Entry {
    fileprivate var place: String { "on the \(clock) clock" }

    fileprivate func isOf(_ other: Self) -> Bool { target == other.target && clock == other.clock }

    /// A row that tells that there is nothing to hold the entry against.
    fileprivate func unmatched(in scenario: String, _ detail: String) -> RegressionRow {
        var row = RegressionRow(
            scenario: scenario,
            target: target,
            tier: .observational,
            quantity: RegressionRow.baseline,
            verdict: .unmeasured
        )
        row.detail = detail
        return row
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
