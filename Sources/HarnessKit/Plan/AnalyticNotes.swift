/// What a scenario lets one expect before it is run: closed forms of its load, its capacity and its failures.
///
/// The notes are printed when a scenario is checked and again in its reports, where a figure far from its closed form
/// points to a wrong scenario, a wrong target or a wrong harness.
public enum AnalyticNotes {
    /// The closed forms of a scenario.
    ///
    /// - Parameter scenario: The scenario.
    /// - Returns: One sentence each; empty when the load cannot be planned, which planning reports.
    public static func notes(for scenario: Scenario) -> [String] {
        guard let phases = try? PlannedPhase.timeLine(of: scenario.load),
            let expected = try? ExpectedLoad(scenario.load, phases: phases)
        else { return [] }
        let capacity = CapacityNotes(scenario: scenario, phases: phases, expected: expected)
        let failures = FailureNotes(scenario: scenario, phases: phases, expected: expected)
        if let search = scenario.load.search {
            return [search.note(of: scenario)] + capacity.notes + keys(scenario)
        }
        let load = scenario.load.isOpen ? [operations(scenario, phases: phases, expected: expected)] : []
        return load + capacity.notes + keys(scenario) + failures.notes
    }

    private static func operations(_ scenario: Scenario, phases: [PlannedPhase], expected: ExpectedLoad) -> String {
        let end = Double(phases.last?.latestEnd ?? 0) / 1e9
        let curves = expected.ofPhases(from: 0, to: end)
        let bursts = expected.ofBursts(from: 0, to: .infinity)
        let measured = phases.filter(\.phase.measure).reduce(0) { sum, phase in
            sum + expected.arrivals(from: Double(phase.start) / 1e9, to: Double(phase.latestEnd) / 1e9)
        }
        let parts =
            bursts > 0
            ? " (\(NoteText.fixed(curves, digits: 0)) by phases, \(NoteText.fixed(bursts, digits: 0)) by bursts)" : ""
        return "expected operations: \(NoteText.fixed(curves + bursts, digits: 0))\(parts), "
            + "\(NoteText.fixed(measured, digits: 0)) of them measured"
    }

    private static func keys(_ scenario: Scenario) -> [String] {
        guard let share = scenario.load.keys.hottestShare, case .zipf(let count, let exponent) = scenario.load.keys
        else {
            return []
        }
        return [
            "zipf(\(count), \(NoteText.number(exponent))) gives the hottest key \(NoteText.percent(share)) of the operations"
        ]
    }
}

extension KeyDistribution {
    /// The share of operations that the most frequent key gets; `nil` without keys.
    var hottestShare: Double? {
        switch self {
        case .none: nil
        case .uniform(let count), .roundRobin(let count): count > 0 ? 1 / Double(count) : nil
        case .zipf:
            if case .table(let cumulative)? = try? KeyPicker(self) { cumulative.first } else { nil }
        }
    }
}
