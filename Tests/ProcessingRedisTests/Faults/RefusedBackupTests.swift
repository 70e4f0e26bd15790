import Processing
import ProcessingRedis
import Testing

/// Critical operations at servers that do not take their backups.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct RefusedBackupTests {
    private struct Failure: Error {}

    private let journal = MemoryProcessingStore()

    /// Executes an operation that fails, and returns where its backup is.
    private func fail(_ manager: ProcessingManager) async throws -> CriticalFailure {
        let error = await #expect(throws: CriticalFailure.self) {
            try await manager.processCritical(7, processor: "charge") { _, _ in throw Failure() }
        }
        return try #require(error)
    }

    @Test func aFullServerLeavesTheBackupToTheJournalUntilItHasRoom() async throws {
        try await ServerProcess.run(["--maxmemory", "8mb", "--maxmemory-policy", "noeviction"]) { server in
            try await StoreBench.run(server.url) { bench in
                let payload = [UInt8](repeating: 0x61, count: 100_000)
                while await bench.code(of: { try await bench.enqueue("fill", payload: payload) }) == nil {}
                let manager = try ProcessingManager(store: bench.store, journal: journal)
                #expect(try await manager.processCritical(7) { number, _ in number } == 7)
                let failure = try await fail(manager)
                #expect(failure.backup == .journal)
                #expect(try await journal.emergencyCounts().total == 1)
                while let job = try await bench.claim().first { #expect(try await bench.settle(job, .done) == .done) }
                #expect(try await manager.sweep().copiedUp == 1)
                #expect(try await manager.pendingEmergencies().map(\.id) == [failure.operationID])
                #expect(try await journal.emergencyCounts().total == 0)
            }
        }
    }

    @Test(arguments: ["records", "states", "index", "expiry", "resolved"])
    func aKeyOfAnotherTypeLeavesTheBackupToTheJournalUntilItIsGone(_ name: String) async throws {
        try await ServerProcess.run { server in
            try await StoreBench.run(server.url) { bench in
                let key = "\(bench.options.emergencyPrefix){critical}:\(name)"
                try await bench.tell("SET", key, "mine")
                let manager = try ProcessingManager(store: bench.store, journal: journal)
                let failure = try await fail(manager)
                #expect(failure.backup == .journal)
                let request = EmergencyRequest(operation: nil, payload: [1])
                await bench.expect(.foreignStore) { _ = try await bench.store.beginEmergency(request) }
                try await bench.tell("DEL", key)
                // Nothing was written, not even in part.
                #expect(try await bench.store.emergencyCounts().total == 0)
                #expect(try await manager.sweep().copiedUp == 1)
                #expect(try await manager.pendingEmergencies().map(\.id) == [failure.operationID])
            }
        }
    }

    @Test func aServerThatTakesNoScriptsOfThisClientLeavesTheBackupToTheJournal() async throws {
        try await ServerProcess.run(["--user", "worker", "on", ">pw", "~*", "&*", "+@all", "-evalsha"]) { server in
            try await StoreBench.run("redis://worker:pw@127.0.0.1:\(server.port)") { bench in
                let manager = try ProcessingManager(store: bench.store, journal: journal)
                #expect(try await fail(manager).backup == .journal)
                #expect(try await journal.emergencyCounts().total == 1)
            }
        }
    }
}
