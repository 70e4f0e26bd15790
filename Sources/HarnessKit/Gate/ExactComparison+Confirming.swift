extension ExactComparison {
    /// One row for the invariants, and one for each quantity.
    public func rows(_ quantities: [String], _ runs: Runs) -> [RegressionRow] {
        rows(quantities, base: runs.base, head: runs.head)
    }

    /// The rows of first runs after the same runs were made again, in fresh processes.
    ///
    /// What does not repeat is no regression, and neither is what a build differs from itself in; both are left open. An
    /// invariant counts that was violated in either run.
    ///
    /// - Parameters:
    ///   - quantities: `historyDigest` and names of metrics.
    ///   - first: The first runs.
    ///   - second: The runs that were made again.
    /// - Returns: As many rows as the first runs have.
    public func confirmed(_ quantities: [String], first: Runs, second: Runs) -> [RegressionRow] {
        let own = rows(quantities, first)
        let repeated = rows(quantities, second)
        let wavering = [
            rows(quantities, base: first.base, head: second.base),
            rows(quantities, base: first.head, head: second.head),
        ]
        return own.indices.map { index in
            guard own[index].quantity != RegressionRow.invariants else {
                return own[index].verdict == .regressed ? own[index] : repeated[index].whenWorse(than: own[index])
            }
            let isSteady = wavering.allSatisfy { $0[index].verdict == .same || $0[index].verdict == .unmeasured }
            guard isSteady else {
                return own[index].leftOpen(
                    "a build differs from itself, in another process; look for what is not deterministic"
                )
            }
            return own[index].confirmed(by: repeated[index])
        }
    }
}

extension RegressionRow {
    /// The row after the same runs were made again: what does not repeat is no regression.
    ///
    /// - Parameter again: The row of the second runs.
    /// - Returns: The first row when both say the same.
    public func confirmed(by again: RegressionRow) -> RegressionRow {
        guard again.verdict != .regressed else { return self }
        return leftOpen("differed once and not when the runs were made again; look for what is not deterministic")
    }

    /// The row where a suspicion could neither be borne out nor be refuted; other rows stay as they are.
    ///
    /// - Parameter reason: Why, in words.
    /// - Returns: The row with what was seen, inconclusive.
    public func leftOpen(_ reason: String) -> RegressionRow {
        guard verdict == .regressed else { return self }
        return judged(.inconclusive, because: reason)
    }

    /// The row with another verdict, and why.
    public func judged(_ verdict: Verdict, because reason: String) -> RegressionRow {
        var row = self
        row.verdict = verdict
        row.detail = [detail, reason].compactMap(\.self).joined(separator: "; ")
        return row
    }

    fileprivate func whenWorse(than other: RegressionRow) -> RegressionRow {
        guard verdict == .regressed else { return other }
        return judged(verdict, because: "seen when the runs were made again")
    }
}
