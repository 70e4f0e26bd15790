internal import Synchronization

/// Counts of a run that any thread adds to and any thread may read: one padded cell per thread.
///
/// A reading is a sum over cells, so it is consistent only once the run is quiet.
final class Counters: Sendable {
    private let cells = InlineArray<64, Cell> { _ in Cell() }
    private let ledgers = Mutex<[SubmissionLedger]>([])
    private let pulled = Mutex<ClaimCounter?>(nil)

    private struct Cell: ~Copyable, Sendable {
        let offered = Atomic<Int>(0)
        let accepted = Atomic<Int>(0)
        let refused = Atomic<Int>(0)
        let started = Atomic<Int>(0)
        let completed = Atomic<Int>(0)
        let failed = Atomic<Int>(0)
        let cancelled = Atomic<Int>(0)
        let discarded = Atomic<Int>(0)
        /// Keeps the cells of two threads out of one cache line.
        let padding = InlineArray<8, Int>(repeating: 0)
    }

    func offered() { cells[ThreadShards.current].offered.wrappingAdd(1, ordering: .relaxed) }
    func accepted() { cells[ThreadShards.current].accepted.wrappingAdd(1, ordering: .relaxed) }
    func refused() { cells[ThreadShards.current].refused.wrappingAdd(1, ordering: .relaxed) }
    func started() { cells[ThreadShards.current].started.wrappingAdd(1, ordering: .relaxed) }

    // Ends are sequentially consistent because whoever counts one then looks whether somebody waits for the last.
    func completed() { cells[ThreadShards.current].completed.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    /// Takes a failure back: a later attempt of the operation ended otherwise.
    func unfailed() { cells[ThreadShards.current].failed.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    /// Takes a cancellation back: a later attempt of the operation ended otherwise.
    func uncancelled() { cells[ThreadShards.current].cancelled.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
    func failed() { cells[ThreadShards.current].failed.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    func cancelled() { cells[ThreadShards.current].cancelled.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    func discarded() { cells[ThreadShards.current].discarded.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    /// Makes counts for one submitter of its own, which cost it a store and no locked instruction.
    func makeLedger() -> SubmissionLedger {
        let ledger = SubmissionLedger()
        ledgers.withLock { $0.append(ledger) }
        return ledger
    }

    /// Takes every number that a counter has handed out for an operation offered and accepted at one stroke.
    func countClaims(of claims: ClaimCounter) { pulled.withLock { $0 = claims } }

    /// The sum over all threads and submitters.
    var tally: Tally {
        var tally = Tally()
        for index in 0..<ThreadShards.count {
            tally.offered += cells[index].offered.load(ordering: .relaxed)
            tally.accepted += cells[index].accepted.load(ordering: .relaxed)
            tally.refused += cells[index].refused.load(ordering: .relaxed)
            tally.started += cells[index].started.load(ordering: .relaxed)
            tally.completed += cells[index].completed.load(ordering: .sequentiallyConsistent)
            tally.failed += cells[index].failed.load(ordering: .sequentiallyConsistent)
            tally.cancelled += cells[index].cancelled.load(ordering: .sequentiallyConsistent)
            tally.discarded += cells[index].discarded.load(ordering: .sequentiallyConsistent)
        }
        for ledger in ledgers.withLock(\.self) {
            ledger.add(to: &tally)
        }
        let claimed = pulled.withLock(\.self)?.claimed ?? 0
        tally.offered += claimed
        tally.accepted += claimed
        // A body that takes no time is counted once, at its end.
        tally.started = max(tally.started, tally.finished)
        return tally
    }
}

/// Counts that one submitter alone writes and anybody reads.
final class SubmissionLedger: Sendable {
    private let offers = Atomic<Int>(0)
    private let accepted = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let padding = InlineArray<8, Int>(repeating: 0)

    func offered() { Self.increment(offers) }

    func settled(accepted isAccepted: Bool) {
        if isAccepted { Self.increment(accepted) } else { Self.increment(refused) }
    }

    func add(to tally: inout Tally) {
        tally.offered += offers.load(ordering: .acquiring)
        tally.accepted += accepted.load(ordering: .acquiring)
        tally.refused += refused.load(ordering: .acquiring)
    }

    /// With a single writer a load and a store count as well as a locked addition, for a fraction of its cost.
    @inline(__always)
    private static func increment(_ count: borrowing Atomic<Int>) {
        count.store(count.load(ordering: .relaxed) + 1, ordering: .releasing)
    }
}

extension Tally {
    /// Operations that ended, however they did.
    var finished: Int { completed + failed + cancelled }

    /// Accepted operations that neither ended nor were dropped; below zero for a moment while counts are on their way.
    var inFlight: Int { accepted - finished - discarded }

    static func - (left: Tally, right: Tally) -> Tally {
        var difference = Tally()
        difference.offered = left.offered - right.offered
        difference.accepted = left.accepted - right.accepted
        difference.refused = left.refused - right.refused
        difference.started = left.started - right.started
        difference.completed = left.completed - right.completed
        difference.failed = left.failed - right.failed
        difference.cancelled = left.cancelled - right.cancelled
        difference.discarded = left.discarded - right.discarded
        return difference
    }
}
