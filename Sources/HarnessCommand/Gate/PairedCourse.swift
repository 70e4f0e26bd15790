internal import HarnessKit

/// The pairs of all targets so far.
struct PairedCourse {
    let subjects: [GateSubject]
    var samples: [PairedSamples]
    /// Rows of invariants that the new build violated on the real clock, by target.
    private var violated: [Int: RegressionRow] = [:]
    /// Rows of processes that failed, by target.
    private var failed: [Int: [RegressionRow]] = [:]
    /// Runs that did not count, by target.
    private var discarded: [Int: DiscardedRuns] = [:]
    /// How many pairs did not count, by reason.
    private var dropped: [String: Int] = [:]

    init(subjects: [GateSubject]) {
        self.subjects = subjects
        samples = Array(repeating: PairedSamples(), count: subjects.count)
    }

    /// Begins a new process of each build.
    mutating func beginProcess(of index: Int) {
        samples[index].beginProcess()
        discarded[index, default: DiscardedRuns()].beginProcess()
    }

    /// Adds a pair, unless one of its runs does not count.
    mutating func append(_ runs: ExactComparison.Runs, to index: Int) {
        let (base, head) = (runs.base, runs.head)
        discarded[index, default: DiscardedRuns()].count(base: base.objections, head: head.objections)
        // A build that gets nothing done is no less worth knowing for running into a limit.
        let isCollapse = base.objections.isEmpty && PairedSamples.isCollapse(base: base.total, head: head.total)
        if !isCollapse, let reason = base.objections.first ?? head.objections.first {
            dropped["\(subjects[index].name): \(reason)", default: 0] += 1
            return
        }
        samples[index].append(base: base.total, head: head.total)
    }

    /// Takes down whether the new build violated an invariant.
    mutating func note(_ head: ExactRecord, of index: Int, _ comparison: ExactComparison) {
        guard violated[index] == nil, !head.violations.isEmpty else { return }
        violated[index] = comparison.invariants(head)
    }

    /// Takes down that a process failed.
    mutating func fail(_ runs: GateRuns, of index: Int) {
        failed[index, default: []] += runs.failureRows(of: subjects[index])
    }

    /// Whether a process failed while it ran the target.
    func hasFailed(_ index: Int) -> Bool { failed[index] != nil }

    /// The first process's end; `nil` where none failed.
    func failure(of index: Int) -> String? { failed[index]?.first?.detail }

    /// Adds what another course found, beside its figures: violated invariants and processes that failed.
    mutating func merge(_ other: PairedCourse) {
        violated.merge(other.violated) { own, _ in own }
        failed.merge(other.failed) { $0 + $1 }
        dropped.merge(other.dropped, uniquingKeysWith: +)
    }

    /// A suspicion where the new build's runs of a target do not count more often than chance explains.
    func validityRow(of index: Int) -> RegressionRow? { discarded[index]?.row(of: subjects[index]) }

    /// Whether the runs bear such a suspicion out that others raised.
    func confirmsValidity(of index: Int) -> Bool { discarded[index]?.confirms ?? false }

    /// The rows of invariants that were violated and of processes that failed, target by target.
    var findings: [RegressionRow] {
        subjects.indices.flatMap { index in
            [violated[index]].compactMap(\.self) + (failed[index] ?? [])
        }
    }

    var notes: [String] {
        dropped.sorted { $0.key < $1.key }.map { "\($0.value) pairs do not count: \($0.key)" }
    }
}
