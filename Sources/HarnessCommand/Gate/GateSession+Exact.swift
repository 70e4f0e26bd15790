internal import HarnessKit

extension GateSession {
    /// What must be equal, of every target that can run in virtual time.
    ///
    /// What differs is run again in fresh processes before it counts.
    func exactRows(_ subjects: [GateSubject], _ processes: inout GateProcesses) async -> [RegressionRow] {
        var rows: [RegressionRow] = []
        var doubtful: [(subject: GateSubject, first: ExactComparison.Runs)] = []
        for subject in subjects where subject.clocks.contains(.virtual) && !interruption.isFired {
            let runs = await processes.runs(of: subject, on: .virtual)
            rows += runs.failureRows(of: subject)
            let compare = comparison(of: subject)
            guard let first = runs.both else {
                rows += runs.head.map { [compare.invariants($0)] } ?? []
                continue
            }
            let own = compare.rows(subject.rules.exact, first)
            if own.contains(where: { $0.verdict == .regressed && $0.quantity != RegressionRow.invariants }) {
                doubtful.append((subject, first))
            } else {
                rows += own
            }
        }
        progress("virtual time: \(rows.count) figures looked at, \(doubtful.count) targets differ")
        guard !doubtful.isEmpty else { return rows }
        var again = GateProcesses(session: self)
        defer { again.end() }
        for (subject, first) in doubtful {
            rows += await confirmedRows(of: subject, first: first, &again)
        }
        return rows
    }

    private func confirmedRows(
        of subject: GateSubject,
        first: ExactComparison.Runs,
        _ again: inout GateProcesses
    ) async -> [RegressionRow] {
        let compare = comparison(of: subject)
        let quantities = subject.rules.exact
        let own = compare.rows(quantities, first)
        func leftOpen(_ reason: String) -> [RegressionRow] {
            own.map { $0.quantity == RegressionRow.invariants ? $0 : $0.leftOpen(reason) }
        }
        guard !interruption.isFired else { return leftOpen("was not run again: the comparison was stopped") }
        let runs = await again.runs(of: subject, on: .virtual)
        if let second = runs.both { return compare.confirmed(quantities, first: first, second: second) }
        let violated = runs.head.map { compare.invariants($0) }.flatMap { $0.verdict == .regressed ? $0 : nil }
        let why = runs.failures.first?.description ?? "a build gave no run"
        return runs.failureRows(of: subject) + leftOpen("could not be run again: \(why)")
            + [violated].compactMap(\.self)
    }
}
