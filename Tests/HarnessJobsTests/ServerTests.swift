import Foundation
import Processing
import Testing

/// Operators and workers at a store on a server.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ServerTests {
    @Test func anOperatorSeesAndMendsAStoreOnAServer() async throws {
        try await Stand.onServer { stand in
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

    @Test func anOperatorRetriesAnEmergencyOnAServer() async throws {
        try await Stand.onServer { stand in
            let request = EmergencyRequest(operation: "pay", payload: [0x31], failure: "timeout")
            _ = try await stand.store.beginEmergency(request)
            let listed = try await JobsCommandTests.run("emergencies", "--store", stand.address)
            #expect(listed.output.contains(request.id.rawValue) && listed.output.contains("timeout"))
            var processors = ProcessorRegistry()
            try processors.register("pay") { (_: Int, _) in }
            let done = try await JobsCommandTests.run(
                "retry",
                request.id.rawValue,
                "--store",
                stand.address,
                processors: processors
            )
            #expect(done.output == "\(request.id)  resolved\n")
        }
    }

    @Test func jobsOfAKilledWorkerRunAgainElsewhereAndAllOthersOnce() async throws {
        try await Stand.onServer { stand in
            try await stand.add(1...64) { $0.first = $0.number <= 8 ? 60_000 : 0 }
            let first = try stand.start("work", "--workers", "8", "--lease", "2")
            _ = try await stand.log.first(8, "start")
            first.send(SIGKILL)
            #expect(try await first.end().wasKilled)
            let second = try stand.start("work", "--workers", "8", "--lease", "2")
            _ = try await stand.log.first(64, "end")
            second.send(SIGTERM)
            #expect(try await second.end().status == 0)
            let starts = Dictionary(grouping: stand.log.events("start"), by: \.number).mapValues { $0.map(\.attempt) }
            #expect(starts.filter { $0.value == [1, 2] }.keys.sorted() == Array(1...8))
            #expect(starts.filter { $0.value == [1] }.keys.sorted() == Array(9...64))
            let status = try await stand.status()
            #expect([status.done, status.enqueued, status.accounted] as [Int] == [64, 64, 64])
            #expect(status.expiredLeases == 8)
        }
    }

    @Test func aWorkerThatSleptThroughItsLeaseCommitsNothing() async throws {
        try await Stand.onServer { stand in
            try await stand.add([1]) { $0.first = 1500 }
            let first = try stand.start("work", "--workers", "1", "--lease", "1")
            _ = try await stand.log.first(1, "start")
            first.send(SIGSTOP)
            let second = try stand.start("work", "--workers", "1", "--lease", "1")
            _ = try await stand.log.first(1, "end")
            second.send(SIGTERM)
            #expect(try await second.end().output.contains("done 1,"))
            first.send(SIGCONT)
            first.send(SIGTERM)
            #expect(try await first.end().output.contains("done 0,"))
            let status = try await stand.status()
            #expect([status.done, status.enqueued, status.accounted] as [Int] == [1, 1, 1])
        }
    }

    @Test func jobsThatBlockAllThreadsKeepTheirLeases() async throws {
        try await Stand.onServer { stand in
            try await stand.add(1...8) {
                $0.first = 3000
                $0.blocks = true
            }
            let busy = try stand.start("work", "--workers", "8", "--lease", "1")
            _ = try await stand.log.first(2, "start")
            let idle = try stand.start("work", "--workers", "1", "--lease", "1")
            let first = try await stand.log.first(4, "end")
            #expect(first.allSatisfy { $0.attempt == 1 })
            #expect(try await stand.status().expiredLeases == 0)
            for child in [busy, idle] { child.send(SIGKILL) }
            for child in [busy, idle] { try await child.end() }
        }
    }

    @Test func ofManyProcessesThatRequeueOneDeadLetterOneDoes() async throws {
        try await Stand.onServer { stand in
            let id = try await JobsCommandTests.bury(stand)
            let requeues = try (0..<8).map { _ in try stand.start("requeue", id.rawValue) }
            var outputs: [String] = []
            for requeue in requeues { outputs.append(try await requeue.end().output) }
            #expect(outputs.filter { $0.hasPrefix("requeued 1 ") }.count == 1)
            #expect(outputs.filter { $0.hasPrefix("requeued 0 ") }.count == 7)
            #expect(try await stand.status().totalWaiting == 1)
        }
    }

    @Test func ofManyProcessesThatRetryOneOperationOneRunsIt() async throws {
        try await Stand.onServer { stand in
            let payload = try JSONEncoder().encode(Stand.Probe(log: stand.log.path, number: 1, first: 10, later: 1500))
            let request = EmergencyRequest(
                operation: "probe",
                payload: Array(payload),
                failure: "the database was down"
            )
            _ = try await stand.store.beginEmergency(request)
            let retries = try (0..<8).map { _ in try stand.start("retry", request.id.rawValue) }
            var outputs: [String] = []
            for retry in retries { outputs.append(try await retry.end().output) }
            #expect(outputs.filter { $0.contains("  resolved") }.count == 1)
            #expect(outputs.filter { $0.contains("already re") }.count == 7)
            #expect(stand.log.events("start").count == 1)
        }
    }

    @Test func aTerminatedWorkerFinishesWhatItCanAndHandsTheRestBack() async throws {
        try await Stand.onServer { stand in
            try await stand.add(1...20) { $0.first = $0.number <= 10 ? 500 : 60_000 }
            let worker = try stand.start("work", "--workers", "16", "--grace", "3")
            _ = try await stand.log.first(16, "start")
            worker.send(SIGTERM)
            let ending = try await worker.end()
            #expect(ending.status == 0)
            #expect(ending.output.contains("done 10,") && ending.output.contains("released 6,"))
            let status = try await stand.status()
            #expect([status.done, status.totalWaiting, status.running, status.retried] as [Int] == [10, 10, 0, 0])
        }
    }
}
