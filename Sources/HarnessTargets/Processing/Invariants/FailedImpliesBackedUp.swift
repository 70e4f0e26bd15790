import HarnessKit

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
            let open = { (run: OperationRuns.Record) in run.isAccepted && run.completions == 0 }
            let count = runs.count(where: open)
            let failure = runs.failure(where: open) {
                "\($0) operations are not done, and not among the \(kept) that are backed up or the user's to mend"
            }
            if let failure { return failure }
            guard runs.count(where: { $0.failures + $0.cancellations > 0 }) > 0 else {
                return .unknown("no operation failed")
            }
            return .pass("\(done) done; \(count) are not, all of them backed up or the user's to mend")
        }
    }
}
