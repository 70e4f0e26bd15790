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
    mutating func fail(_ failures: [GateFailure], of index: Int) {
        failed[index, default: []] += failures.map { $0.row(of: subjects[index]) }
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
        discarded.merge(other.discarded) { $0 + $1 }
    }

    /// One row for each target in which an invariant was violated, a process failed, or runs did not count.
    var findings: [RegressionRow] {
        subjects.indices.flatMap { index in
            [violated[index]].compactMap(\.self) + (failed[index] ?? [])
                + [discarded[index]?.row(of: subjects[index])].compactMap(\.self)
        }
    }

    var notes: [String] {
        dropped.sorted { $0.key < $1.key }.map { "\($0.value) pairs do not count: \($0.key)" }
    }
}
