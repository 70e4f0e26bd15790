public import HarnessKit

extension BuiltInTargets {
    /// The invariants that only these targets promise; an executable gives them to `HarnessCommand.main`.
    public static let invariants: [any Invariant.Type] = [
        AcknowledgedImpliesExecuted.self, AtLeastOnce.self, CrashLosesNothing.self, FailedImpliesBackedUp.self,
    ]
}

/// The options of an invariant that has none.
struct NoOptions: Codable, Sendable {}

/// What became of each operation, as the bodies saw it.
private struct Runs {
    struct Record {
        var isAccepted = false
        var starts = 0
        var completions = 0
        var failures = 0
        var cancellations = 0
        /// Whether the last attempt that ended was cut off.
        var wasCutOff = false
        /// Whether an attempt began after one was cut off.
        var wentOn = false
    }

    private(set) var records: [Int32: Record] = [:]

    init(_ history: History) {
        for event in history.events where event.operation >= 0 {
            switch event.kind {
            case .accepted: records[event.operation, default: Record()].isAccepted = true
            case .started:
                records[event.operation, default: Record()].starts += 1
                if records[event.operation]?.wasCutOff == true { records[event.operation]?.wentOn = true }
            case .completed:
                records[event.operation, default: Record()].completions += 1
                records[event.operation]?.wasCutOff = false
            case .failed:
                records[event.operation, default: Record()].failures += 1
                records[event.operation]?.wasCutOff = false
            case .cancelled:
                records[event.operation, default: Record()].cancellations += 1
                records[event.operation]?.wasCutOff = true
            default: break
            }
        }
    }

    var accepted: Int { records.values.count { $0.isAccepted } }

    /// The lowest number of an operation of a kind.
    func first(where condition: (Record) -> Bool) -> Int32? { records.filter { condition($0.value) }.keys.min() }

    func count(where condition: (Record) -> Bool) -> Int { records.values.count(where: condition) }
}

extension Evidence {
    fileprivate func requireRuns(_ judge: (Runs) -> Finding) -> Finding {
        guard let history else { return .unknown("needs the history, which this recording level does not keep") }
        let runs = Runs(history)
        guard runs.accepted > 0 else { return .unknown("no operation was accepted") }
        return judge(runs)
    }
}

/// Every operation whose job was acknowledged has run to success, or its job is a dead letter.
enum AcknowledgedImpliesExecuted: Invariant {
    typealias Options = NoOptions

    static let id = "processing.acknowledged-implies-executed"
    static let summary = "every acknowledged job has run to success or is a dead letter"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        evidence.requireRuns { runs in
            guard let dead = evidence.accounting.failed else {
                return .unknown("the target does not count dead letters")
            }
            let left = (evidence.accounting.pending ?? 0) + (evidence.accounting.active ?? 0)
            if left > 0 { return .unknown("\(left) jobs were still in the store when the run ended") }
            let missing = { (run: Runs.Record) in run.isAccepted && run.completions == 0 }
            let count = runs.count(where: missing)
            if count > dead, let example = runs.first(where: missing) {
                return .fail(
                    "\(count) acknowledged operations never ran to success, and there are \(dead) dead letters: "
                        + "#\(example) is one of them"
                )
            }
            return .pass(
                "\(runs.accepted - count) of \(runs.accepted) acknowledged jobs ran to success, \(dead) are dead"
            )
        }
    }
}

/// No job is lost between its acknowledgement and its end, and none is committed without a run.
enum AtLeastOnce: Invariant {
    typealias Options = NoOptions

    static let id = "processing.at-least-once"
    static let summary = "no acknowledged job is lost, and none is committed without having run"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        evidence.requireRuns { runs in
            let accounting = evidence.accounting
            guard let stored = accounting.enqueued, let done = accounting.completed, let dead = accounting.failed else {
                return .unknown("the target does not count its jobs")
            }
            let elsewhere = (accounting.pending ?? 0) + (accounting.active ?? 0) + (accounting.cancelled ?? 0)
            if stored < runs.accepted {
                return .fail("\(runs.accepted) jobs were acknowledged and the store has had \(stored)")
            }
            if done + dead + elsewhere != stored {
                return .fail(
                    "the store has had \(stored) jobs, of which \(done) are done, \(dead) dead and \(elsewhere) elsewhere"
                )
            }
            let completed = runs.count { $0.completions > 0 }
            if done > completed {
                return .fail("the store says that \(done) jobs are done, and \(completed) have been")
            }
            let again = runs.count { $0.completions > 1 }
            return .pass(
                "\(stored) jobs: \(done) done, \(dead) dead, \(elsewhere) elsewhere; \(again) ran to success again"
            )
        }
    }
}

/// Every operation whose attempt was cut off by the loss of its worker is attempted again.
enum CrashLosesNothing: Invariant {
    typealias Options = NoOptions

    static let id = "processing.crash-loses-nothing"
    static let summary = "what a lost worker was running is run again"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        evidence.requireRuns { runs in
            let cutOff = runs.count { $0.cancellations > 0 }
            guard cutOff > 0 else { return .unknown("no attempt was cut off") }
            // The last attempt that a job may have can be the one that is cut off.
            let left = { (run: Runs.Record) in run.isAccepted && run.wasCutOff && !run.wentOn && run.completions == 0 }
            let count = runs.count(where: left)
            let dead = evidence.accounting.failed ?? 0
            if count > dead, let example = runs.first(where: left) {
                return .fail(
                    "\(count) operations were cut off and never attempted again, and there are \(dead) dead letters: "
                        + "#\(example) is one of them"
                )
            }
            return .pass(
                "\(cutOff) operations were cut off, and \(runs.count(where: \.wentOn)) of them attempted again"
            )
        }
    }
}

/// Every critical operation that has failed, and not by the user's fault, has its backup in the store or the journal.
enum FailedImpliesBackedUp: Invariant {
    typealias Options = NoOptions

    static let id = "processing.failed-implies-backed-up"
    static let summary = "every critical operation that is not done has a backup"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        evidence.requireRuns { runs in
            guard let kept = evidence.accounting.failed, let done = evidence.accounting.completed else {
                return .unknown("the target does not count its backups")
            }
            let open = { (run: Runs.Record) in run.isAccepted && run.completions == 0 }
            let count = runs.count(where: open)
            if count > kept, let example = runs.first(where: open) {
                return .fail(
                    "\(count) operations are not done, and only \(kept) are backed up or the user's to mend: #\(example) "
                        + "is one that is not done"
                )
            }
            guard runs.count(where: { $0.failures + $0.cancellations > 0 }) > 0 else {
                return .unknown("no operation failed")
            }
            return .pass("\(done) done; \(count) are not, all of them backed up or the user's to mend")
        }
    }
}
