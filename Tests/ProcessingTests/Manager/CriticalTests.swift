import EphemeralTesting
import Processing
import Testing

/// Critical operations and their backups.
@Suite(.timeLimit(.minutes(1)))
struct CriticalTests {
    private let order = Rig.Item(number: 7)

    @Test func anOperationThatSucceedsLeavesNoBackup() async throws {
        let rig = try Rig()
        let during = Journal<[Emergency]>()
        let result = try await rig.manager.processCritical(order, processor: "pay", tags: ["customer:7"]) { order, _ in
            during.record(try await rig.manager.pendingEmergencies())
            return "receipt \(order.number)"
        }
        #expect(result == "receipt 7")
        let backup = try #require(during.elements.first?.first)
        #expect(backup.status == .pending)
        #expect(backup.operation == "pay")
        #expect(backup.tags == ["customer:7"])
        #expect(String(decoding: backup.payload, as: UTF8.self) == "{\"number\":7}")
        #expect(try await rig.manager.pendingEmergencies() == [])
        #expect(rig.count(of: "processing.critical.completed:\(backup.id)") == 1)
    }

    @Test func aUserErrorPassesThroughAndLeavesNoBackup() async throws {
        let rig = try Rig()
        let error = await #expect(throws: UserError.self) {
            try await rig.manager.processCritical(order) { _, _ in throw UserError("Not enough money.") }
        }
        #expect(error?.userMessage == "Not enough money.")
        #expect(try await rig.manager.pendingEmergencies() == [])
    }

    @Test func aFailureKeepsTheBackupAndNamesTheOperation() async throws {
        let rig = try Rig()
        let error = await #expect(throws: CriticalFailure.self) {
            try await rig.manager.processCritical(order, processor: "fail") { _, _ in throw Rig.Failure() }
        }
        let failure = try #require(error)
        #expect(failure.backup == .store)
        #expect(failure.underlyingError is Rig.Failure)
        let backup = try #require(try await rig.manager.pendingEmergencies().first)
        #expect(backup.id == failure.operationID)
        #expect(backup.status == .failed)
        #expect(backup.error == "the printer is on fire")
        #expect(rig.count(of: "processing.alert.critical:\(backup.id)") == 1)
        #expect(rig.count(of: "processing.critical.backed_up:\(backup.id)") == 1)
    }

    @Test func aCancelledOperationIsBackedUp() async throws {
        let rig = try Rig()
        let call = Task { try await rig.manager.processCritical(order) { _, _ in try await rig.gate.wait() } }
        try await rig.gate.arrivals(1)
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(try await rig.manager.pendingEmergencies().map(\.status) == [.failed])
    }

    @Test func anOperationThatTakesTooLongIsCancelledAndBackedUp() async throws {
        let rig = try Rig()
        let call = Task {
            try await rig.manager.processCritical(order, timeout: .seconds(5)) { _, _ in try await rig.gate.wait() }
        }
        try await rig.gate.arrivals(1)
        while rig.time.deadlines.count < 2 { try await rig.time.nextSleep() }
        rig.time.advance(by: .seconds(5))
        let error = await #expect(throws: CriticalFailure.self) { try await call.value }
        #expect((error?.underlyingError as? ProcessingError)?.code == .timedOut)
        #expect(try await rig.manager.pendingEmergencies().map(\.status) == [.failed])
    }

    @Test func aSecondCallOfTheSameOperationDoesNotRun() async throws {
        let rig = try Rig()
        let id = EmergencyID(rawValue: "order-7")
        await #expect(throws: CriticalFailure.self) {
            try await rig.manager.processCritical(order, operationID: id) { _, _ in throw Rig.Failure() }
        }
        await #expect(throws: ProcessingError(code: .alreadyExists, message: "")) {
            try await rig.manager.processCritical(order, operationID: id) { _, _ in rig.starts.record(2) }
        }
        #expect(rig.starts.count == 0)
    }

    @Test func aLongOperationStaysUnderWay() async throws {
        let rig = try Rig()
        try await rig.expectNobodyElse(whileRunningBy: rig.manager)
    }

    @Test func backupsOnFailureAreWrittenOnlyThen() async throws {
        let rig = try Rig { $0.backup = .onFailure }
        try await rig.manager.processCritical(order) { _, _ in }
        #expect(rig.store.answered.elements == [])
        await #expect(throws: CriticalFailure.self) {
            try await rig.manager.processCritical(order) { _, _ in throw Rig.Failure() }
        }
        #expect(try await rig.manager.pendingEmergencies().map(\.error) == ["the printer is on fire"])
    }

    @Test func anEntityThatIsTooLargeIsRefusedBeforeTheOperationBegins() async throws {
        let rig = try Rig()
        let large = String(repeating: "x", count: rig.store.maxPayloadBytes)
        await #expect(throws: ProcessingError(code: .payloadTooLarge, message: "")) {
            try await rig.manager.processCritical(large) { _, _ in rig.starts.record(1) }
        }
        #expect(rig.starts.count == 0)
    }

    @Test func aRegisteredProcessorReturnsItsResult() async throws {
        var processors = ProcessorRegistry()
        try processors.register("double") { (item: Rig.Item, _) in item.number * 2 }
        let manager = try ProcessingManager(store: MemoryProcessingStore(), processors: processors)
        #expect(try await manager.processCritical(order, processor: "double", returning: Int.self) == 14)
        try await manager.processCritical(order, processor: "double")
        await #expect(throws: CriticalFailure.self) {
            try await manager.processCritical(order, processor: "double", returning: String.self)
        }
        await #expect(throws: ProcessingError(code: .unknownProcessor, message: "")) {
            try await manager.processCritical(order, processor: "treble")
        }
    }
}
