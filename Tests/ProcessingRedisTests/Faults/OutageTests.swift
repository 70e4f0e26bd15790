import EphemeralTesting
import Processing
import ProcessingRedis
import Testing

/// Servers that go away, come back, or stop answering.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct OutageTests {
    @Test(arguments: ["everysec", "always"])
    func aServerThatIsKilledAndComesBackHasLostNothing(_ sync: String) async throws {
        try await ServerProcess.run(["--appendonly", "yes", "--appendfsync", sync]) { server in
            let journal = Journal<String>()
            try await StoreBench.run(server.url) {
                $0.logger = LogJournal.logger(journal)
            } body: { bench in
                var stored = try await bench.enqueue("1", "2", "3")
                let held = try #require(try await bench.claim().first)
                // A worker that waits for another queue, from before the outage until after it.
                let store = bench.store
                let waiting = Task {
                    try await store.claim(
                        ClaimRequest(
                            worker: .next(),
                            queues: ["idle"],
                            count: 1,
                            lease: .seconds(60),
                            patience: .seconds(40)
                        )
                    )
                }
                // The connections of the store and of the claim that waits.
                _ = try await journal.first(2)
                try await server.kill()
                try await server.runAgain {
                    // The call waits for the end of the outage by itself.
                    stored += try await bench.enqueue("4")
                    #expect(try await bench.settle(held, .done) == .done)
                    #expect(try await bench.claim(9).map(\.job.id) == Array(stored.dropFirst()))
                    let idle = try await store.enqueue([JobRequest(operation: "x", payload: [])], in: "idle")
                    #expect(try await waiting.value.map(\.job.id) == idle.map(\.id))
                    #expect(await store.health().isHealthy)
                    #expect(await store.health().facts["reconnects"] == "1")
                }
            }
        }
    }

    @Test func callsDuringAnOutageFailAsNotDoneWithinTheirTime() async throws {
        try await ServerProcess.run { server in
            let journal = Journal<String>()
            try await StoreBench.run(server.url) {
                $0.commandTimeout = .milliseconds(300)
                $0.logger = LogJournal.logger(journal)
            } body: { bench in
                try await bench.enqueue("1")
                try await server.kill()
                // Connected, and not connected any more.
                _ = try await journal.first(2)
                await bench.expect(.storeUnavailable) { try await bench.enqueue("2") }
                let health = await bench.store.health()
                #expect(health.problems.contains { $0.hasPrefix("not connected") })
            }
        }
    }

    @Test func aServerThatCannotBeReachedIsToldOfAtOnce() async throws {
        try await ServerProcess.run { server in
            let url = server.url
            try await server.kill()
            let error = await #expect(throws: ProcessingError.self) { try await RedisProcessingStore.open(url) }
            #expect(error?.code == .storeUnavailable)
        }
    }

    @Test func aStalledConnectionFailsItsCallsInTimeAndIsReplaced() async throws {
        try await ServerProcess.run { server in
            try await StallingProxy.run(to: server.port) { proxy in
                try await StoreBench.run(proxy.url) {
                    $0.commandTimeout = .milliseconds(500)
                } body: { bench in
                    try await bench.enqueue("1")
                    proxy.stall()
                    await bench.expect(.outcomeUnknown) { try await bench.enqueue("2") }
                    let health = await bench.store.health()
                    #expect(!health.isHealthy)
                    proxy.recover()
                    // The old connection is given up and a new one made; until then calls tell what they know.
                    while await bench.code(of: { try await bench.enqueue("3") }) != nil {}
                    let names = try await bench.claim(9).map(\.job.operation)
                    #expect(names.first == "1")
                    #expect(names.contains("3"))
                }
            }
        }
    }

    @Test func aCallThatWasNotAnsweredIsNotCalledUndoneBecauseItsRepetitionIs() async throws {
        try await ServerProcess.run { server in
            try await StallingProxy.run(to: server.port) { proxy in
                try await StoreBench.run(proxy.url) {
                    $0.commandTimeout = .seconds(1)
                } body: { bench in
                    proxy.stall()
                    let call = Task {
                        await bench.code {
                            _ = try await bench.store.beginEmergency(EmergencyRequest(operation: nil, payload: [1]))
                        }
                    }
                    // It was sent; the connection ends, and there is no other one.
                    _ = try await proxy.losses.first(1)
                    try await server.kill()
                    #expect(await call.value == .outcomeUnknown)
                }
            }
        }
    }

    @Test func aCrowdAtAStalledConnectionIsRefused() async throws {
        try await ServerProcess.run { server in
            try await StallingProxy.run(to: server.port) { proxy in
                try await StoreBench.run(proxy.url) {
                    $0.commandTimeout = .milliseconds(500)
                    $0.maxQueuedCommands = 2
                } body: { bench in
                    try await bench.enqueue("1")
                    proxy.stall()
                    let codes = await withTaskGroup(of: ProcessingError.Code?.self) { group in
                        for _ in 0..<5 { group.addTask { await bench.code { try await bench.enqueue("2") } } }
                        return await group.reduce(into: []) { $0.append($1) }
                    }
                    #expect(codes.filter { $0 == .overloaded }.count == 3)
                    #expect(codes.filter { $0 == .outcomeUnknown }.count == 2)
                }
            }
        }
    }

    @Test func aServerThatBecomesAReplicaIsLeftAndFoundAgain() async throws {
        try await ServerProcess.run { server in
            let journal = Journal<String>()
            try await StoreBench.run(server.url) {
                $0.logger = LogJournal.logger(journal)
            } body: { bench in
                try await bench.enqueue("1")
                try await bench.tell("REPLICAOF", "127.0.0.1", "1")
                await bench.expect(.storeUnavailable) { try await bench.enqueue("2") }
                #expect(try await journal.first(2)[1].contains("READONLY"))
                try await bench.tell("REPLICAOF", "NO", "ONE")
                try await bench.enqueue("3")
                #expect(try await bench.claim(9).map(\.job.operation) == ["1", "3"])
            }
        }
    }
}
