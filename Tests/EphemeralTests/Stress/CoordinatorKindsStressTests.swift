import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

/// Every kind of coordinator under many tasks at once, seeded; only what must hold in every interleaving is checked.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct CoordinatorKindsStressTests {
    private static let seeds: [UInt64] = [1, 2, 3]

    private static var items: Int { StressLoad.operations / seeds.count / StressedCoordinator.Kind.allCases.count }

    @Test(arguments: StressedCoordinator.Kind.allCases, seeds)
    func nothingIsLostAndNothingRunsTwiceUntilTheDrain(_ kind: StressedCoordinator.Kind, _ seed: UInt64) async throws {
        let stressed = try StressedCoordinator(kind, seed: seed)
        try await stressed.run(items: Self.items, seed: seed)
        try await stressed.coordinator.drain(timeout: .seconds(20))
        #expect(stressed.violationsAfterDrain() == [])
        await stressed.coordinator.shutdown()
    }

    @Test(arguments: StressedCoordinator.Kind.allCases, seeds)
    func nothingRunsTwiceWhenShutDownInTheMiddle(_ kind: StressedCoordinator.Kind, _ seed: UInt64) async throws {
        let stressed = try StressedCoordinator(kind, seed: seed)
        try await stressed.run(items: Self.items, seed: seed, shutdownAfter: Self.items / 8)
        #expect(stressed.violationsAfterShutdown() == [])
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
            var random = SplitMix64(seed: seed ^ UInt64(element))
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
