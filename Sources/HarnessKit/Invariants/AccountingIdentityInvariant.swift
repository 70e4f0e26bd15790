/// The target's own counts agree with each other, and with what the harness saw, in every reading during the run.
///
/// A reading counts every operation exactly once: enqueued is the sum of pending, active, completed, failed and cancelled.
/// None is negative, none that only grows shrinks, and a target that says that it is drained has nothing left. For targets
/// that operations are pushed into, a reading counts at least what was accepted before it and at most what was submitted
/// before its end, and no operation as completed whose body had not returned.
enum AccountingIdentityInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "accounting-identity"
    static let summary = "whenever they are read, the target's counts agree with each other and with the history"
    static var needsSamples: Bool { true }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard !history.samples.isEmpty else { return .unknown("the target offered no readings of its counts") }
        var before: FullAccounting?
        for sample in history.samples {
            let place = "the reading at \(FindingText.time(sample.begin))"
            guard let counts = FullAccounting(sample.sample.accounting) else {
                return .unknown("\(place) lacks counts that the identity needs")
            }
            if let problem = counts.contradiction ?? before.flatMap(counts.shrinking) {
                return .fail("\(place): \(problem)")
            }
            if let bound = evidence.allowedConcurrency, counts.active > bound {
                return .fail("\(place): \(counts.active) operations active; the limit is \(bound)")
            }
            before = counts
        }
        let intake = evidence.capabilities.intake
        let comparison = SampleComparison(history, intake: intake, offered: evidence.tally.offered)
        if let problem = comparison.contradiction() { return .fail(problem) }
        return .pass("\(FindingText.count(history.samples.count, "reading")) add up")
    }
}

/// The counts of a target that knows all of them.
private struct FullAccounting {
    var enqueued: Int
    var pending: Int
    var active: Int
    var completed: Int
    var failed: Int
    var cancelled: Int

    init?(_ accounting: TargetAccounting) {
        guard let enqueued = accounting.enqueued, let pending = accounting.pending, let active = accounting.active,
            let completed = accounting.completed, let failed = accounting.failed, let cancelled = accounting.cancelled
        else { return nil }
        self.enqueued = enqueued
        self.pending = pending
        self.active = active
        self.completed = completed
        self.failed = failed
        self.cancelled = cancelled
    }

    /// What is wrong within one reading.
    var contradiction: String? {
        let named = [
            ("enqueued", enqueued), ("pending", pending), ("active", active), ("completed", completed),
            ("failed", failed), ("cancelled", cancelled),
        ]
        if let (name, value) = named.first(where: { $0.1 < 0 }) { return "\(name) is \(value)" }
        guard enqueued != pending + active + completed + failed + cancelled else { return nil }
        return
            "enqueued \(enqueued), but pending \(pending) + active \(active) + completed \(completed) + failed \(failed) "
            + "+ cancelled \(cancelled)"
    }

    /// Which count is lower than in an earlier reading although it can only grow.
    func shrinking(since earlier: FullAccounting) -> String? {
        let pairs = [
            ("enqueued", earlier.enqueued, enqueued), ("completed", earlier.completed, completed),
            ("failed", earlier.failed, failed), ("cancelled", earlier.cancelled, cancelled),
        ]
        guard let (name, old, new) = pairs.first(where: { $0.1 > $0.2 }) else { return nil }
        return "\(name) fell from \(old) to \(new)"
    }
}
