extension VirtualTimeError {
    static let alreadyRunning = VirtualTimeError(
        code: .alreadyRunning,
        message: "another run on this virtual time is not over; await it first, or create one for each run"
    )

    static let abandoned = VirtualTimeError(
        code: .abandoned,
        message: "an earlier run was given up and left its tasks behind; create another virtual time"
    )

    static func failure(
        _ code: Code,
        _ report: VirtualRunReport,
        _ limits: VirtualRunLimits
    ) -> VirtualTimeError {
        let message =
            switch code {
            case .deadlock: deadlockMessage(limits)
            case .escaped: escapeMessage(report)
            case .stepBlocked: blockedMessage(report, limits)
            default:
                "the run has taken \(limits.maxSteps) steps: something is always ready (a loop that only yields?), or "
                    + "time moves on without end (a ticker that nobody stops?); raise maxSteps if this is meant"
            }
        return VirtualTimeError(code: code, message: message + latestSteps(report), report: report)
    }

    private static func deadlockMessage(_ limits: VirtualRunLimits) -> String {
        "no job is ready and nobody sleeps on the virtual clock, but the body has not ended, and nothing came from outside "
            + "within \(limits.idleTimeout): it waits for something that nobody is left to do"
    }

    private static func escapeMessage(_ report: VirtualRunReport) -> String {
        let count = report.escapeCount == 1 ? "one event" : "\(report.escapeCount) events"
        let first = report.escapes.first.map { "; the first, \($0)" } ?? ""
        return
            "\(count) came from outside, so that this run cannot be repeated\(first). Sleep on the virtual clock, give "
            + "what is tested its executor, and use child tasks, or tasks with this executorPreference, instead of Task {}"
    }

    private static func blockedMessage(_ report: VirtualRunReport, _ limits: VirtualRunLimits) -> String {
        "step \(report.steps) has kept its thread for more than \(limits.stepTimeout): it blocks (a semaphore, a lock, a "
            + "sleep of the thread) or computes without suspending; its thread is left behind"
    }

    private static func latestSteps(_ report: VirtualRunReport) -> String {
        guard !report.trace.isEmpty else { return "" }
        return "; the latest steps:" + report.trace.suffix(10).map { "\n    \($0)" }.joined()
    }
}
