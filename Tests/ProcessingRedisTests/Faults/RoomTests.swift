import Processing
import ProcessingRedis
import Testing

/// Servers without room, and payloads without measure.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct RoomTests {
    private static let payload = [UInt8](repeating: 0x61, count: 100_000)

    /// Stores jobs until the server refuses one.
    private static func fill(_ bench: StoreBench) async -> ProcessingError.Code? {
        for _ in 0..<1000 {
            if let code = await bench.code(of: { try await bench.enqueue("fill", payload: payload) }) { return code }
        }
        return nil
    }

    @Test func aFullServerRefusesJobsAndIsDrained() async throws {
        try await ServerProcess.run(["--maxmemory", "8mb", "--maxmemory-policy", "noeviction"]) { server in
            try await StoreBench.run(server.url) { bench in
                #expect(await Self.fill(bench) == .storeFull)
                #expect(await bench.store.health().warnings.contains { $0.contains("% full") })
                // A worker that comes now can open the store, and everything that moves jobs goes on.
                let worker = try await StoreBench.open(server.url)
                await worker.store.shutdown()
                let jobs = try await bench.claim(4)
                #expect(try await bench.settle(jobs[0], .retry(after: .zero, error: "busy")) == .delayed)
                #expect(try await bench.settle(jobs[1], .bury(.refused, error: "no")) == .buried)
                #expect(try await bench.settle(jobs[2], .release) == .released)
                #expect(try await bench.settle(jobs[3], .done) == .done)
                let refused = await bench.code {
                    _ = try await bench.store.beginEmergency(EmergencyRequest(operation: nil, payload: Self.payload))
                }
                #expect(refused == nil || refused == .storeFull)
                while let job = try await bench.claim().first { #expect(try await bench.settle(job, .done) == .done) }
                try await bench.enqueue("after")
                let status = try await bench.status()
                #expect(status.accounted == status.enqueued)
            }
        }
    }

    @Test func aServerThatDropsKeysWhenFullIsUnhealthyFromTheStart() async throws {
        try await ServerProcess.run(["--maxmemory-policy", "allkeys-lru"]) { server in
            try await StoreBench.run(server.url) { bench in
                #expect(await bench.store.health().problems.contains { $0.contains("allkeys-lru") })
            }
        }
    }

    @Test func settingsThatLoseJobsAreWarnedOf() async throws {
        try await ServerProcess.run { server in
            try await StoreBench.run(server.url) { bench in
                #expect(await bench.store.health().warnings.contains { $0.hasPrefix("appendonly is no") })
            }
        }
    }

    @Test func oversizePayloadsAreRefusedAndOtherCallersGoOn() async throws {
        try await ServerProcess.run { server in
            try await StoreBench.run(server.url) { bench in
                let before = await bench.store.health().facts["reconnects"]
                for size in [1 << 20 + 1, 100 << 20] {
                    let large = [UInt8](repeating: 1, count: size)
                    async let other = bench.enqueue("small")
                    await bench.expect(.payloadTooLarge) { try await bench.enqueue("large", payload: large) }
                    _ = try await other
                }
                let batch = (0..<70).map { _ in
                    JobRequest(operation: "many", payload: [UInt8](repeating: 1, count: 1 << 20))
                }
                await bench.expect(.payloadTooLarge) { _ = try await bench.store.enqueue(batch, in: bench.queue) }
                #expect(try await bench.status().enqueued == 2)
                #expect(await bench.store.health().facts["reconnects"] == before)
            }
        }
    }

    @Test func aServerThatTakesSmallerTextsThanTheStoreIsRefused() async throws {
        try await ServerProcess.run(["--proto-max-bulk-len", "1mb"]) { server in
            var options = SharedServer.freshOptions()
            options.maxPayloadBytes = 2 << 20
            let error = await #expect(throws: ProcessingError.self) {
                try await RedisProcessingStore.open(server.url, options: options)
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("proto-max-bulk-len") == true)
        }
    }
}
