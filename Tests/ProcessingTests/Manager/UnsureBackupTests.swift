import EphemeralTesting
import Processing
import Testing

/// Backups of which nobody knows at first whether the store has them: it did not answer.
@Suite(.timeLimit(.minutes(1)))
struct UnsureBackupTests {
    private let order = Rig.Item(number: 7)

    /// Whether there is a journal that takes the backup.
    enum Journaling: CaseIterable {
        case none
        case failing
        case working
    }

    /// A manager on the store of a rig, of which no answer to a new backup gets through.
    private func manager(on rig: Rig, _ journaling: Journaling = .none) throws -> ProcessingManager {
        if journaling == .failing { rig.journal.fail(.begin) }
        return try ProcessingManager(
            store: StoreDouble(rig.store, unanswered: [.begin]),
            journal: journaling == .none ? nil : rig.journal,
            options: rig.manager.options
        )
    }

    /// Executes an operation that fails.
    private func fail(_ manager: ProcessingManager) async throws -> CriticalFailure {
        let error = await #expect(throws: CriticalFailure.self) {
            try await manager.processCritical(order, processor: "note") { _, _ in throw Rig.Failure() }
        }
        return try #require(error)
    }

    @Test(arguments: Journaling.allCases)
    func itIsRemovedAfterSuccess(_ journaling: Journaling) async throws {
        let rig = try Rig()
        let during = try await manager(on: rig, journaling).processCritical(order) { _, _ in
            try await rig.manager.pendingEmergencies().count
        }
        #expect(during == 1)
        #expect(try await rig.manager.pendingEmergencies() == [])
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
    }

    @Test func itIsRemovedAfterAnErrorOfTheUser() async throws {
        let rig = try Rig()
        await #expect(throws: UserError.self) {
            try await manager(on: rig).processCritical(order) { _, _ in throw UserError("Not enough money.") }
        }
        #expect(try await rig.manager.pendingEmergencies() == [])
    }

    @Test func oneOfTheJournalIsRemovedAsWell() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        let journal = StoreDouble(rig.journal, unanswered: [.begin])
        let manager = try ProcessingManager(store: rig.store, journal: journal, options: rig.manager.options)
        try await manager.processCritical(order) { _, _ in }
        #expect(rig.journal.begun.count == 1)
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
    }

    @Test func oneThatReachesTheStoreAfterTheEndIsRemovedByASweep() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, with: StoreDouble.silent)
        try await rig.manager.processCritical(order) { _, _ in }
        #expect(try await rig.manager.sweep().settled == 0)
        // The call was on its way all the time.
        _ = try await rig.store.inner.beginEmergency(try #require(rig.store.begun.elements.first))
        #expect(try await rig.manager.sweep().settled == 1)
        #expect(try await rig.manager.pendingEmergencies() == [])
    }

    @Test func itIsNotLookedForAnyMoreWhenItsLeaseWouldHaveRunOut() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, with: StoreDouble.silent)
        try await rig.manager.processCritical(order) { _, _ in }
        #expect(await rig.manager.healthCheck().unsettled == 1)
        rig.time.advance(by: .seconds(31))
        #expect(try await rig.manager.sweep().settled == 0)
        #expect(await rig.manager.healthCheck().unsettled == 0)
    }

    @Test func oneThatReachesTheStoreAfterTheEndIsRemovedWithinItsLease() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, with: StoreDouble.silent)
        try await rig.manager.processCritical(order) { _, _ in }
        let late = try #require(rig.store.begun.elements.first)
        #expect(rig.count(of: "processing.backup.unsettled:\(late.id)") == 1)
        try await rig.sleeper(for: .seconds(10))
        rig.time.advance(by: .seconds(2))
        _ = try await rig.store.inner.beginEmergency(late)
        rig.time.advance(by: .seconds(8))
        // Told at the end, and once more.
        try await rig.store.answers(2, of: .resolve)
        #expect(try await rig.manager.pendingEmergencies() == [])
    }

    @Test func aPlaceThatStaysBrokenIsAskedUntilItAnswersAndNoLonger() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, .resolve, with: StoreDouble.silent)
        try await rig.manager.processCritical(order) { _, _ in }
        rig.time.advance(by: .seconds(100))
        await #expect(throws: StoreDouble.silent) { try await rig.manager.sweep() }
        #expect(await rig.manager.healthCheck().unsettled == 1)
        rig.store.mend()
        #expect(try await rig.manager.sweep().settled == 0)
        #expect(await rig.manager.healthCheck().unsettled == 0)
    }

    @Test func aStoreThatDoesNotAnswerKeepsNoLeaseOfTheJournalFromBeingRenewed() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, with: StoreDouble.silent)
        let stuck = Gate()
        rig.store.hold(.renew, at: stuck)
        let call = Task { try await rig.manager.processCritical(order) { _, _ in try await rig.gate.wait() } }
        try await rig.gate.arrivals(1)
        for renewal in 1...3 {
            try await rig.sleeper(for: .seconds(10))
            // The store sleeps once, and is asked for the rest of the run.
            if renewal == 1 { while rig.time.deadlines.count < 2 { try await rig.time.nextSleep() } }
            rig.time.advance(by: .seconds(10))
            try await rig.journal.answers(renewal, of: .renew)
        }
        try await stuck.arrivals(1)
        rig.gate.open()
        try await call.value
    }

    @Test func aStoreThatDoesNotAnswerKeepsNoEndFromTheJournal() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, with: StoreDouble.silent)
        let stuck = Gate()
        rig.store.hold(.resolve, at: stuck)
        let call = Task { try await rig.manager.processCritical(order) { _, _ in } }
        try await rig.journal.answers(1, of: .resolve)
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
        stuck.open()
        try await call.value
    }

    @Test func nobodyElseRunsTheOperationMeanwhile() async throws {
        let rig = try Rig()
        try await rig.expectNobodyElse(whileRunningBy: try manager(on: rig))
    }

    @Test func aFailureFindsItAndSaysSo() async throws {
        let rig = try Rig()
        let failure = try await fail(try manager(on: rig))
        #expect(failure.backup == .store)
        let backup = try #require(try await rig.manager.pendingEmergencies().first)
        #expect(backup.id == failure.operationID)
        #expect(backup.status == .failed)
        #expect(backup.error == "the printer is on fire")
    }

    @Test func aFailureIsToldToEverybodyWhoMayComeToHaveIt() async throws {
        let rig = try Rig()
        rig.journal.fail(.begin, with: StoreDouble.silent)
        let store = StoreDouble(rig.store, unanswered: [.begin])
        let manager = try ProcessingManager(store: store, journal: rig.journal, options: rig.manager.options)
        let failure = try await fail(manager)
        #expect(failure.backup == .store)
        #expect(rig.count(of: "processing.backup.unsettled:\(failure.operationID)") == 1)
        rig.journal.mend()
        _ = try await rig.journal.inner.beginEmergency(try #require(rig.journal.begun.elements.first))
        // The journal learns it, and what it has is copied up.
        let report = try await manager.sweep()
        #expect([report.settled, report.copiedUp] == [1, 1])
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
        #expect(try await manager.pendingEmergencies().map(\.status) == [.failed])
    }

    @Test func aFailureThatNobodyHasHeardOfIsToldWhenTheBackupHasCome() async throws {
        let rig = try Rig()
        rig.store.fail(.begin, .fail, with: StoreDouble.silent)
        rig.journal.fail(.begin)
        let failure = try await fail(rig.manager)
        #expect(failure.backup == .unknown)
        #expect(rig.count(of: "processing.backup.unsettled:\(failure.operationID)") == 1)
        rig.store.mend()
        _ = try await rig.store.inner.beginEmergency(try #require(rig.store.begun.elements.first))
        #expect(try await rig.manager.sweep().settled == 1)
        let backup = try #require(try await rig.manager.pendingEmergencies().first)
        #expect(backup.status == .failed)
        #expect(backup.error == "the printer is on fire")
    }

    @Test(arguments: [ProcessingOptions.BackupMode.writeAhead, .onFailure])
    func aFailureOfWhichNobodyKnowsSaysSo(_ mode: ProcessingOptions.BackupMode) async throws {
        let rig = try Rig { $0.backup = mode }
        rig.store.fail(.begin, .fail, with: StoreDouble.silent)
        rig.journal.fail(.begin)
        let failure = try await fail(rig.manager)
        #expect(failure.backup == .unknown)
        #expect("\(failure)".contains("nobody knows whether it is backed up"))
        #expect(rig.count(of: "processing.critical.backed_up:\(failure.operationID)") == 0)
    }
}
