import HarnessKit

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
