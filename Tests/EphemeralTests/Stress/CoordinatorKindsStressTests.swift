import Ephemeral
import EphemeralTesting
import Testing

/// Every kind of coordinator under many tasks at once, seeded; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CoordinatorKindsStressTests {
    private static let seeds: [UInt64] = [1, 2, 3]

    private static var items: Int { StressLoad.operations / seeds.count / StressedCoordinator.Kind.allCases.count }

    /// What must hold when nothing is left.
    private func check(_ stressed: StressedCoordinator) {
        let (ledger, stats) = (stressed.ledger, stressed.coordinator.stats)
        #expect(stressed.coordinator.isDrained)
        #expect(stats.isConsistent && stats.pending == 0 && stats.active == 0, "\(stats)")
        #expect(ledger.accepted.count == stats.enqueued)
        #expect(ledger.runs.values.allSatisfy { $0 == 1 })
        #expect(ledger.discarded.values.allSatisfy { $0 == 1 })
        #expect(Set(ledger.runs.keys).isDisjoint(with: ledger.discarded.keys))
        #expect(ledger.mostRunning <= StressLoad.highestLimit)
        if let limit = stressed.limitPerKey { #expect(ledger.mostRunningOfAKey <= limit) }
        for (limit, most) in zip(stressed.limitPerLane, ledger.mostRunningByLane) { #expect(most <= limit ?? .max) }
        // Two bodies of a key that may run at once also may tell the ledger in either order.
        if stressed.limitPerKey == 1 { #expect(ledger.overtaken == 0) }
        #expect(ledger.unansweredWaiters == 0)
        #expect(stressed.keptKeys == 0)
        #expect(stressed.coordinator.snapshot().count <= 32)
    }

    @Test(arguments: StressedCoordinator.Kind.allCases, seeds)
    func nothingIsLostAndNothingRunsTwiceUntilTheDrain(_ kind: StressedCoordinator.Kind, _ seed: UInt64) async throws {
        let stressed = try StressedCoordinator(kind, seed: seed)
        try await stressed.run(items: Self.items, seed: seed)
        try await stressed.coordinator.drain(timeout: .seconds(20))
        let (ledger, stats) = (stressed.ledger, stressed.coordinator.stats)
        #expect(Set(ledger.runs.keys).union(ledger.discarded.keys) == ledger.accepted)
        #expect(ledger.runs.count == stats.completed + stats.failed)
        #expect(ledger.discarded.count == stats.cancelled)
        check(stressed)
        await stressed.coordinator.shutdown()
    }

    @Test(arguments: StressedCoordinator.Kind.allCases, seeds)
    func nothingRunsTwiceWhenShutDownInTheMiddle(_ kind: StressedCoordinator.Kind, _ seed: UInt64) async throws {
        let stressed = try StressedCoordinator(kind, seed: seed)
        try await stressed.run(items: Self.items, seed: seed, shutdownAfter: Self.items / 8)
        let (ledger, stats) = (stressed.ledger, stressed.coordinator.stats)
        #expect(ledger.runs.count == stats.completed + stats.failed)
        if kind != .result {
            #expect(Set(ledger.runs.keys).union(ledger.discarded.keys) == ledger.accepted)
            #expect(ledger.discarded.count == stats.cancelled)
        }
        check(stressed)
    }

    @Test(arguments: seeds)
    func forEachWithKeysRunsEveryElementOnceInTheOrderOfItsKey(_ seed: UInt64) async throws {
        let count = Self.items
        let (ledger, taken, ended) = (StressLedger(), Journal<Int>(), Journal<Int>())
        var options = EphemeralOptions(maxConcurrency: 4)
        options.keys.enableFairScheduling = seed == 2
        let elements = Counting(0...count - 1, taken)
        let summary = try await elements.forEach(options: options, key: StressLedger.key(of:)) { element, _ in
            #expect(taken.count <= ended.count + 4 + 64 + 32)
            ledger.begin(element)
            var random = SeededGenerator(seed: seed ^ UInt64(element))
            if random.chance(percent: 30) { await Task.yield() }
            ledger.end(element)
            ended.record(element)
        }
        #expect(summary.completed == count)
        #expect(ledger.runs.count == count && ledger.runs.values.allSatisfy { $0 == 1 })
        #expect(ledger.mostRunningOfAKey == 1 && ledger.mostRunning <= 4)
        #expect(ledger.overtaken == 0)
    }
}
