/// Turns what runs left behind into answers: pure functions from artifacts to the parts of a result.
public enum Judge {
    /// Judges one run by the scenario's invariants.
    ///
    /// - Parameters:
    ///   - scenario: The scenario; `all` takes the invariants that the target declares.
    ///   - registry: Where invariants are looked up.
    ///   - evidence: What the run left behind.
    /// - Returns: One result per invariant, in order.
    public static func invariants(
        scenario: Scenario,
        registry: PluginRegistry,
        evidence: Evidence
    ) -> [InvariantResult] {
        let specs =
            switch scenario.invariants {
            case .all: evidence.capabilities.invariants
            case .listed(let specs): specs
            }
        var evidence = evidence
        evidence.highestLimit = scenario.timeline.compactMap(\.limit).max()
        return specs.map { spec in
            let finding =
                if let invariant = registry.invariant(spec.use) {
                    judge(invariant, options: spec.options, evidence: evidence, level: scenario.record)
                } else {
                    Finding.unknown("no invariant '\(spec.use)' is registered; `harness list invariants` shows all")
                }
            var result = InvariantResult(use: spec.use, options: spec.options, finding: finding)
            if result.verdict == .fail {
                result.counterExample = evidence.history.flatMap { CounterExample(of: result.detail, in: $0) }
            }
            return result
        }
    }

    private static func judge<Plugin: Invariant>(
        _ invariant: Plugin.Type,
        options: JSONValue,
        evidence: Evidence,
        level: RecordingLevel
    ) -> Finding {
        if invariant.needsHistory, evidence.history == nil {
            return .unknown("needs the history; the scenario records \"\(level.rawValue)\"")
        }
        do {
            let options = try options.decode(as: Plugin.Options.self)
            try invariant.validate(options)
            return invariant.check(evidence, options: options)
        } catch {
            return .unknown("the options cannot be used: \(error)")
        }
    }

    /// The medians of each target over its repetitions.
    ///
    /// - Parameters:
    ///   - scenario: The scenario, whose order the summaries follow.
    ///   - runs: Runs in any order.
    /// - Returns: One summary per clock and target that was run.
    public static func summaries(scenario: Scenario, runs: [JudgedRun]) -> [TargetSummary] {
        scenario.clocks.flatMap { clock in
            summaries(scenario: scenario, runs: runs.filter { $0.run.clock == clock.rawValue }, clock: clock)
        }
    }

    private static func summaries(scenario: Scenario, runs: [JudgedRun], clock: RunClock) -> [TargetSummary] {
        scenario.targets.compactMap { target in
            let own = runs.filter { $0.run.target == target.id }
            let tables = own.map(\.run.total)
            guard !tables.isEmpty else { return nil }
            var summary = TargetSummary(
                target: target.id,
                use: target.use,
                repetitions: tables.count,
                total: MetricTable()
            )
            summary.clock = clock
            var intervals: [String: ConfidenceInterval] = [:]
            for name in names(in: tables) {
                let metrics = tables.compactMap { $0[name] }
                summary.total[name] = median(of: metrics)
                let values = metrics.map(\.value)
                if values.count > 1, let least = values.min(), let greatest = values.max() {
                    summary.spread[name] = TargetSummary.Spread(min: least, max: greatest)
                    let groups = own.map(\.run).grouped(by: name)
                    intervals[name] = Bootstrap(seed: scenario.seed, replicates: 500).medianInterval(of: groups)
                }
            }
            summary.intervals = intervals.isEmpty ? nil : intervals
            summary.merged = merged(own)
            return summary
        }
    }

    /// Percentiles of all runs of a target together, from their added counts; `nil` for a single run.
    private static func merged(_ runs: [JudgedRun]) -> MetricTable? {
        guard runs.count > 1 else { return nil }
        var table = MetricTable()
        for distribution in MetricCatalogue.distributions {
            let parts = runs.compactMap { $0.histograms[distribution.name] }
            guard !parts.isEmpty else { continue }
            let sum = parts.reduce(into: LatencyHistogram()) { $0.add($1) }
            table.metrics += sum.entries(named: distribution.name)
        }
        return table.metrics.isEmpty ? nil : table
    }

