internal import HarnessKit

extension GateSession {
    /// What must be equal, of every target that can run in virtual time.
    ///
    /// What differs is run again in fresh processes before it counts.
    func exactRows(_ duo: Duo) async throws -> [RegressionRow] {
        var rows: [RegressionRow] = []
        var doubtful: [(subject: GateSubject, first: (base: ExactRecord, head: ExactRecord), rows: [RegressionRow])] =
            []
        for entry in duo.subjects where entry.subject.clocks.contains(.virtual) && !interruption.isFired {
            let first = try await virtualRuns(entry, duo)
            let own = comparison(of: entry.subject).rows(entry.subject.rules.exact, base: first.base, head: first.head)
            if own.contains(where: { $0.verdict == .regressed && $0.quantity != RegressionRow.invariants }) {
                doubtful.append((entry.subject, first, own))
            } else {
                rows += own
            }
        }
        progress("virtual time: \(rows.count) figures as they were, \(doubtful.count) targets differ")
        guard !doubtful.isEmpty else { return rows }
        let again = try await start()
        defer { again.end() }
        for (subject, first, own) in doubtful {
            guard let entry = again.subjects.first(where: { $0.subject.name == subject.name }) else { continue }
            let second = try await virtualRuns(entry, again)
            let quantities = subject.rules.exact
            let compare = comparison(of: subject)
            let repeated = compare.rows(quantities, base: second.base, head: second.head)
            let wavering = [
                compare.rows(quantities, base: first.base, head: second.base),
                compare.rows(quantities, base: first.head, head: second.head),
            ]
            rows += own.indices.map { index in
                guard own[index].quantity != RegressionRow.invariants else { return own[index] }
                let isSteady = wavering.allSatisfy { $0[index].verdict == .same || $0[index].verdict == .unmeasured }
                return isSteady ? own[index].confirmed(by: repeated[index]) : own[index].unsteady
            }
        }
        return rows
    }

    private func virtualRuns(
        _ entry: (subject: GateSubject, base: Int, head: Int),
        _ duo: Duo
    ) async throws -> (base: ExactRecord, head: ExactRecord) {
        let base = try await duo.base.run(GateRequest(subject: entry.base, clock: .virtual))
        let head = try await duo.head.run(GateRequest(subject: entry.head, clock: .virtual))
        return (base, head)
    }

    func comparison(of subject: GateSubject) -> ExactComparison {
        ExactComparison(scenario: subject.scenario, target: subject.target, accepting: accepted)
    }
}

extension RegressionRow {
    /// The row of a figure that differs between runs of one build.
    fileprivate var unsteady: RegressionRow {
        guard verdict == .regressed else { return self }
        var row = self
        row.verdict = .inconclusive
        row.detail = "a build differs from itself, in another process; look for what is not deterministic"
        return row
    }
}
