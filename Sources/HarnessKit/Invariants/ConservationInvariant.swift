/// Every accepted operation finishes exactly once, or is dropped and said so; nothing else runs.
///
/// The target's own counts must tell the same story: `enqueued` is the sum of the others, and each agrees with what the
/// harness saw, but for ends of operations that the target still counts as active. Failed and cancelled operations are compared together, because a body that throws `CancellationError`
/// may count as either.
enum ConservationInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "conservation"
    static let summary = "every accepted operation finishes exactly once, or is dropped and said so"
    static var needsHistory: Bool { false }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        let ends: OperationEnds
        if let history = evidence.history {
            let table = OperationTable(history)
            if let problem = contradiction(in: table, intake: evidence.capabilities.intake) { return .fail(problem) }
            ends = OperationEnds(table)
        } else {
            ends = OperationEnds(evidence.tally)
            if let finding = judge(evidence.tally, endsAreTold: evidence.capabilities.ending == .told) {
                return finding
            }
        }
        guard ends.accepted > 0 else { return .unknown("no operation was accepted") }
        if let finding = judge(ends, against: evidence.accounting) { return finding }
        return .pass(
            "\(FindingText.count(ends.accepted, "accepted operation")): \(ends.completed) completed, "
                + "\(ends.failed) failed, \(ends.cancelled) cancelled, \(ends.discarded) discarded"
        )
    }

    /// The first operation whose events contradict each other.
    private static func contradiction(in table: OperationTable, intake: TargetCapabilities.Intake) -> String? {
        for (index, record) in table.records.enumerated() where record.isSeen {
            if let problem = contradiction(in: record, intake: intake) { return "operation #\(index) \(problem)" }
        }
        return nil
    }

    private static func contradiction(
        in record: OperationTable.Record,
        intake: TargetCapabilities.Intake
    ) -> String? {
        let time = FindingText.time
        if record.isAccepted, record.isRefused { return "was both accepted and refused" }
        if record.completions > 1 {
            return "finished \(record.completions) times, first at \(time(record.finish))"
        }
        if record.completions == 1, record.lastEnd != .completed {
            return "finished at \(time(record.finish)) and was run again"
        }
        if record.ends > record.attempts {
            return "ended \(record.ends) times but began \(FindingText.count(Int(record.attempts), "time"))"
        }
        if record.attempts > 0, record.isDiscarded {
            return "started at \(time(record.firstStart)) although the target said it had dropped it"
        }
        if record.endings > 1 { return "was told to have ended \(record.endings) times" }
        if record.isReopened { return "began again after the target had told that it had ended" }
        if record.endings > 0, record.isDiscarded { return "was told both to have ended and to have been dropped" }
        if record.attempts > record.ends {
            return "started at \(time(record.firstStart)) and never ended"
        }
        if record.attempts > 0, record.isRefused {
            return "was refused at \(time(record.answered)) and started at \(time(record.firstStart))"
        }
        // A target that pulls its operations accepts by starting.
        if record.attempts > 0, !record.isAccepted, intake == .push {
            return "started at \(time(record.firstStart)) and was never accepted"
        }
        return nil
    }

    /// What counts alone can contradict: attempts that never ended, or more ends than operations.
    private static func judge(_ tally: Tally, endsAreTold: Bool) -> Finding? {
        let ended = tally.completed + tally.failed + tally.cancelled
        if tally.started != ended, !endsAreTold {
            return .fail("\(FindingText.count(tally.started, "attempt")) began and \(ended) ended")
        }
        if tally.completed + tally.discarded > tally.accepted {
            return .fail(
                "\(tally.completed) completed and \(tally.discarded) discarded operations exceed the "
                    + "\(tally.accepted) accepted ones"
            )
        }
        if tally.started > tally.accepted, !endsAreTold {
            return .unknown(
                "\(tally.started) attempts of \(FindingText.count(tally.accepted, "operation")): only a history tells "
                    + "retries from duplicates"
            )
        }
        return nil
    }

    private static func judge(_ ends: OperationEnds, against accounting: TargetAccounting) -> Finding? {
        if let difference = difference(of: ends, to: accounting) { return .fail(difference) }
        guard ends.open > 0 else { return nil }
        let admitted = (accounting.pending ?? 0) + (accounting.active ?? 0)
        guard ends.open > admitted else {
            return .unknown(
                "\(FindingText.count(ends.open, "operation")) had not ended when the run ended, and the target still "
                    + "counts \(admitted) as pending or active"
            )
        }
        let example = ends.firstOpen.map { ": #\($0.index), accepted at \(FindingText.time($0.accepted))" } ?? ""
        return .fail(
            "\(FindingText.count(ends.open, "accepted operation")) neither came to an end nor was dropped with notice\(example)"
        )
    }

    private static func difference(of ends: OperationEnds, to accounting: TargetAccounting) -> String? {
        if let enqueued = accounting.enqueued, let pending = accounting.pending, let active = accounting.active,
            let completed = accounting.completed, let failed = accounting.failed, let cancelled = accounting.cancelled,
            enqueued != pending + active + completed + failed + cancelled
        {
            return
                "the target's own counts do not add up: enqueued \(enqueued), but pending \(pending) + active \(active) "
                + "+ completed \(completed) + failed \(failed) + cancelled \(cancelled)"
        }
        if let enqueued = accounting.enqueued, enqueued != ends.accepted {
            return "the target counts \(enqueued) enqueued operations, the harness saw \(ends.accepted) accepted"
        }
        // Where a run was cut off, a body may have ended whose end the target had not yet noted.
        if let completed = accounting.completed,
            completed > ends.completed || ends.completed - completed > max(0, accounting.active ?? 0)
        {
            return "the target counts \(completed) completed operations, the harness saw \(ends.completed)"
        }
        if let failed = accounting.failed, let cancelled = accounting.cancelled,
            failed + cancelled != ends.failed + ends.cancelled + ends.discarded
        {
            return "the target counts \(failed) failed and \(cancelled) cancelled operations, the harness saw "
                + "\(ends.failed) failed, \(ends.cancelled) cancelled and \(ends.discarded) discarded"
        }
        return nil
    }
}

/// How accepted operations ended, from a history or from counts alone.
private struct OperationEnds {
    var accepted = 0
    var completed = 0
    var failed = 0
    var cancelled = 0
    var discarded = 0
    /// Accepted, and nothing more was seen than attempts that failed.
    var open = 0
    var firstOpen: (index: Int, accepted: Int64)?

    init(_ table: OperationTable) {
        for (index, record) in table.records.enumerated() where record.isSeen {
            if record.isAccepted || record.attempts > 0 { accepted += 1 }
            switch record.fate {
            case .completed: completed += 1
            case .failed: failed += 1
            case .cancelled: cancelled += 1
            case .discarded: discarded += 1
            case .waiting, .betweenAttempts:
                open += 1
                if firstOpen == nil { firstOpen = (index, record.answered) }
            case .refused, .running, .unanswered: break
            }
        }
    }

    init(_ tally: Tally) {
        accepted = tally.accepted
        completed = tally.completed
        failed = tally.failed
        cancelled = tally.cancelled
        discarded = tally.discarded
        open = max(0, accepted - completed - failed - cancelled - discarded)
    }
}
