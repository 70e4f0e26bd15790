import Ephemeral
import EphemeralTesting
import Testing

/// Many tasks at once, seeded; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct CoordinatorStressTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]
    private let load = StressLoad()

    /// Producers, a disturber and a reader at once, until all items have been brought.
    private func run(_ coordinator: WorkCoordinator<Int>, seed: UInt64, shutdownAfter: Int?) async throws {
        let share = max(1, StressLoad.operations / Self.seeds.count / 2 / StressLoad.producers)
        let load = load
        try await withThrowingTaskGroup { group in
            for producer in 0..<StressLoad.producers {
                let items = (producer * share)..<((producer + 1) * share)
                group.addTask { await load.produce(items, into: coordinator, seed: seed &+ UInt64(producer)) }
            }
            group.addTask { try await load.disturb(coordinator, times: share, seed: seed &* 31) }
            group.addTask {
                for _ in 0..<share {
                    let stats = coordinator.stats
                    #expect(stats.isConsistent, "\(stats)")
                    #expect(stats.active <= StressLoad.highestLimit)
                    if shutdownAfter == nil { #expect(!coordinator.isDrained) }
                    await Task.yield()
                }
            }
            if let shutdownAfter {
                group.addTask {
                    _ = try await load.begun.first(shutdownAfter)
                    await coordinator.shutdown()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test(arguments: seeds)
    func nothingIsLostAndNothingRunsTwiceUntilTheDrain(_ seed: UInt64) async throws {
        let coordinator = try load.coordinator(seed: seed)
        try await run(coordinator, seed: seed, shutdownAfter: nil)
        try await coordinator.drain()
        let stats = coordinator.stats
        #expect(coordinator.isDrained)
        #expect(stats.isConsistent && stats.pending == 0 && stats.active == 0 && stats.cancelled == 0, "\(stats)")
        #expect(load.accepted.count == stats.enqueued)
        #expect(Set(load.runs.keys) == load.accepted)
        #expect(load.runs.values.allSatisfy { $0 == 1 })
        #expect(load.mostRunning <= StressLoad.highestLimit)
        #expect(coordinator.snapshot().count <= 32)
        await coordinator.shutdown()
    }

    @Test(arguments: seeds)
    func nothingIsLostAndNothingRunsTwiceWhenShutDownInTheMiddle(_ seed: UInt64) async throws {
        let coordinator = try load.coordinator(seed: seed)
        try await run(coordinator, seed: seed, shutdownAfter: StressLoad.operations / 32)
        let stats = coordinator.stats
        #expect(coordinator.isDrained)
        #expect(stats.isConsistent && stats.pending == 0 && stats.active == 0, "\(stats)")
        #expect(load.accepted.count == stats.enqueued)
        #expect(Set(load.runs.keys).isSubset(of: load.accepted))
        #expect(load.runs.values.allSatisfy { $0 == 1 })
        #expect(load.runs.count == stats.completed + stats.failed)
        #expect(load.mostRunning <= StressLoad.highestLimit)
    }

    @Test func forEachRunsEveryElementOnceAndTakesFewAhead() async throws {
        let count = StressLoad.operations
        let (taken, ended) = (Journal<Int>(), Journal<Int>())
        let summary = try await Counting(1...count, taken).forEach(options: EphemeralOptions(maxConcurrency: 8)) {
            element in
            #expect(taken.count <= ended.count + 8 + 32)
            ended.record(element)
        }
        #expect(summary.completed == count)
        #expect(ended.elements.sorted() == Array(1...count))
    }
}
