import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Synchronization
import Testing

/// Atoms under many tasks at once, seeded; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct AtomStressTests {
    private static let seeds: [UInt64] = [1, 2, 3]
    private static var items: Int { AtomLedger.operations / seeds.count / 4 }
    private let ledger = AtomLedger()

    @Test(arguments: seeds)
    func noItemIsRetriedTooOftenOrLost(_ seed: UInt64) async throws {
        var options = EphemeralOptions(maxConcurrency: 4)
        options.queueCapacity = 64
        options.maxTrackedOperations = 32
        var policy = RetryPolicy(maxAttempts: 3)
        policy.backoff = { failures in failures == 1 ? .zero : .microseconds(50) }
        let atom = try RetryAtom<Int>(options: options, policy: policy) { [ledger] item, attempt in
            #expect(ledger.begin(item) == attempt.number)
            defer { ledger.leave() }
            let chance = percentile(of: item, seed: seed)
            if chance < 20 { await Task.yield() }
            if chance >= 70, attempt.number <= Int(chance) % 4 { throw Failure(number: item) }
            ledger.end(item)
        }
        try await ledger.produce(Self.items) { item in
            if percentile(of: item, seed: seed &+ 7) < 20 { return atom.tryEnqueue(item) }
            try await atom.enqueue(item)
            return true
        } meanwhile: {
            for _ in 0..<Self.items {
                #expect(atom.stats.isConsistent)
                await Task.yield()
            }
        }
        try await atom.drain()
        let stats = atom.stats
        #expect(stats.isConsistent && stats.pending == 0 && stats.active == 0)
        #expect(stats.enqueued == ledger.accepted.count)
        #expect(Set(ledger.begun.keys) == ledger.accepted)
        #expect(ledger.ended.count == stats.completed && ledger.ended.values.allSatisfy { $0 == 1 })
        #expect(ledger.begun.values.allSatisfy { $0 <= 3 })
        #expect(ledger.mostRunning <= 4 && atom.snapshot().count <= 32)
        await atom.shutdown()
    }

    @Test(arguments: seeds)
    func aRetryingAtomThatIsShutDownInTheMiddleAccountsForEverything(_ seed: UInt64) async throws {
        let begun = Journal<Int>()
        let atom = try RetryAtom<Int>(
            options: EphemeralOptions(maxConcurrency: 4),
            onDiscard: { [ledger] in ledger.drop($0) }
        ) {
            [ledger] item, _ in
            _ = ledger.begin(item)
            begun.record(item)
            if percentile(of: item, seed: seed) < 30 { throw Failure(number: item) }
        }
        try await ledger.produce(Self.items) { item in
            (try? await atom.enqueue(item)) != nil
        } meanwhile: {
            _ = try await begun.first(Self.items / 8)
            await atom.shutdown()
        }
        let stats = atom.stats
        #expect(atom.isDrained && stats.isConsistent && stats.pending == 0 && stats.active == 0)
        #expect(stats.enqueued == ledger.accepted.count)
        #expect(Set(ledger.begun.keys).union(ledger.dropped.keys) == ledger.accepted)
        #expect(ledger.dropped.values.allSatisfy { $0 == 1 })
    }

    @Test(arguments: seeds)
    func everyItemIsInOneBatchInTheOrderOfItsProducer(_ seed: UInt64) async throws {
        var options = BatchingOptions(maxBatchSize: 7, flushInterval: .microseconds(200))
        options.maxBuffered = 64
        let share = max(1, Self.items / AtomLedger.producers)
        let last = Mutex<[Int: Int]>([:])
        let atom = try BatchingAtom<Int>(options: options) { [ledger] batch, _ in
            #expect(!batch.isEmpty && batch.count <= 7)
            for item in batch {
                #expect(ledger.begin(item) == 1)
                let former = last.withLock { $0.updateValue(item, forKey: item / share) }
                #expect(former ?? -1 < item)
                ledger.end(item)
                ledger.leave()
            }
            if percentile(of: batch[0], seed: seed) < 30 { await Task.yield() }
            if percentile(of: batch[0], seed: seed &+ 1) < 10 { throw Failure() }
        }
        try await ledger.produce(Self.items) { item in
            if percentile(of: item, seed: seed &+ 7) < 50 { return try atom.enqueue(item) }
            try await atom.enqueueWhenThereIsRoom(item)
            return true
        } meanwhile: {
            for _ in 0..<100 { try await atom.flush() }
        }
        try await atom.drain()
        let stats = atom.stats
        #expect(Set(ledger.ended.keys) == ledger.accepted && stats.enqueued == ledger.accepted.count)
        #expect(stats.enqueued == stats.delivered + stats.failed && stats.buffered == 0 && stats.running == 0)
        #expect(ledger.mostRunning == 1)
        await atom.shutdown()
    }

    @Test(arguments: seeds)
    func anItemThatIsAcceptedWhileTheBatchesAreDrainedIsHandedOver(_ seed: UInt64) async throws {
        let begun = Journal<Int>()
        let options = BatchingOptions(maxBatchSize: 5, flushInterval: .microseconds(100))
        let atom = try BatchingAtom<Int>(options: options) { [ledger] batch, _ in
            for item in batch { ledger.end(item) }
            begun.record(batch.count)
            if percentile(of: batch[0], seed: seed) < 30 { await Task.yield() }
        }
        try await ledger.produce(Self.items) { item in
            if item.isMultiple(of: 8) { await Task.yield() }
            return (try? atom.enqueue(item)) ?? false
        } meanwhile: {
            _ = try await begun.first(Int(seed) * 3)
            await atom.shutdown()
        }
        #expect(Set(ledger.ended.keys) == ledger.accepted && ledger.ended.values.allSatisfy { $0 == 1 })
        #expect(atom.stats.delivered == ledger.accepted.count)
    }

    @Test(arguments: seeds)
    func noItemIsLostOrProcessedTwiceAcrossFailovers(_ seed: UInt64) async throws {
        let sink = SignalSink()
        let members = try (1...3).map { priority in
            var options = PriorityProcessorOptions(failureThreshold: 3, maxConcurrency: 3)
            options.probeInterval = .microseconds(200)
            options.queueCapacity = 64
            if priority == 2 { options.probe = { true } }
            return try PriorityProcessorAtom(priority: priority, signals: sink, options: options) { [ledger] id, _ in
                let item = Int(id) ?? 0
                _ = ledger.begin(item)
                defer { ledger.leave() }
                let chance = percentile(of: item, seed: seed &+ UInt64(priority))
                if chance < 20 { await Task.yield() }
                if item / 64 % (priority + 1) == 0, chance < 80, priority < 3 { throw Failure(number: item) }
                ledger.end(item)
            }
        }
        try await ledger.produce(Self.items) { item in
            let member = members[percentile(of: item, seed: seed) < 80 ? 0 : 1]
            if item.isMultiple(of: 5) { return member.tryEnqueue(String(item)) }
            try await member.enqueue(String(item))
            return true
        } meanwhile: {
            for number in 0..<Self.items {
                #expect(members[0].groupStats.isConsistent)
                if number.isMultiple(of: 50) { members[number / 50 % 2].resetHealth() }
                await Task.yield()
            }
        }
        for member in members { try await member.drain() }
        let stats = members[0].groupStats
        #expect(stats.isConsistent && stats.pending == 0 && stats.active == 0 && stats.cancelled == 0)
        #expect(stats.enqueued == ledger.accepted.count)
        #expect(Set(ledger.begun.keys) == ledger.accepted)
        #expect(ledger.ended.count == stats.completed && ledger.ended.values.allSatisfy { $0 == 1 })
        #expect(members.contains { $0.stats.forwarded > 0 })
        for member in members { await member.shutdown() }
    }
}

extension CoordinatorStats {
    /// Whether every operation is counted exactly once.
    var isConsistent: Bool {
        let parts = [pending, active, completed, failed, cancelled]
        return parts.allSatisfy { $0 >= 0 } && overflowed >= 0 && parts.reduce(0, +) == enqueued
    }
}
