import EphemeralTesting
import Foundation
import Processing
import ProcessingTesting
import Testing

/// Many callers of the store in memory at once; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct MemoryStoreStressTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func nothingIsLostOrDoneTwiceByWorkersThatFailAndGetLost(_ seed: UInt64) async throws {
        let operations = ProcessInfo.processInfo.environment["EPHEMERAL_STRESS_OPERATIONS"].flatMap { Int($0) }
        let jobs = (operations ?? 50_000) / 12
        let time = ManualTimeSource()
        let subject = StoreConformance.Subject(MemoryProcessingStore(time: time), time: time)
        let seen = try await StoreConformance.stress(subject, jobs: jobs, producers: 4, workers: 8, seed: seed)
        #expect(seen.done + seen.dead == seen.enqueued)
        #expect(seen.enqueued == jobs / 4 * 4)
        #expect(seen.dead > 0)
        await subject.store.shutdown()
    }
}