    /// The targets side by side.
    ///
    /// - Parameters:
    ///   - scenario: The scenario with its comparison.
    ///   - summaries: The targets' medians.
    /// - Returns: One row per metric of the comparison; `nil` when the scenario compares nothing.
    public static func comparison(scenario: Scenario, summaries: [TargetSummary]) -> ComparisonResult? {
        guard let comparison = scenario.comparison else { return nil }
        let clock = scenario.clocks.contains(.real) ? RunClock.real : .virtual
        let summaries = summaries.filter { ($0.clock ?? clock) == clock }
        let baseline = summaries.first { $0.target == comparison.baseline }
        let rows = comparison.metrics.map { metric in
            let reference = baseline?.total[metric]?.value
            let cells = summaries.map { summary in
                let value = summary.total[metric]
                return ComparisonResult.Cell(
                    target: summary.target,
                    value: value,
                    ratio: ratio(of: value?.value, to: reference)
                )
            }
            return ComparisonResult.Row(metric: metric, cells: cells)
        }
        var result = ComparisonResult(baseline: comparison.baseline, rows: rows)
        result.clock = clock
        return result
    }

    /// The outcome of a scenario.
    ///
    /// Fails when an invariant is violated or a failing expectation is missed; is invalid when a run did not do what the
    /// scenario asked; is inconclusive when a failing expectation has no answer, nothing was offered, or the run was
    /// interrupted. Invariants that cannot tell do not count: they say so in the report.
    ///
    /// - Parameters:
    ///   - runs: All runs.
    ///   - expectations: All answers to expectations.
    ///   - interrupted: Whether the user stopped the run.
    /// - Returns: The verdict.
    public static func verdict(
        runs: [TargetRun],
        expectations: [ExpectationResult],
        interrupted: Bool = false
    ) -> Verdict {
        let binding = expectations.filter { $0.level == .fail }
        if runs.contains(where: \.violatesInvariant) || binding.contains(where: { $0.verdict == .fail }) {
            return .fail
        }
        if runs.contains(where: { $0.validity.verdict == .invalid || $0.validity.verdict == .fail }) { return .invalid }
        let isOpen =
            interrupted || runs.isEmpty || binding.contains { $0.verdict != .pass }
            || runs.contains { $0.validity.verdict == .inconclusive || $0.total["offered"]?.value == 0 }
        return isOpen ? .inconclusive : .pass
    }

    /// The median of the values; the samples add up.
    static func median(of metrics: [Metric]) -> Metric? {
        guard let first = metrics.first, let median = OrderStatistics.median(metrics.map(\.value)) else { return nil }
        return Metric(value: median, unit: first.unit, n: metrics.reduce(0) { $0 + $1.n })
    }

    static func ratio(of value: Double?, to reference: Double?) -> Double? {
        guard let value, let reference, reference != 0 else { return nil }
        return value / reference
    }

    /// The union of the tables' names, in the order of the first table that has each.
    private static func names(in tables: [MetricTable]) -> [String] {
        var seen: Set<String> = []
        return tables.flatMap { $0.metrics.map(\.name) }.filter { seen.insert($0).inserted }
    }
}

extension TargetRun {
    /// Whether an invariant was found violated.
    var violatesInvariant: Bool { invariants.contains { $0.verdict == .fail } }
}

extension [TargetRun] {
    /// The values of a metric by process; by run where all runs were made in one process.
    func grouped(by metric: String) -> [[Double]] {
        let isSpread = Set(map(\.process)).count > 1
        let groups = Dictionary(grouping: self) { isSpread ? $0.process : $0.repetition }
        return groups.sorted { $0.key < $1.key }.map { $0.value.compactMap { $0.total[metric]?.value } }
    }
}

extension TimelineEvent {
    /// The concurrency limit that the event sets.
    fileprivate var limit: Int? {
        if case .setMaxConcurrency(let limit) = action { limit } else { nil }
    }
}

extension InvariantResult {
    fileprivate init(use: String, options: JSONValue, finding: Finding) {
        switch finding {
        case .pass(let detail): self.init(use: use, options: options, verdict: .pass, detail: detail)
        case .fail(let detail): self.init(use: use, options: options, verdict: .fail, detail: detail)
        case .unknown(let detail): self.init(use: use, options: options, verdict: .unknown, detail: detail)
        }
    }
}
