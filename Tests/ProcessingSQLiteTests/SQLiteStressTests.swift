import EphemeralTesting
import Foundation
import Processing
import ProcessingSQLite
import ProcessingTesting
import Testing

/// Many callers of one file at once; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct SQLiteStressTests {
    /// The number of jobs of a test.
    private static var jobs: Int {
        (ProcessInfo.processInfo.environment["EPHEMERAL_STRESS_OPERATIONS"].flatMap { Int($0) } ?? 50_000) / 25
    }

    @Test func nothingIsLostOrDoneTwiceByWorkersThatFailAndGetLost() async throws {
        let folder = try Folder()
        let time = ManualTimeSource()
        let subject = StoreConformance.Subject(try folder.store(time: time), time: time)
        let seen = try await StoreConformance.stress(subject, jobs: Self.jobs, producers: 4, workers: 8, seed: 11)
        #expect(seen.done + seen.dead == seen.enqueued)
        #expect(seen.enqueued == Self.jobs / 4 * 4)
        await subject.store.shutdown()
    }

    @Test func twoStoresOnOneFileLoseNothing() async throws {
        let folder = try Folder()
        let stores = [try folder.store(), try folder.store()]
        let count = Self.jobs / 4
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores {
                group.addTask { for _ in 0..<count { try await store.add("a") } }
            }
            try await group.waitForAll()
        }
        let claimed = try await withThrowingTaskGroup(of: [JobID].self) { group in
            for store in stores {
                group.addTask {
                    var ids: [JobID] = []
                    while true {
                        let jobs = try await store.take(7)
                        if jobs.isEmpty { return ids }
                        let outcomes = try await store.settle(jobs.map { JobSettlement($0.lease, .done) })
                        #expect(outcomes.allSatisfy { $0 == .done })
                        ids += jobs.map(\.job.id)
                    }
                }
            }
            return try await group.reduce([], +)
        }
        #expect(claimed.count == 2 * count)
        #expect(Set(claimed).count == 2 * count)
        for store in stores { await store.shutdown() }
    }
}
