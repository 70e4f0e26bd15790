import Processing
import Testing

@testable import ProcessingRedis

/// The names of workers on the server, which are new with every start of a worker.
@Suite(.timeLimit(.minutes(1)))
struct WorkerNamesTests {
    /// Claims and ends a job as a worker that is then gone, and claims another one as a worker that goes on.
    private static func leave(
        _ bench: StoreBench,
        then body: (_ gone: WorkerID, _ held: ClaimedJob) async throws -> Void
    ) async throws {
        let gone = WorkerID.next()
        try await bench.enqueue("1", "2")
        let request = ClaimRequest(worker: gone, queues: [bench.queue], count: 1, lease: .seconds(60))
        let last = try #require(try await bench.store.claim(request).first)
        #expect(try await bench.settle(last, .done) == .done)
        try await body(gone, try #require(try await bench.claim().first))
    }

    /// The names that the server knows for a queue.
    private static func names(_ bench: StoreBench) async throws -> Set<String> {
        let stream = "\(bench.options.queuePrefix){\(bench.queue)}:s:normal"
        let reply = try await bench.ask("XINFO", "CONSUMERS", stream, "g")
        return Set((reply.elements ?? []).compactMap { $0.value(of: "name")?.string })
    }

    @Test func aWorkerThatIsGoneIsForgottenAndOneWithAJobIsNot() async throws {
        // Nobody is young enough to be kept.
        try await StoreBench.run(try SharedServer.url()) {
            $0.workerMemory = .seconds(-1)
        } body: { bench in
            try await Self.leave(bench) { gone, held in
                #expect(try await Self.names(bench) == [gone.rawValue, bench.worker.rawValue])
                #expect(try await bench.store.reapExpired(in: [bench.queue], lease: .seconds(60)) == ReapReport())
                #expect(try await Self.names(bench) == [bench.worker.rawValue])
                // Its jobs would be gone with it.
                #expect(try await bench.settle(held, .done) == .done)
                let status = try await bench.status()
                #expect([status.done, status.accounted] == [2, 2])
            }
        }
    }

    @Test func aWorkerIsRememberedForAMinute() async throws {
        try await StoreBench.run(try SharedServer.url()) { bench in
            try await Self.leave(bench) { gone, _ in
                _ = try await bench.store.reapExpired(in: [bench.queue], lease: .seconds(1))
                #expect(try await Self.names(bench) == [gone.rawValue, bench.worker.rawValue])
            }
        }
    }
}
