import EphemeralTesting
import Processing
import Testing

/// The local journal, which takes what the store does not.
@Suite(.timeLimit(.minutes(1)))
struct JournalTests {
    private let order = Rig.Item(number: 7)

    private func fail(_ rig: Rig) async throws -> CriticalFailure {
        let error = await #expect(throws: CriticalFailure.self) {
            try await rig.manager.processCritical(order, processor: "note") { _, _ in throw Rig.Failure() }
        }
        return try #require(error)
    }

    @Test func aStoreThatIsDownKeepsNoOperationFromRunning() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        try await rig.manager.processCritical(order) { order, _ in rig.starts.record(order.number) }
        #expect(rig.starts.elements == [7])
        #expect(try await rig.journal.inner.emergencies(expiringWithin: nil, limit: 9) == [])
    }

    @Test(arguments: [ProcessingOptions.BackupMode.writeAhead, .onFailure])
    func aFailureIsBackedUpInTheJournalWhenTheStoreIsDown(_ mode: ProcessingOptions.BackupMode) async throws {
        let rig = try Rig { $0.backup = mode }
        rig.store.fail(.begin)
        let failure = try await fail(rig)
        #expect(failure.backup == .journal)
        #expect(rig.count(of: "processing.backup.failed:\(failure.operationID)") == 1)
        let backup = try #require(try await rig.journal.inner.emergencies(expiringWithin: nil, limit: 9).first)
        #expect(backup.id == failure.operationID)
        #expect(backup.status == .failed)
        #expect(await rig.manager.healthCheck().journaled == 1)
    }

    @Test func withoutStoreAndJournalTheFailureSaysSo() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        rig.journal.fail(.begin)
        let failure = try await fail(rig)
        #expect(failure.backup == .none)
        #expect("\(failure)".contains("NOT backed up"))
    }

    @Test func theJournalIsCopiedUpWhenTheStoreIsBack() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        let failure = try await fail(rig)
        await #expect(throws: StoreDouble.down) { try await rig.manager.sweep() }
        rig.store.mend()
        #expect(try await rig.manager.sweep().copiedUp == 1)
        let backup = try #require(try await rig.manager.pendingEmergencies().first)
        #expect(backup.id == failure.operationID)
        #expect(backup.error == "the printer is on fire")
        #expect(backup.operation == "note")
        #expect(try await rig.journal.inner.emergencies(expiringWithin: nil, limit: 9) == [])
        #expect(try await rig.manager.sweep().copiedUp == 0)
    }

    @Test func oneThatTheStoreRefusesKeepsNoOtherFromBeingCopiedUp() async throws {
        let rig = try Rig { $0.backupAlarm = 0 }
        let stored = try await fail(rig)
        rig.time.advance(by: .seconds(1))
        rig.store.fail(.begin)
        let (first, second) = (try await fail(rig), try await fail(rig))
        let refusal = ProcessingError(code: .payloadTooLarge, message: "no")
        rig.store.fail(.begin, times: 1, with: refusal)
        await #expect(throws: refusal) { try await rig.manager.sweep() }
        #expect(try await rig.manager.pendingEmergencies().map(\.id) == [stored, second].map(\.operationID))
        #expect(rig.count(of: "processing.alert.expiring:\(stored.operationID)") == 1)
        let kept = try await rig.journal.inner.emergencies(expiringWithin: nil, limit: 9)
        #expect(kept.map(\.id) == [first.operationID])
        #expect(kept.map(\.status) == [.failed])
        #expect(try await rig.manager.sweep().copiedUp == 1)
    }

    @Test func anEndThatTheStoreDoesNotHearKeepsNothingElseFromBeingDone() async throws {
        let rig = try Rig { $0.backupAlarm = 0 }
        rig.store.fail(.begin)
        // One is copied up, and the end of the other is not heard by the journal.
        _ = try await fail(rig)
        rig.journal.fail(.resolve, times: 1)
        try await rig.manager.processCritical(order) { _, _ in }
        rig.store.mend()
        rig.store.fail(.resolve)
        try await rig.manager.processCritical(order) { _, _ in }
        #expect(await rig.manager.healthCheck().unsettled == 2)
        rig.time.advance(by: .seconds(1))
        await #expect(throws: StoreDouble.down) { try await rig.manager.sweep() }
        #expect(await rig.manager.healthCheck().unsettled == 1)
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
        let unheard = try #require(rig.store.begun.elements.dropLast().last)
        #expect(rig.count(of: "processing.alert.expiring:\(unheard.id)") == 1)
    }

    @Test func aRunWhoseEndTheJournalDoesNotHearIsNotCopiedUpAsOneThatWasCutOff() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        rig.journal.fail(.resolve)
        try await rig.manager.processCritical(order) { _, _ in }
        rig.store.mend()
        rig.time.advance(by: rig.manager.options.emergencyLease + .seconds(1))
        await #expect(throws: StoreDouble.down) { try await rig.manager.sweep() }
        #expect(try await rig.manager.pendingEmergencies().isEmpty)
        rig.journal.mend()
        try await rig.manager.sweep()
        #expect(try await rig.manager.pendingEmergencies().isEmpty)
        #expect(try await rig.journal.inner.emergencyCounts().total == 0)
    }

    @Test func nothingIsToldAgainToAStoreThatIsShutDown() async throws {
        let rig = try Rig()
        rig.store.fail(.resolve, with: ProcessingError(code: .closed, message: "shut down"))
        try await rig.manager.processCritical(order) { _, _ in }
        #expect(await rig.manager.healthCheck().unsettled == 1)
        await #expect(throws: ProcessingError.self) { try await rig.manager.sweep() }
        #expect(await rig.manager.healthCheck().unsettled == 0)
    }

    @Test func anOperationUnderWayIsNotCopiedUp() async throws {
        let rig = try Rig()
        rig.store.fail(.begin)
        let call = Task { try await rig.manager.processCritical(order) { _, _ in try await rig.gate.wait() } }
        try await rig.gate.arrivals(1)
        rig.store.mend()
        #expect(try await rig.manager.sweep().copiedUp == 0)
        rig.gate.open()
        try await call.value
    }

    @Test func anEndThatTheStoreDidNotHearIsToldLater() async throws {
        let rig = try Rig()
        rig.store.fail(.resolve, times: 1)
        try await rig.manager.processCritical(order) { _, _ in }
        let health = await rig.manager.healthCheck()
        #expect(health.unsettled == 1)
        #expect(health.warnings.contains { $0.hasPrefix("1 ends of critical operations are still to be told") })
        #expect(rig.signals.elements.filter { $0.hasPrefix("processing.backup.unsettled:") }.count == 1)
        #expect(try await rig.manager.sweep().settled == 1)
        #expect(try await rig.manager.pendingEmergencies() == [])
    }
}
