internal import EphemeralTesting
internal import EphemeralTime
internal import Processing
internal import Synchronization

/// Producers, and workers that fail, get lost, take too long, reap and look, all at once.
final class StoreLoad: Sendable {
    private struct Seen {
        var commits: [JobID: Int] = [:]
        var producersLeft = 0
    }

    private let stage: StoreStage
    private let seed: UInt64
    private let seen = Mutex(Seen())

    init(stage: StoreStage, seed: UInt64) {
        self.stage = stage
        self.seed = seed
    }

    /// How many reports of success were accepted, by job.
    var commits: [JobID: Int] { seen.withLock { $0.commits } }

    /// Stores all jobs while they are worked on, until nothing is left to be done.
    func run(producers: Int, workers: Int, jobs: Int) async throws {
        seen.withLock { $0.producersLeft = producers }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for producer in 0..<producers {
                let share = jobs / producers
                group.addTask { try await self.produce(share, number: producer) }
            }
            for worker in 0..<workers {
                group.addTask { try await self.work(number: worker) }
            }
            try await group.waitForAll()
        }
    }

    private var isStored: Bool { seen.withLock { $0.producersLeft == 0 } }

    /// Whether nothing is left to be done.
    private func isOver() async throws -> Bool {
        // In this order: nothing is stored after the first reading.
        let isStored = isStored
        let status = try await stage.status()
        try stage.require(
            status.accounted == status.enqueued,
            "under load \(status.accounted) jobs are accounted for of \(status.enqueued)"
        )
        return isStored && status.done + status.dead == status.enqueued
    }

    private func produce(_ count: Int, number: Int) async throws {
        defer { seen.withLock { $0.producersLeft -= 1 } }
        var random = SplitMix64(seed: seed &+ UInt64(number))
        for item in 0..<count {
            let request = stage.request("\(number)-\(item)", JobPriority.allCases[random.next(below: 3)]) {
                $0.maxAttempts = 4
            }
            _ = try await stage.store.enqueue([request], in: stage.queue)
        }
    }

    private func work(number: Int) async throws {
        var random = SplitMix64(seed: seed &* 31 &+ UInt64(number))
        var rounds = 0
        while try await !isOver() {
            rounds += 1
            try stage.require(rounds < 20_000, "jobs are left that never come back")
            let jobs = try await stage.claim(1 + random.next(below: 4), lease: stage.unit)
            if jobs.isEmpty { try await stage.advance(1) }
            // A worker that is lost, with all that it holds.
            let isLost = random.next(below: 20) == 0
            for job in isLost ? [] : jobs {
                if random.next(below: 100) < 5 { try await outlive() }
                if random.next(below: 100) < 22 {
                    try await stage.settle(job, .retry(after: .zero, error: "busy"))
                } else {
                    try await commit(job)
                }
                if random.next(below: 4) == 0 { _ = try await isOver() }
            }
            try await stage.reap(lease: stage.unit)
            _ = try await stage.store.promoteDue(in: [stage.queue])
        }
    }

    /// Takes longer than the lease, and somebody notices.
    private func outlive() async throws {
        try await stage.advance(2)
        try await stage.reap(lease: stage.unit)
    }

    private func commit(_ job: ClaimedJob) async throws {
        guard try await stage.settle(job, .done) == .done else { return }
        seen.withLock { $0.commits[job.job.id, default: 0] += 1 }
    }
}
