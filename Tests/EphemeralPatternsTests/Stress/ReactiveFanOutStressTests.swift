import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import Foundation
import Synchronization
import Testing

/// The pipeline under many tasks at once, seeded; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReactiveFanOutStressTests {
    private static let seeds: [UInt64] = [1, 2, 3]
    private static let producers = 8
    private static var items: Int {
        let all = ProcessInfo.processInfo.environment["EPHEMERAL_STRESS_OPERATIONS"].flatMap { Int($0) } ?? 50_000
        return all / seeds.count / 2 / producers * producers
    }

    private let begun = Journal<Int>()
    private let accepted = Counts()
    private let done = Counts()
    private let dropped = Counts()

    /// A pipeline in which some items take a moment and some fail, in either stage.
    private func pipeline(_ seed: UInt64) throws -> ReactiveFanOutPipeline<Int> {
        var options = ReactiveFanOutOptions(stage1MaxConcurrency: 6, stage2MaxConcurrency: 3, sink: SignalSink())
        (options.backpressureThreshold, options.reliefThreshold) = (8, 2)
        options.adjustCooldown = .microseconds(300)
        options.stages.queueCapacity = 16
        options.stages.maxTrackedOperations = 32
        return try ReactiveFanOutPipeline(
            options: options,
            onDiscard: { item in dropped.add(item) },
            stage2Work: { item, _ in
                begun.record(item)
                done.add(item)
                if (item + Int(seed)).isMultiple(of: 5) { await Task.yield() }
                if (item + Int(seed)).isMultiple(of: 31) { throw Failure(number: item) }
            },
            preStageWork: { item, _ in
                if (item + Int(seed)).isMultiple(of: 7) { await Task.yield() }
                if (item + Int(seed)).isMultiple(of: 29) {
                    done.add(item)
                    throw Failure(number: item)
                }
            }
        )
    }

    /// Brings items from many tasks at once, and meanwhile does something else.
    private func produce(
        to pipeline: ReactiveFanOutPipeline<Int>,
        meanwhile: @escaping @Sendable () async throws -> Void
    ) async throws {
        let share = Self.items / Self.producers
        try await withThrowingTaskGroup { group in
            for producer in 0..<Self.producers {
                group.addTask {
                    for item in (producer * share)..<((producer + 1) * share) {
                        let isAccepted =
                            if item.isMultiple(of: 4) {
                                pipeline.tryEnqueue(item)
                            } else {
                                (try? await pipeline.enqueue(item)) != nil
                            }
                        if isAccepted { accepted.add(item) }
                    }
                }
            }
            group.addTask { try await meanwhile() }
            try await group.waitForAll()
        }
    }

    @Test(arguments: seeds)
    func noItemIsLostOrRepeatedUntilTheDrain(_ seed: UInt64) async throws {
        let pipeline = try pipeline(seed)
        try await produce(to: pipeline) {
            for _ in 0..<(Self.items / 4) {
                let stats = pipeline.stats
                let parts = [stats.pending, stats.active, stats.completed, stats.failed, stats.cancelled]
                #expect(parts.allSatisfy { $0 >= 0 } && parts.reduce(0, +) == stats.enqueued)
                await Task.yield()
            }
        }
        try await pipeline.drain()
        let stats = pipeline.stats
        #expect(done.items == accepted.items && done.areSingle)
        #expect(stats.enqueued == accepted.items.count && stats.completed + stats.failed == accepted.items.count)
        #expect(pipeline.isDrained && dropped.items.isEmpty)
        await pipeline.shutdown()
    }

    @Test(arguments: seeds)
    func everyItemIsAccountedForWhenItIsShutDownInTheMiddle(_ seed: UInt64) async throws {
        let pipeline = try pipeline(seed)
        try await produce(to: pipeline) {
            _ = try await begun.first(Self.items / 8)
            await pipeline.shutdown()
        }
        let stats = pipeline.stats
        #expect(pipeline.isDrained && stats.pending == 0 && stats.active == 0 && stats.enqueued == accepted.items.count)
        #expect(done.items.union(dropped.items) == accepted.items)
        #expect(done.items.isDisjoint(with: dropped.items) && dropped.areSingle)
    }
}

/// How often items were seen.
private final class Counts: Sendable {
    private let counts = Mutex<[Int: Int]>([:])

    var items: Set<Int> { counts.withLock { Set($0.keys) } }
    var areSingle: Bool { counts.withLock { $0.values.allSatisfy { $0 == 1 } } }

    func add(_ item: Int) { counts.withLock { $0[item, default: 0] += 1 } }
}
