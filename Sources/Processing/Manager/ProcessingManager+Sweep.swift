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
    /// Workers call it from time to time; programs without a worker may.
    ///
    /// - Returns: What was done and seen.
    /// - Throws: ``ProcessingError`` when the store does not answer; nothing is lost then.
    @discardableResult
    public func sweep() async throws -> SweepReport {
        var report = SweepReport()
        report.settled = try await settleLateEnds()
        report.copiedUp = try await copyJournalUp()
        let alarm = options.backupTTL * (1 - options.backupAlarm)
        report.expiring = try await store.emergencies(expiringWithin: alarm, limit: 1000).map(\.id)
        for id in report.expiring { raise("processing.alert.expiring:\(id)") }
        return report
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

    /// Keeps an end to be told again.
    ///
    /// Also a call whose answer was given up can reach a store late. The lease of what it writes there has run out a lease
    /// later at the earliest, and by then the store has been asked again.
    func remember(_ report: UnsettledRuns.Report) {
        var report = report
        if !report.isSure { report.mayComeUntil = time.now.advanced(by: options.emergencyLease) }
        unsettled.withLock { $0.remember(report) }
    }

    private func settleLateEnds() async throws -> Int {
        let reports = unsettled.withLock { $0.takeReports() }
        var settled = 0
        for (index, report) in reports.enumerated() {
            do {
                if try await tell(report) {
                    settled += 1
                } else if let end = report.mayComeUntil, time.now < end {
                    unsettled.withLock { $0.remember(report) }
                }
            } catch {
                for report in reports[index...] { remember(report) }
                throw error
            }
        }
        return settled
    }

    private func copyJournalUp() async throws -> Int {
        guard let journal else { return 0 }
        let underWay = unsettled.withLock { $0.underWay }
        var count = 0
        for emergency in try await journal.emergencies(expiringWithin: nil, limit: 1000)
        where !underWay.contains(emergency.id) {
            // Somebody else copies it, or its process still runs it.
            guard let claimed = try? await journal.claimEmergency(emergency.id, lease: options.emergencyLease) else {
                continue
            }
            try await copyUp(claimed)
            _ = try await journal.resolveEmergency(emergency.id, token: claimed.token, remembering: .zero)
            count += 1
        }
        return count
    }

    private func copyUp(_ claimed: ClaimedEmergency) async throws {
        var request = EmergencyRequest(claimed.emergency)
        request.ttl = options.backupTTL
        request.failure = claimed.emergency.error ?? "its process ended in the middle of the run"
        do {
            _ = try await store.beginEmergency(request)
            raise("processing.backup.copied:\(request.id)")
        } catch let error as ProcessingError where [.alreadyExists, .alreadyResolved].contains(error.code) {
            // The store had taken it although it did not say so.
        }
    }
}
