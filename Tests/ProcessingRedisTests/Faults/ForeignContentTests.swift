import Processing
import ProcessingRedis
import Testing

/// What others do to the server and to the keys of a store.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct ForeignContentTests {
    private static func run(_ body: (StoreBench) async throws -> Void) async throws {
        try await ServerProcess.run { try await StoreBench.run($0.url, body: body) }
    }

    private static func stream(_ bench: StoreBench) -> String {
        "\(bench.options.queuePrefix){\(bench.queue)}:s:normal"
    }

    @Test func aForeignEntryIsSetApartAndTheNextJobRuns() async throws {
        try await Self.run { bench in
            try await bench.tell("XADD", Self.stream(bench), "*", "e", "{\"half\":", "o", "send")
            try await bench.tell(
                "XADD",
                Self.stream(bench),
                "*",
                "i",
                "x",
                "a",
                "none",
                "o",
                "send",
                "t",
                "1",
                "m",
                "3",
                "e",
                "pay",
                "h",
                ""
            )
            let id = try await bench.enqueue("after")
            #expect(try await bench.claim(9).map(\.job.id) == id)
            let letters = try await bench.deadLetters()
            #expect(letters.map(\.reason) == [.malformedPayload, .malformedPayload])
            #expect(letters.map(\.job.payload) == [Array("{\"half\":".utf8), Array("pay".utf8)])
            #expect(
                letters.map(\.error) == ["the entry has no field i", "the field a of the entry is no number: none"]
            )
            let status = try await bench.status()
            #expect([status.dead, status.running, status.enqueued, status.accounted] == [2, 1, 3, 3])
        }
    }

    @Test(arguments: ["s:normal", "stat"])
    func aKeyOfAnotherTypeIsToldOfAndNothingIsStored(_ key: String) async throws {
        try await Self.run { bench in
            try await bench.tell("SET", "\(bench.options.queuePrefix){mail}:\(key)", "mine")
            await bench.expect(.foreignStore) { try await bench.enqueue("1", "2") }
            try await bench.tell("DEL", "\(bench.options.queuePrefix){mail}:\(key)")
            #expect(try await bench.status().enqueued == 0)
            #expect(try await bench.claim(9).isEmpty)
        }
    }

    @Test func scriptsThatTheServerHasForgottenAreSentAgain() async throws {
        try await Self.run { bench in
            try await bench.enqueue("1")
            try await bench.tell("SCRIPT", "FLUSH")
            try await bench.enqueue("2")
            #expect(try await bench.claim(9).map(\.job.operation) == ["1", "2"])
        }
    }

    @Test func aGroupThatIsGoneIsMadeAgainWithEverythingThatIsLeft() async throws {
        try await Self.run { bench in
            try await bench.enqueue("1", "2")
            let lost = try #require(try await bench.claim().first)
            try await bench.tell("XGROUP", "DESTROY", Self.stream(bench), "g")
            #expect(try await bench.status().totalWaiting == 2)
            #expect(try await bench.settle(lost, .done) == .leaseLost)
            #expect(try await bench.claim(9).map(\.job.operation) == ["1", "2"])
            let health = await bench.store.health()
            #expect(health.isHealthy)
            #expect(health.warnings.contains { $0.hasPrefix("queue 'mail': its group was gone 1 times") })
        }
    }

    @Test func anEmptiedServerStartsAnew() async throws {
        try await Self.run { bench in
            try await bench.enqueue("1")
            try await bench.tell("FLUSHALL")
            let id = try await bench.enqueue("2")
            #expect(try await bench.store.queues() == ["mail"])
            #expect(try await bench.claim(9).map(\.job.id) == id)
        }
    }

    @Test func aStoreOfAnotherVersionIsNotTouched() async throws {
        try await ServerProcess.run { server in
            try await StoreBench.run(server.url) { bench in
                try await bench.tell("SET", "\(bench.options.queuePrefix)version", "99")
                let options = bench.options
                let error = await #expect(throws: ProcessingError.self) {
                    try await RedisProcessingStore.open(server.url, options: options)
                }
                #expect(error?.code == .foreignStore)
            }
        }
    }
}
