internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// What a round of tidying has done and seen.
public struct SweepReport: Sendable, Hashable {
    /// Backups that were copied from the journal to the store.
    public var copiedUp = 0
    /// Ends of runs that the store has heard of only now.
    public var settled = 0
    /// Backups that are about to be given up although nobody has resolved them.
    public var expiring: [EmergencyID] = []
}

extension ProcessingManager {
    /// Tells the store what it could not be told before, copies backups up from the journal, and raises
    /// `processing.alert.expiring:<id>` for backups that are about to be given up.
    ///
    /// Workers call it from time to time; programs without a worker may. What keeps one of these from being done keeps
    /// none of the others back.
    ///
    /// - Returns: What was done and seen.
    /// - Throws: The first ``ProcessingError`` of the store or journal, after everything was tried; nothing is lost then.
    @discardableResult
    public func sweep() async throws -> SweepReport {
        let settling = await settleLateEnds()
        let copying = await copyJournalUp()
        var report = SweepReport(copiedUp: copying.count, settled: settling.count)
        let listing = await Result.catching {
            let alarm = options.backupTTL * (1 - options.backupAlarm)
            return try await store.emergencies(expiringWithin: alarm, limit: 1000).map(\.id)
        }
        for id in (try? listing.get()) ?? [] { raise("processing.alert.expiring:\(id)") }
        if let failure = settling.failure ?? copying.failure { throw failure }
        report.expiring = try listing.get()
        return report
    }

    /// How much of something was done, and what first kept the rest from it.
    private struct Progress {
        var count = 0
        var failure: (any Error)?

        mutating func note(_ error: any Error) { failure = failure ?? error }
    }

    func emergencyStore(at place: CriticalRun.Place) -> (any EmergencyStore)? {
        switch place {
        case .store: store
        case .journal: journal
        }
    }

    /// Tells a place how a run has ended.
    ///
    /// - Parameter report: What is told.
    /// - Returns: `false` when the place may come to have the backup yet, so that it has to be told again.
    /// - Throws: When it does not answer.
    func tell(_ report: UnsettledRuns.Report) async throws -> Bool {
        guard let place = emergencyStore(at: report.place) else { return true }
        let isHeard = try await place.settle(report.id, token: report.token, report.end)
        return isHeard || report.isSure
    }

    /// Keeps an end to be told again, three times within a lease, until the place has heard of it.
    ///
    /// Also a call whose answer was given up can reach a store late. What comes within a lease is found before the lease
    /// of what it writes there has run out.
    func remember(_ report: UnsettledRuns.Report) {
        raise("processing.backup.unsettled:\(report.id)")
        var report = report
        if !report.isSure { report.mayComeUntil = time.now.advanced(by: options.emergencyLease) }
        guard unsettled.withLock({ $0.remember(report) }) else { return }
        let pause = options.emergencyLease / 3
        let teller = vitalSigns.spawn("Processing unsettled ends") { [weak self, time] in
            // Ends also with the manager.
            while (try? await time.sleep(for: pause)) != nil, let self {
                if let failure = await settleLateEnds().failure { noteStoreFailure(failure) }
                if unsettled.withLock({ $0.endTelling() }) { return }
            }
        }
        unsettled.withLock { $0.note(teller) }
    }

    private func settleLateEnds() async -> Progress {
        // A place that does not answer keeps the other one from nothing.
        async let atStore = settleLateEnds(at: .store)
        async let atJournal = settleLateEnds(at: .journal)
        let (store, journal) = await (atStore, atJournal)
        return Progress(count: store.count + journal.count, failure: store.failure ?? journal.failure)
    }

    private func settleLateEnds(at place: CriticalRun.Place) async -> Progress {
        var progress = Progress()
        for (number, report) in unsettled.withLock({ $0.reports(for: place) }) {
            let start = time.now
            do {
                let isDone = try await tell(report)
                guard isDone || report.mayComeUntil.map({ $0 <= start }) ?? false else { continue }
                if unsettled.withLock({ $0.forget(number) }), isDone { progress.count += 1 }
            } catch {
                // Nobody will ever take it there.
                if (error as? ProcessingError)?.code == .closed { unsettled.withLock { $0.forgetAll(for: place) } }
                progress.note(error)
                return progress
            }
        }
        return progress
    }

    private func copyJournalUp() async -> Progress {
        var progress = Progress()
        guard let journal else { return progress }
        let own = unsettled.withLock(\.ownInJournal)
        do {
            for emergency in try await journal.emergencies(expiringWithin: nil, limit: 1000)
            where !own.contains(emergency.id) {
                // Somebody else copies it, or its process still runs it.
                guard let claimed = try? await journal.claimEmergency(emergency.id, lease: options.emergencyLease)
                else { continue }
                do {
                    try await copyUp(claimed)
                } catch {
                    // Handed back, so that the next sweep need not wait for the end of the lease.
                    let reason = claimed.emergency.error ?? Self.cutOff
                    _ = try? await journal.failEmergency(emergency.id, token: claimed.token, error: reason)
                    guard let error = error as? ProcessingError, error.refusesTheRequest else { throw error }
                    // What the store does not take for good keeps the others from nothing.
                    noteStoreFailure(error)
                    progress.note(error)
                    continue
                }
                _ = try await journal.resolveEmergency(emergency.id, token: claimed.token, remembering: .zero)
                progress.count += 1
            }
        } catch {
            progress.note(error)
        }
        return progress
    }

    /// The error of a run of which nobody has told the end.
    private static let cutOff = "its process ended in the middle of the run"

    private func copyUp(_ claimed: ClaimedEmergency) async throws {
        var request = EmergencyRequest(claimed.emergency)
        request.ttl = options.backupTTL
        request.failure = claimed.emergency.error ?? Self.cutOff
        do {
            _ = try await store.beginEmergency(request)
            raise("processing.backup.copied:\(request.id)")
        } catch let error as ProcessingError where [.alreadyExists, .alreadyResolved].contains(error.code) {
            // The store had taken it although it did not say so.
        }
    }
}
