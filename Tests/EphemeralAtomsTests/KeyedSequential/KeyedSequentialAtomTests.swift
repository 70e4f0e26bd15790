import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct KeyedSequentialAtomTests {
    let stage = AtomStage()

    static let conformance = CoordinatorConformance { options, body in
        let atom = try KeyedSequentialAtom(options: options, key: { (item: Int) in item }) { item, _ in
            try await body(item)
        }
        return CoordinatorConformance.Subject(atom) { try await atom.enqueue($0) }
    }

    @Test(arguments: conformance.checks)
    func itKeepsTheRulesOfCoordinators(_ check: ConformanceCheck) async throws {
        try await Self.conformance.run(check)
    }

    /// Items whose tens are their key.
    private func atom(_ limit: Int, fair: Bool = false) throws -> KeyedSequentialAtom<Int, Int> {
        var options = stage.options(limit)
        options.keys.enableFairScheduling = fair
        return try KeyedSequentialAtom(options: options, key: { $0 / 10 }, body: stage.body)
    }

    @Test func aKeyRunsOneAtATimeInOrderWhileOthersRunBesideIt() throws {
        let atom = try atom(4)
        for item in [10, 11, 12, 20] { #expect(atom.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        #expect(atom.pendingCount(for: 1) == 2)
        stage.open()
        #expect(stage.starts.elements == [10, 20, 11, 12])
    }

    @Test func theIdentityIsThatOfTheOperationNotACounterOfItsOwn() throws {
        let atom = try atom(1)
        stage.gate.open()
        let calls = [10, 20, 11].map { item in stage.call { try await atom.enqueue(item) } }
        #expect(Set(calls.compactMap(\.value)) == Set(atom.snapshot().map(\.id)))
        #expect(atom.snapshot().count == 3)
    }

    @Test func fairSchedulingRefusesMoreOfAKeyThatHasManyWaiting() throws {
        let atom = try atom(1, fair: true)
        #expect(atom.tryEnqueue(10))
        stage.run()
        for _ in 0..<10 { #expect(atom.tryEnqueue(11)) }
        #expect(!atom.tryEnqueue(12))
        #expect(atom.tryEnqueue(20))
        #expect(atom.stats.pending == 11)
        stage.open()
    }

    @Test func fairSchedulingLetsKeysTakeTurns() throws {
        let atom = try atom(1, fair: true)
        for item in [10, 11, 12, 20, 21] { #expect(atom.tryEnqueue(item)) }
        stage.open()
        #expect(stage.starts.elements == [10, 20, 11, 21, 12])
    }

    @Test func enqueueTakesAnItemOfABusyKeyEvenWithFairScheduling() throws {
        let atom = try atom(1, fair: true)
        let call = stage.call { for item in 0..<30 { try await atom.enqueue(item % 10) } }
        #expect(!call.isSuspended && call.error == nil)
        #expect(atom.stats.enqueued == 30)
        stage.open()
    }

    @Test func lessThanOnePerKeyIsOne() async throws {
        let running = Journal<Int>()
        let atom = try KeyedSequentialAtom(maxConcurrency: 4, perKeyConcurrency: 0, key: { (_: Int) in 0 }) { item, _ in
            running.record(item)
            #expect(running.elements == Array(1...item))
        }
        for item in 1...20 { try await atom.enqueue(item) }
        try await atom.drain()
        #expect(atom.stats.completed == 20)
    }

    @Test func theKeyIsAskedForOncePerItem() async throws {
        let asked = Journal<Int>()
        let atom = try KeyedSequentialAtom { (item: Int) in
            asked.record(item)
            return item
        } body: { _, _ in
        }
        for item in 1...5 { try await atom.enqueue(item) }
        #expect(atom.tryEnqueue(6))
        try await atom.drain()
        #expect(asked.elements == [1, 2, 3, 4, 5, 6])
    }
}
