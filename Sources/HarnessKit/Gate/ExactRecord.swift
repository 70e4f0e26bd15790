/// What a run in virtual time leaves that another one must leave as well.
public struct ExactRecord: Codable, Sendable, Equatable {
    /// The digest of the plan.
    public var planDigest: String
    /// The digest of the history; `nil` where none is recorded.
    public var historyDigest: String?
    /// The figures over all measured phases.
    public var total: MetricTable
    /// What a search knows of the capacity where it does not know the rate itself; `nil` where it does.
    public var capacityBound: CapacityBound?
    /// The invariants that were violated, with how.
    public var violations: [String]
    /// Why the run does not count; empty when it does.
    public var objections: [String]

    /// Takes a run down.
    public init(_ run: TargetRun) {
        planDigest = run.planDigest
        historyDigest = run.historyDigest
        total = run.total
        capacityBound = run.capacityBound
        violations = run.invariants.filter { $0.verdict == .fail }.map { "\($0.use): \($0.detail)" }
        objections = run.validity.verdict == .pass ? [] : run.validity.reasons
    }
}

/// Compares what must be equal.
public struct ExactComparison: Sendable {
    private let scenario: String
    private let target: String
    private let accepted: [Glob]

    /// The runs of both builds.
    public struct Runs: Sendable {
        /// The former build's run.
        public var base: ExactRecord
        /// The new build's run.
        public var head: ExactRecord

        /// Creates a pair of runs.
        public init(base: ExactRecord, head: ExactRecord) {
            self.base = base
            self.head = head
        }
    }

    /// Creates a comparison of one target.
    ///
    /// - Parameters:
    ///   - scenario: The scenario's name.
    ///   - target: The target's id.
    ///   - accepted: Globs over quantities whose differences are meant.
    public init(scenario: String, target: String, accepting accepted: [String] = []) {
        self.scenario = scenario
        self.target = target
        self.accepted = accepted.map { Glob($0) }
    }

    /// One row for the invariants, and one for each quantity.
    ///
    /// - Parameters:
    ///   - quantities: `historyDigest` and names of metrics.
    ///   - base: What was.
    ///   - head: What is.
    /// - Returns: The rows in the order of the quantities.
    public func rows(_ quantities: [String], base: ExactRecord, head: ExactRecord) -> [RegressionRow] {
        [invariants(head)] + quantities.map { row($0, base: base, head: head) }
    }

    /// A violated invariant counts whether it was violated before or not.
    public func invariants(_ head: ExactRecord) -> RegressionRow {
        var row = row(RegressionRow.invariants, head.violations.isEmpty ? .same : .regressed)
        row.detail = head.violations.first
        if head.violations.isEmpty, !head.objections.isEmpty {
            row.verdict = .inconclusive
            row.detail = head.objections.first
        }
        return row
    }

    private func row(_ quantity: String, base: ExactRecord, head: ExactRecord) -> RegressionRow {
        guard quantity != RegressionRules.historyDigest else { return digestRow(base: base, head: head) }
        if quantity == MetricCatalogue.capacity, let outcome = CapacityOutcome(base: base, head: head) {
            return row(quantity, outcome, base: base, head: head)
        }
        let (former, new) = (base.total[quantity], head.total[quantity])
        guard let former, let new else {
            // What the head does not measure any more may be anything.
            var row = row(quantity, former == nil ? .unmeasured : .inconclusive)
            row.detail =
                former != nil
                ? "the head build does not measure it"
                : new != nil ? "the base build does not measure it" : Self.unmeasured(quantity)
            return row
        }
        var row = row(quantity, .same)
        row.base = former
        row.head = new
        row.ratio = Judge.ratio(of: new.value, to: former.value)
        guard former.value != new.value else { return row }
        let better = MetricCatalogue.metric(named: quantity)?.better
        let isImproved = better.map { ($0 == .higher) == (new.value > former.value) } ?? false
        row.verdict = isImproved ? .improved : isAccepted(quantity) ? .accepted : .regressed
        return row
    }

    private func digestRow(base: ExactRecord, head: ExactRecord) -> RegressionRow {
        let quantity = RegressionRules.historyDigest
        guard base.capacity == head.capacity else {
            var row = row(quantity, .unmeasured)
            row.detail = "searches that find different rates have histories of different trials"
            return row
        }
        guard let former = base.historyDigest, let new = head.historyDigest else {
            var row = row(quantity, base.historyDigest == nil ? .unmeasured : .inconclusive)
            row.detail = "no history is recorded" + (base.historyDigest == nil ? "" : " by the head build")
            return row
        }
        guard former != new else { return row(quantity, .same) }
        var row = row(quantity, isAccepted(quantity) ? .accepted : .regressed)
        row.detail = "the histories differ: \(former) before, \(new) now"
        return row
    }

    private func row(
        _ quantity: String,
        _ outcome: CapacityOutcome,
        base: ExactRecord,
        head: ExactRecord
    ) -> RegressionRow {
        let isMeant = outcome.verdict == .regressed && isAccepted(quantity)
        var row = row(quantity, isMeant ? .accepted : outcome.verdict)
        row.base = base.total[quantity]
        row.head = head.total[quantity]
        row.detail = outcome.detail
        return row
    }

    private func row(_ quantity: String, _ verdict: RegressionRow.Verdict) -> RegressionRow {
        RegressionRow(scenario: scenario, target: target, tier: .exact, quantity: quantity, verdict: verdict)
    }

    private func isAccepted(_ quantity: String) -> Bool { accepted.contains { $0.matches(quantity) } }

    private static func unmeasured(_ quantity: String) -> String {
        quantity.hasPrefix("malloc")
            ? "nobody counts allocations; build with --traits Jemalloc" : "nothing was measured"
    }
}
