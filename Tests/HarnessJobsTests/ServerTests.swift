import Processing
import Testing

/// Operators at a store on a server.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ServerTests {
    @Test func anOperatorSeesAndMendsAStoreOnAServer() async throws {
        try await Stand.with(.server) { stand in
            let id = try await JobsCommandTests.bury(stand)
            try await stand.add(1...3)
            let status = try await JobsCommandTests.run("status", "--store", stand.address)
            #expect(status.output.contains("default  0     3       0    0        0        1     0     0"))
            let dead = try await JobsCommandTests.run("dead", "--store", stand.address)
            #expect(dead.output.contains(id.rawValue) && dead.output.contains("refused"))
            let requeued = try await JobsCommandTests.run("requeue", "--all", "--store", stand.address)
            #expect(requeued.output == "requeued 1 of queue 'default'\n")
            #expect(try await stand.status().totalWaiting == 4)
        }
    }

    @Test func ofManyProcessesThatRequeueOneDeadLetterOneDoes() async throws {
        try await Stand.with(.server) { stand in
            let id = try await JobsCommandTests.bury(stand)
            let requeues = try (0..<8).map { _ in try stand.start("requeue", id.rawValue) }
            var outputs: [String] = []
            for requeue in requeues { outputs.append(try await requeue.end().output) }
            #expect(outputs.filter { $0.hasPrefix("requeued 1 ") }.count == 1)
            #expect(outputs.filter { $0.hasPrefix("requeued 0 ") }.count == 7)
            #expect(try await stand.status().totalWaiting == 1)
        }
    }
}
