import EphemeralTesting
import Processing
import ProcessingSQLite
import Testing

/// A file as the local journal of a manager.
@Suite(.timeLimit(.minutes(1)))
struct SQLiteJournalTests {
    private struct Failure: Error {}

    @Test func aBackupInTheJournalSurvivesItsProcessAndIsCopiedUp() async throws {
        let (folder, other, time) = (try Folder(), try Folder(), ManualTimeSource())
        var options = ProcessingOptions()
        options.time = time
        let journal = try folder.store(time: time)
        let gone = MemoryProcessingStore(time: time)
        await gone.shutdown()
        let first = try ProcessingManager(store: gone, journal: journal, options: options)
        let error = await #expect(throws: CriticalFailure.self) {
            try await first.processCritical(7, processor: "pay") { _, _ in throw Failure() }
        }
        let failure = try #require(error)
        #expect(failure.backup == .journal)
        await journal.shutdown()

        let reopened = try folder.store(time: time)
        let store = try other.store(time: time)
        let second = try ProcessingManager(store: store, journal: reopened, options: options)
        #expect(try await second.sweep().copiedUp == 1)
        let backup = try #require(try await second.pendingEmergencies().first)
        #expect(backup.id == failure.operationID)
        #expect(backup.operation == "pay")
        #expect(backup.payload == Array("7".utf8))
        #expect(await second.healthCheck().journaled == 0)
        await reopened.shutdown()
        await store.shutdown()
    }
}
