import Foundation
import Processing
import ProcessingSQLite
import Testing

/// Workers in processes of their own, and what is done to them.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct WorkerProcessTests {
    @Test(arguments: Stand.Place.present)
    func jobsOfAKilledWorkerRunAgainElsewhereAndAllOthersOnce(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
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

    @Test(arguments: Stand.Place.present)
    func aWorkerThatSleptThroughItsLeaseCommitsNothing(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            // Longer than it can take to stop the worker where it locks nothing.
            try await stand.add([1]) { $0.first = 20_000 }
            let first = try stand.start("work", "--workers", "1", "--lease", "1")
            _ = try await stand.log.first(1, "start")
            await stand.freeze(first)
            let second = try stand.start("work", "--workers", "1", "--lease", "1")
            _ = try await stand.log.first(1, "end")
            second.send(SIGTERM)
            #expect(try await second.end().output.contains("done 1,"))
            first.send(SIGCONT)
            first.send(SIGTERM)
            let ending = try await first.end()
            #expect(ending.status == 0)
            #expect(ending.output.contains("done 0,"))
            let status = try await stand.status()
            #expect([status.done, status.enqueued, status.accounted] as [Int] == [1, 1, 1])
        }
    }

    @Test(arguments: Stand.Place.present)
    func jobsThatBlockAllThreadsKeepTheirLeases(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            try await stand.add(1...8) {
                $0.first = 3000
                $0.blocks = true
            }
            let busy = try stand.start("work", "--workers", "8", "--lease", "1")
            _ = try await stand.log.first(2, "start")
            let idle = try stand.start(
                "work",
                "--workers",
                "1",
                "--lease",
                "1",
                "--queue",
                "other",
                "--queue",
                "default"
            )
            let first = try await stand.log.first(4, "end")
            #expect(first.allSatisfy { $0.attempt == 1 })
            #expect(try await stand.status().expiredLeases == 0)
            for child in [busy, idle] { child.send(SIGKILL) }
            for child in [busy, idle] { try await child.end() }
        }
    }

    @Test(arguments: Stand.Place.present)
    func aJobThatKillsItsWorkersIsBuriedAndTheNextOneRuns(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            try await stand.add([1], maxAttempts: 2) { $0.kills = true }
            for _ in 1...2 {
                let victim = try stand.start("work", "--workers", "1", "--lease", "1")
                #expect(try await victim.end().wasKilled)
            }
            // Long after the lease of the second victim has run out.
            try await stand.add([2], delay: .seconds(4))
            let survivor = try stand.start("work", "--workers", "1", "--lease", "1")
            _ = try await stand.log.first(1, "end")
            survivor.send(SIGTERM)
            try await survivor.end()
            let letters = try await stand.store.deadLetters(in: "default", after: nil, limit: 9)
            #expect(letters.map(\.reason) == [.leaseExpired])
            let status = try await stand.status()
            #expect(status.done == 1)
            #expect(status.accounted == status.enqueued)
            #expect(stand.log.events("start").filter { $0.number == 1 }.map(\.attempt) == [1, 2])
        }
    }

    @Test(arguments: Stand.Place.present)
    func aTerminatedWorkerFinishesWhatItRunsAndClaimsNothingMore(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            let gate = try ProbeGate(in: stand.folder)
            try await stand.add(1...20) { $0.gate = gate.path }
            let worker = try stand.start("work", "--workers", "10", "--grace", "50")
            _ = try await stand.log.first(10, "start")
            worker.send(SIGTERM)
            try await worker.says("stopping")
            // Only now can they end, when nothing more is claimed; there is enough for those that must not begin as well.
            gate.pass(20)
            let ending = try await worker.end()
            withExtendedLifetime(gate) {}
            #expect(ending.status == 0)
            #expect(ending.output.contains("done 10,"))
            let status = try await stand.status()
            #expect([status.done, status.totalWaiting, status.running, status.retried] as [Int] == [10, 10, 0, 0])
            #expect(stand.log.events("start").count == 10)
        }
    }

    @Test(arguments: Stand.Place.present)
    func aTerminatedWorkerHandsBackWhatDoesNotEndWithinTheGrace(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            try await stand.add(1...10) { $0.first = 60_000 }
            let worker = try stand.start("work", "--workers", "6", "--grace", "1")
            _ = try await stand.log.first(6, "start")
            worker.send(SIGTERM)
            let ending = try await worker.end()
            #expect(ending.status == 0)
            #expect(ending.output.contains("released 6,"))
            let status = try await stand.status()
            #expect([status.done, status.totalWaiting, status.running, status.retried] as [Int] == [0, 10, 0, 0])
            #expect(stand.log.events("start").count == 6)
        }
    }

    @Test(arguments: Stand.Place.present)
    func aSecondSignalEndsAWorkerAtOnceAndLosesNothing(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            try await stand.add(1...4) { $0.first = 60_000 }
            let worker = try stand.start("work", "--workers", "4", "--lease", "1")
            _ = try await stand.log.first(4, "start")
            worker.send(SIGTERM)
            worker.send(SIGINT)
            #expect(try await worker.end().status == 130)
            let next = try stand.start("work", "--workers", "4", "--lease", "1")
            let ends = try await stand.log.first(4, "end")
            #expect(Set(ends.map(\.number)) == [1, 2, 3, 4])
            #expect(ends.allSatisfy { $0.attempt == 2 })
            next.send(SIGTERM)
            try await next.end()
            #expect(try await stand.status().done == 4)
        }
    }

    @Test(arguments: Stand.Place.present)
    func ofManyProcessesThatRetryOneOperationOneRunsIt(_ place: Stand.Place) async throws {
        try await Stand.with(place) { stand in
            let payload = try JSONEncoder().encode(Stand.Probe(log: stand.log.path, number: 1, first: 10, later: 1500))
            let request = EmergencyRequest(
                operation: "probe",
                payload: Array(payload),
                failure: "the database was down"
            )
            _ = try await stand.store.beginEmergency(request)
            let retries = try (0..<4).map { _ in try stand.start("retry", request.id.rawValue) }
            var outputs: [String] = []
            for retry in retries { outputs.append(try await retry.end().output) }
            #expect(outputs.filter { $0.contains("  resolved") }.count == 1)
            #expect(outputs.filter { $0.contains("already re") }.count == 3)
            #expect(stand.log.events("start").count == 1)
            #expect(try await stand.store.emergencies(expiringWithin: nil, limit: 9) == [])
        }
    }

    @Test func anOperationWhoseProcessIsKilledIsBackedUpAndCanBeTriedAgain() async throws {
        try await Stand.with { stand in
            let child = try Child(arguments: ["critical", stand.folder + "/jobs.db", stand.log.path])
            _ = try await stand.log.first(1, "start")
            child.send(SIGKILL)
            #expect(try await child.end().wasKilled)
            let backup = try #require(try await stand.store.emergencies(expiringWithin: nil, limit: 9).first)
            #expect(backup.status == .pending)
            #expect(backup.operation == "probe")
            // Nobody renews its lease any more.
            let stolen = try await stand.claimWhenFree(backup.id)
            #expect(stolen.emergency.payload == backup.payload)
        }
    }
}
