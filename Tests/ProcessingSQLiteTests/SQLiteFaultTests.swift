import EphemeralTesting
import Foundation
import GRDB
import Processing
import Testing

@testable import ProcessingSQLite

/// Full disks, other processes, and the choice of durability.
@Suite(.timeLimit(.minutes(1)))
struct SQLiteFaultTests {
    /// A store that is full, and its jobs.
    private func full(_ folder: Folder) async throws -> (store: SQLiteProcessingStore, jobs: [JobID]) {
        let store = try folder.store { $0.maxFileBytes = 400 * 1024 }
        var jobs: [JobID] = []
        let payload = [UInt8](repeating: 0x31, count: 1000)
        do {
            while jobs.count < 10_000 {
                let requests = (0..<10).map { _ in JobRequest(operation: "a", payload: payload) }
                jobs += try await store.enqueue(requests, in: "default").map(\.id)
            }
        } catch let error as ProcessingError where error.code == .storeFull {
            return (store, jobs)
        }
        throw ProcessingError(code: .invalidArgument, message: "the store took \(jobs.count) jobs")
    }

    @Test func aFullStoreRefusesJobsAndBackups() async throws {
        let (store, jobs) = try await full(try Folder())
        #expect(jobs.count > 100)
        await #expect(throws: ProcessingError(code: .storeFull, message: "")) { try await store.add("a") }
        await #expect(throws: ProcessingError(code: .storeFull, message: "")) {
            _ = try await store.beginEmergency(EmergencyRequest(operation: "pay", payload: [1]))
        }
        #expect(try await store.status(of: ["default"])[0].enqueued == jobs.count)
        await store.shutdown()
    }

    @Test func aFullStoreCanBeWorkedOff() async throws {
        let (store, jobs) = try await full(try Folder())
        var seen: [JobID] = []
        while true {
            let claimed = try await store.take(16)
            if claimed.isEmpty { break }
            seen += claimed.map(\.job.id)
            let verdicts = claimed.enumerated().map { number, job in
                JobSettlement(job.lease, number.isMultiple(of: 5) ? .bury(.refused, error: "no") : .done)
            }
            #expect(try await store.settle(verdicts).allSatisfy { $0 != .leaseLost })
        }
        #expect(seen == jobs)
        try await store.add("a")
        let status = try await store.status(of: ["default"])[0]
        #expect(status.accounted == status.enqueued)
        #expect(status.enqueued == jobs.count + 1)
        await store.shutdown()
    }

    @Test func aHardLimitIsReportedAndEndsWithRoom() async throws {
        let folder = try Folder()
        let store = try folder.store()
        try await store.add("a")
        try await store.limitPages()
        let large = JobRequest(operation: "b", payload: [UInt8](repeating: 7, count: 200_000))
        let error = await #expect(throws: ProcessingError.self) { _ = try await store.enqueue([large], in: "default") }
        #expect(error?.code == .storeFull)
        #expect(try await store.status(of: ["default"])[0].enqueued == 1)
        await store.shutdown()
    }

    @Test func ofChangesThatShareACommitOnlyTheWrongOneFails() async throws {
        let folder = try Folder()
        let store = try folder.store()
        try await store.add("first")
        try await store.limitPages()
        let answers = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let size = number == 3 ? 300_000 : 10
                    let request = JobRequest(operation: "\(number)", payload: [UInt8](repeating: 7, count: size))
                    return (try? await store.enqueue([request], in: "default")) != nil
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0 }.count == 7)
        #expect(try await store.status(of: ["default"])[0].enqueued == 8)
        await store.shutdown()
    }

    @Test func twoConnectionsToOneFileShareTheWork() async throws {
        let folder = try Folder()
        let (one, other) = (try folder.store(), try folder.store())
        let claim = Task { try await other.take(1, patience: .seconds(20)) }
        let ids = try await one.add("a")
        let jobs = try await claim.value
        #expect(jobs.map(\.job.id) == ids)
        #expect(try await one.take() == [])
        #expect(try await one.settle([JobSettlement(jobs[0].lease, .done)]) == [.done])
        #expect(try await other.settle([JobSettlement(jobs[0].lease, .done)]) == [.leaseLost])
        await one.shutdown()
        await other.shutdown()
    }

    @Test func fullDurabilityIsWhatTheFileIsOpenedWith() async throws {
        let store = try Folder().store()
        let facts = await store.health().facts
        #expect(facts["synchronous"] == "2")
        #expect(facts["journal_mode"] == "wal")
        await store.shutdown()
    }

    @Test func noQueryLooksAtAllJobs() async throws {
        let store = try Folder().store()
        let statements = Journal<String>()
        try await store.writer.perform { transaction in
            transaction.db.trace { if case .statement(let statement) = $0 { statements.record(statement.expandedSQL) } }
        }
        let ids = try await store.add("a", "b", "c")
        for verdict in [JobVerdict.done, .retry(after: .zero, error: ""), .bury(.refused, error: "")] {
            let job = try #require(try await store.take().first)
            _ = try await store.settle([JobSettlement(job.lease, verdict)])
        }
        _ = try await store.promoteDue(in: ["default"])
        let lease = try #require(try await store.take(lease: .nanoseconds(1)).first).lease
        let heartbeat = Heartbeat(worker: .next(), queues: ["default"], leases: [lease], lease: .nanoseconds(1))
        _ = try await store.heartbeat(heartbeat)
        _ = try await store.reapExpired(in: ["default"], lease: .zero)
        _ = try await store.status(of: ["default"])
        _ = try await store.deadLetters(in: "default", after: ids[0], limit: 9)
        _ = try await store.requeueDeadLetters(.jobs(ids), in: "default")
        let queries = Set(statements.elements).filter { $0.contains(" job ") && !$0.contains("EXPLAIN") }
        #expect(queries.count > 15)
        let plans = try await store.writer.perform { transaction in
            try queries.map { query in
                let steps = try Row.fetchAll(transaction.db, sql: "EXPLAIN QUERY PLAN " + query)
                return (query: query, steps: steps.map { $0["detail"] as String })
            }
        }
        for plan in plans {
            let scans = plan.steps.filter { $0.hasPrefix("SCAN job") && !$0.contains("USING") }
            #expect(scans.isEmpty, "\(plan.query): \(plan.steps)")
        }
        await store.shutdown()
    }

    @Test func claimsAloneNeedNoSyncAndEndsOfAttemptsDo() async throws {
        let store = try Folder().store()
        func synchronous(durably isDurable: Bool) async throws -> String? {
            try await store.writer.perform(durably: isDurable) { transaction in
                try String.fetchOne(transaction.db, sql: "PRAGMA synchronous")
            }
        }
        #expect(try await synchronous(durably: false) == "1")
        #expect(try await synchronous(durably: true) == "2")
        await store.shutdown()
    }

    @Test func relaxedDurabilityTakesNoBackups() async throws {
        let store = try Folder().store { $0.durability = .relaxed }
        try await store.add("a")
        await #expect(throws: ProcessingError(code: .storeRefused, message: "")) {
            _ = try await store.beginEmergency(EmergencyRequest(operation: "pay", payload: [1]))
        }
        let health = await store.health()
        #expect(health.isHealthy)
        #expect(health.warnings.contains { $0.contains("relaxed") })
        await store.shutdown()
    }

    @Test func aJobThatIsStoredTwiceUnderOneIdentityIsOne() async throws {
        let store = try Folder().store()
        let request = JobRequest(operation: "a", payload: [1])
        #expect(try await store.enqueue([request], in: "default").map(\.isDuplicate) == [false])
        #expect(try await store.enqueue([request], in: "default").map(\.isDuplicate) == [true])
        #expect(try await store.status(of: ["default"])[0].enqueued == 1)
        await store.shutdown()
    }
}

extension SQLiteProcessingStore {
    /// Allows the file a few pages more than it has, as a disk that is nearly full.
    fileprivate func limitPages() async throws {
        try await writer.perform { transaction in
            let pages = try Int.fetchOne(transaction.db, sql: "PRAGMA page_count") ?? 0
            try transaction.db.execute(sql: "PRAGMA max_page_count = \(pages + 10)")
        }
    }
}
