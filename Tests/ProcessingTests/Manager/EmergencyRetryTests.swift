import EphemeralTesting
import Processing
import Testing

/// Trying critical operations again.
@Suite(.timeLimit(.minutes(1)))
struct EmergencyRetryTests {
    /// An operation of a processor that has failed.
    private func failed(_ processor: String?, in rig: Rig) async throws -> EmergencyID {
        let error = await #expect(throws: CriticalFailure.self) {
            try await rig.manager.processCritical(Rig.Item(number: 7), processor: processor) { _, _ in
                throw Rig.Failure()
            }
        }
        return try #require(error).operationID
    }

    @Test func aRetryThatSucceedsRemovesTheBackup() async throws {
        let rig = try Rig()
        let id = try await failed("note", in: rig)
        #expect(try await rig.manager.retryEmergency(id).isResolved)
        #expect(rig.starts.elements == [7])
        #expect(try await rig.manager.pendingEmergencies() == [])
        guard case .alreadyResolved = try await rig.manager.retryEmergency(id) else {
            Issue.record("a second retry was not answered with alreadyResolved")
            return
        }
    }

    @Test func aRetryThatFailsIsCounted() async throws {
        let rig = try Rig()
        let id = try await failed("fail", in: rig)
        guard case .failed(let error) = try await rig.manager.retryEmergency(id) else {
            Issue.record("the retry did not fail")
            return
        }
        #expect(error is Rig.Failure)
        #expect(rig.starts.elements == [2])
        #expect(try await rig.manager.pendingEmergencies().map(\.attempts) == [2])
    }

    @Test func ofManyRetriesOneRuns() async throws {
        let rig = try Rig()
        let id = try await failed("wait", in: rig)
        let answers = Journal<EmergencyRetry>()
        let retries = (0..<8).map { _ in Task { answers.record(try await rig.manager.retryEmergency(id)) } }
        let refused = try await answers.first(7)
        rig.gate.open()
        for retry in retries { try await retry.value }
        #expect(refused.allSatisfy { if case .alreadyRetrying = $0 { true } else { false } })
        #expect(answers.elements.filter(\.isResolved).count == 1)
        #expect(rig.starts.elements == [7])
    }

    @Test func anUnknownOperationIsNotFound() async throws {
        let rig = try Rig()
        guard case .notFound = try await rig.manager.retryEmergency(.next()) else {
            Issue.record("an unknown operation was found")
            return
        }
    }

    @Test(arguments: [nil, "no-such-processor"])
    func anOperationWithoutAProcessorHereIsNotReplayable(_ processor: String?) async throws {
        let rig = try Rig()
        let id = try await failed(processor, in: rig)
        guard case .notReplayable(let error) = try await rig.manager.retryEmergency(id) else {
            Issue.record("the operation was tried")
            return
        }
        #expect(error.code == (processor == nil ? .notReplayable : .unknownProcessor))
        #expect(try await rig.manager.pendingEmergencies().map(\.id) == [id])
    }

    @Test func backupsThatAreAboutToExpireAreAnAlarm() async throws {
        let rig = try Rig()
        let id = try await failed("note", in: rig)
        #expect(try await rig.manager.sweep().expiring == [])
        rig.time.advance(by: .seconds(6 * 86_400))
        #expect(try await rig.manager.sweep().expiring == [id])
        #expect(rig.count(of: "processing.alert.expiring:\(id)") == 1)
        #expect(try await rig.manager.extendEmergency(id, ttl: nil))
        #expect(try await rig.manager.sweep().expiring == [])
    }

    @Test func backupsThatWereGivenUpAreAWarning() async throws {
        let rig = try Rig()
        let id = try await failed("note", in: rig)
        rig.time.advance(by: .seconds(7 * 86_400))
        let health = await rig.manager.healthCheck()
        #expect(health.emergencies?.expiredUnresolved == 1)
        #expect(health.warnings.contains { $0.contains("given up") })
        #expect(rig.count(of: "emergency.expired:\(id)") == 1)
    }
}
