/// The figures of one run, or of one phase of it, with the values of the keys that it is sorted by.
struct ComparedSample {
    var keys: [String: String]
    var table: MetricTable
    /// What a search of the run knows of its capacity where it does not know the rate itself.
    var capacityBound: CapacityBound?
    var planDigest: String
    /// What the run shares its luck with: its result and process.
    var group: String
    /// Whether it is of virtual time, where nothing is left to chance.
    var isExact: Bool

    /// The values of the row keys.
    func heading(_ rows: [String]) -> [String] { rows.map { keys[$0] ?? "" } }

    /// Whether there is anything to say of a metric.
    func knows(_ metric: String) -> Bool {
        table[metric] != nil || metric == MetricCatalogue.capacity && capacityBound != nil
    }

    /// The figures of all runs.
    static func all(of results: [ComparedResult], keys: [String]) throws(ComparisonError) -> [ComparedSample] {
        let byPhase = keys.contains("phase")
        var samples: [ComparedSample] = []
        for (number, compared) in results.enumerated() {
            let isSpread = Set(compared.result.runs.map(\.process)).count > 1
            for run in compared.result.runsByTarget where run.validity.verdict != .invalid {
                let tables: [(String?, MetricTable)] =
                    byPhase ? run.phases.filter(\.measured).map { ($0.name, $0.metrics) } : [(nil, run.total)]
                for (phase, table) in tables {
                    var values: [String: String] = [:]
                    for key in keys { values[key] = compared.value(of: key, run: run, phase: phase) }
                    samples.append(
                        ComparedSample(
                            keys: values,
                            table: table,
                            capacityBound: phase == nil ? run.capacityBound : nil,
                            planDigest: run.planDigest,
                            group: "\(number).\(isSpread ? run.process : run.repetition)",
                            isExact: run.clock == RunClock.virtual.rawValue
                        )
                    )
                }
            }
        }
        guard !samples.isEmpty else {
            throw ComparisonError("no run counts: all of them are invalid; run the scenarios again")
        }
        for key in keys where samples.allSatisfy({ $0.keys[key] == nil }) {
            throw ComparisonError(
                "no run has a value for '\(key)'; take target, use, clock, phase, seed, result, scenario, revision, "
                    + "options.<name>, environment.<name> or a path into the scenario, as load.phases.main.rate"
            )
        }
        return samples
    }

    /// The row keys, with another one where a row and column would hold figures of several targets.
    static func rowKeys(
        _ rows: [String],
        column: String,
        tellingTargetsApartIn samples: [ComparedSample]
    ) -> [String] {
        func areApart(_ rows: [String]) -> Bool {
            let cells = Dictionary(grouping: samples) { $0.heading(rows + [column]) }
            return cells.values.allSatisfy { own in Set(own.map { $0.keys["target"] }).count == 1 }
        }
        guard !areApart(rows) else { return rows }
        // A target has one value of an option, so that its own rows would leave nothing to compare.
        if column.hasPrefix("options."), areApart(rows + ["use"]) { return rows + ["use"] }
        return rows + ["target"]
    }

    /// Refuses to compare what did not face the same load.
    static func requireEqualPlans(
        _ samples: [ComparedSample],
        rows: [String],
        column: String
    ) throws(ComparisonError) {
        let byRow = Dictionary(grouping: samples) { $0.heading(rows) }
        var complaints: [String] = []
        for (heading, own) in byRow.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let plans = own.map { "\($0.keys[column] ?? "") has the plan \($0.planDigest)" }.uniqued
            guard Set(own.map(\.planDigest)).count > 1 else { continue }
            let row = zip(rows, heading).map { "\($0) \($1)" }.joined(separator: ", ")
            complaints.append("\(row.isEmpty ? "" : "\(row): ")\(plans.joined(separator: ", "))")
        }
        guard complaints.isEmpty else {
            throw ComparisonError(
                "the plans differ, so that the figures say nothing about each other: "
                    + complaints.joined(separator: "; ")
                    + "; run the same scenario with the same seed, or make what differs a key of --rows"
            )
        }
    }

    /// The values of a metric by what their runs share their luck with.
    static func groups(_ samples: [ComparedSample], _ metric: String) -> [[Double]] {
        let groups = Dictionary(grouping: samples, by: \.group)
        return groups.sorted { $0.key < $1.key }.map { $0.value.compactMap { $0.table[metric]?.value } }
    }
}

extension RunResult {
    /// The runs, targets in the order of the scenario: the order of the runs is drawn.
    fileprivate var runsByTarget: [TargetRun] {
        let order = targets.map(\.target)
        return order.uniqued.flatMap { name in runs.filter { $0.target == name } }
            + runs.filter { !order.contains($0.target) }
    }
}
