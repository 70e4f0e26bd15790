import HarnessKit

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
            if let question = runs.openQuestion(evidence.accounting) { return question }
            let missing = { (run: OperationRuns.Record) in run.isAccepted && run.completions == 0 }
            let count = runs.count(where: missing)
            let failure = runs.failure(where: missing) {
                "\($0) acknowledged operations never ran to success, and their jobs are not among the \(dead) dead letters"
            }
            return failure
                ?? .pass(
                    "\(runs.accepted - count) of \(runs.accepted) acknowledged jobs ran to success, \(dead) are dead"
                )
        }
    }
}
