internal import EphemeralTime

extension FinishedRun {
    /// Notes that the run does not count.
    ///
    /// - Parameter reasons: Why; without any, nothing changes.
    mutating func invalidate(_ reasons: [String]) {
        guard !reasons.isEmpty else { return }
        validity.verdict = .invalid
        validity.reasons = reasons + validity.reasons
    }

    /// The digest of the run's history in virtual time; `nil` on the real clock, and where no history is kept.
    public var historyDigest: String? {
        virtual == nil ? nil : history?.digest
    }

    /// Takes over what virtual time knows of the run.
    mutating func recordVirtualRun(_ report: VirtualRunReport) {
        virtual = VirtualRunInfo(
            steps: report.steps,
            seconds: report.elapsed / .seconds(1),
            scheduleDigest: StableHash.hexadecimal(report.scheduleDigest)
        )
    }
}
