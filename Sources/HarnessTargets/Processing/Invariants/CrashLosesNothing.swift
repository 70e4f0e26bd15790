import HarnessKit

/// Every operation whose attempt was cut off by the loss of its worker is attempted again.
enum CrashLosesNothing: Invariant {
    typealias Options = NoOptions

    static let id = "processing.crash-loses-nothing"
    static let summary = "what a lost worker was running is run again"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        evidence.requireRuns { runs in
            let cutOff = runs.count { $0.cancellations > 0 }
            guard cutOff > 0 else { return .unknown("no attempt was cut off") }
            if let question = runs.openQuestion(evidence.accounting) { return question }
            // The last attempt that a job may have can be the one that is cut off.
            let left = { (run: OperationRuns.Record) in run.isAccepted && run.isCutOff && run.completions == 0 }
            let dead = evidence.accounting.failed ?? 0
            let failure = runs.failure(where: left) {
                "\($0) operations were cut off and never attempted again, and their jobs are not among the \(dead) dead "
                    + "letters"
            }
            return failure
                ?? .pass(
                    "\(cutOff) operations were cut off, and \(runs.count { $0.resumptions > 0 }) of them attempted again"
                )
        }
    }
}
