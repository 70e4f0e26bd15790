import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FixedWorkAtomTests {
    let stage = AtomStage()

    static let conformance = CoordinatorConformance { options, body in
        let atom = try FixedWorkAtom<Int>(options: options) { item, _ in try await body(item) }
        return CoordinatorConformance.Subject(atom) { try await atom.enqueue($0) }
    }

    @Test(arguments: conformance.checks)
    func itKeepsTheRulesOfCoordinators(_ check: ConformanceCheck) async throws {
        try await Self.conformance.run(check)
    }

    private func atom(_ maxConcurrency: Int) throws -> FixedWorkAtom<Int> {
        try FixedWorkAtom(options: stage.options(maxConcurrency), body: stage.body)
    }

    @Test func noMoreBodiesRunThanItsLimit() throws {
        let atom = try atom(2)
        for item in 1...5 { #expect(atom.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [1, 2])
        #expect(atom.stats.pending == 3 && atom.stats.active == 2)
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3, 4, 5])
        #expect(atom.stats.completed == 5)
    }

    @Test(arguments: [nil, 0, -3])
    func missingAndSenselessNumbersAreTheDefaults(_ number: Int?) throws {
        let atom = try FixedWorkAtom<Int>(maxConcurrency: number, maxTracked: number) { _, _ in }
        #expect(atom.currentMaxConcurrency == EphemeralOptions().maxConcurrency)
    }

    @Test func aNumberOfTrackedOperationsThatMakesNoSenseIsTwoHundred() async throws {
        let atom = try FixedWorkAtom<Int>(maxConcurrency: 1, maxTracked: 0) { _, _ in }
        for item in 1...250 { try await atom.enqueue(item) }
        try await atom.drain()
        #expect(atom.snapshot().count == 200)
    }

    @Test func onlyAsManyFinishedOperationsStayVisibleAsAreTracked() async throws {
        let atom = try FixedWorkAtom<Int>(maxConcurrency: 1, maxTracked: 3) { _, _ in }
        for item in 1...10 { try await atom.enqueue(item) }
        try await atom.drain()
        #expect(atom.snapshot().count == 3)
    }

    @Test func identitiesArePositiveDistinctAndThoseOfTheSnapshot() throws {
        let atom = try atom(1)
        let call = stage.call { [try await atom.enqueue(1), try await atom.enqueue(2)] }
        stage.open()
        let ids = try #require(call.value)
        #expect(Set(ids).count == 2 && ids.allSatisfy { $0.rawValue > 0 })
        #expect(atom.snapshot().map(\.id) == ids)
    }

    @Test func drainingTwiceIsFineAndNothingIsTakenAfterwards() throws {
        let atom = try atom(1)
        stage.open()
        #expect(atom.tryEnqueue(1))
        #expect(stage.call { try await atom.drain() }.error == nil)
        #expect(stage.call { try await atom.drain() }.error == nil)
        #expect(stage.call { try await atom.enqueue(2) }.code == .completed)
        #expect(!atom.tryEnqueue(3))
        #expect(atom.stats.completed == 1)
    }

    @Test func signalsOfOperationsAreMirroredInTheSink() async throws {
        let sink = SignalSink()
        let atom = try FixedWorkAtom<Int>(signals: sink) { item, context in context.emit("done:\(item)") }
        let id = try await atom.enqueue(7)
        try await atom.drain()
        #expect(sink.signals(.name("done:7")).map(\.operationID) == [id])
    }

    @Test func aFailingBodyIsCountedAndTheRestGoesOn() async throws {
        let atom = try FixedWorkAtom<Int>(maxConcurrency: 1) { item, _ in if item == 1 { throw Failure() } }
        for item in 1...3 { try await atom.enqueue(item) }
        try await atom.drain()
        #expect(atom.stats.failed == 1 && atom.stats.completed == 2)
        #expect(atom.operations(in: .failed).first?.error as? Failure == Failure())
    }
}
