import Ephemeral
import EphemeralAtoms
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalAwareAtomTests {
    let stage = AtomStage()
    let sink: SignalSink

    init() { sink = SignalSink(time: stage.time) }

    static let conformance = CoordinatorConformance { options, body in
        let atom = try SignalAwareAtom<Int>(options: options) { item, _ in try await body(item) }
        return CoordinatorConformance.Subject(atom) { try await atom.enqueue($0) }
    }

    /// The atom refuses what comes while a cancelling signal is live; what waits then is tested below.
    static let checks = conformance.checks.filter { $0.id != "itemsThatASignalCancelsAreSkipped" }

    @Test(arguments: checks)
    func itKeepsTheRulesOfCoordinators(_ check: ConformanceCheck) async throws {
        try await Self.conformance.run(check)
    }

    private func atom(withSink: Bool = true, attempts: Int? = 50) throws -> SignalAwareAtom<Int> {
        var options = stage.options(4, sink: withSink ? sink : nil)
        options.signals.cancelOn = ["shutdown", "circuit-open"]
        options.signals.deferOn = ["backpressure.*"]
        options.signals.maxDeferAttempts = attempts
        return try SignalAwareAtom(options: options, body: stage.body)
    }

    @Test func aCancellingSignalInTheSinkRefusesItemsAndCountsNothing() throws {
        let atom = try atom()
        sink.raise("shutdown")
        let call = stage.call { try await atom.enqueue(1) }
        #expect(call.value == .refused(signal: "shutdown"))
        #expect(call.value?.rawValue == -1)
        #expect(!atom.tryEnqueue(2))
        #expect(atom.stats.enqueued == 0)
    }

    @Test(arguments: [true, false])
    func anAmbientCancellingSignalRefusesItemsUntilItIsTakenBack(withSink: Bool) throws {
        let atom = try atom(withSink: withSink)
        atom.raise("circuit-open")
        #expect(stage.call { try await atom.enqueue(1) }.value == .refused(signal: "circuit-open"))
        stage.advance(3_600_000)
        #expect(!atom.tryEnqueue(1))
        #expect(atom.retract("circuit-open"))
        #expect(atom.tryEnqueue(1))
        #expect(!atom.retract("circuit-open"))
        stage.open()
        #expect(atom.stats.completed == 1)
    }

    @Test func theIdentityOfAnAcceptedItemIsThatOfItsOperation() throws {
        let atom = try atom()
        stage.gate.open()
        let call = stage.call { try await atom.enqueue(1) }
        let id = try #require(call.value?.id)
        #expect(atom.snapshot().map(\.id) == [id] && call.value?.rawValue == id.rawValue)
    }

    @Test(arguments: [true, false])
    func anAmbientSignalDefersUntilItIsTakenBack(withSink: Bool) throws {
        let atom = try atom(withSink: withSink, attempts: nil)
        atom.raise("backpressure.disk")
        #expect(atom.tryEnqueue(1))
        stage.run()
        stage.advance(3_600_000)
        #expect(stage.starts.elements.isEmpty)
        atom.retract("backpressure.disk")
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aDeferringSignalInTheSinkCountsToo() throws {
        let atom = try atom()
        sink.raise("backpressure.net")
        #expect(atom.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        sink.retract("backpressure.net")
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func startsWaitUntilNeitherTheSinkNorTheAtomHasADeferringSignal() throws {
        let atom = try atom()
        sink.raise("backpressure.net")
        atom.raise("backpressure.disk")
        #expect(atom.tryEnqueue(1))
        sink.retract("backpressure.net")
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        atom.retract("backpressure.disk")
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func theFirstItemStartsWhenItsAllowanceIsUsedUp() throws {
        let atom = try atom(withSink: false, attempts: 3)
        atom.raise("backpressure.disk")
        #expect(atom.tryEnqueue(1) && atom.tryEnqueue(2))
        stage.run()
        stage.advance(299)
        #expect(stage.starts.elements.isEmpty)
        stage.advance(1)
        #expect(stage.starts.elements == [1])
        #expect(atom.contains(.name("defer.exhausted")))
        atom.retract("backpressure.disk")
        stage.open()
        #expect(atom.stats.completed == 2)
    }

    @Test func itemsThatWaitWhenACancellingSignalAppearsAreSkipped() throws {
        let atom = try atom(withSink: false)
        atom.raise("backpressure.disk")
        for item in 1...3 { #expect(atom.tryEnqueue(item)) }
        atom.raise("shutdown")
        stage.run()
        #expect(atom.stats.cancelled == 3 && stage.starts.elements.isEmpty)
        guard case .skipped(signal: "shutdown")? = atom.snapshot().first?.outcome else {
            Issue.record("\(atom.snapshot())")
            return
        }
    }

    @Test func signalsOfTheAtomAreRaisedInTheSinkAndTakenBackThereWithoutThoseOfOthers() throws {
        let atom = try atom()
        sink.raise("busy")
        atom.raise("busy")
        #expect(sink.count(.name("busy")) == 2)
        atom.retract("busy")
        #expect(sink.count(.name("busy")) == 1)
        #expect(atom.ambientSignals.isEmpty)
    }

    @Test(arguments: ["", "  ", "\t\n"])
    func blankNamesAreIgnored(_ name: String) throws {
        let atom = try atom()
        atom.raise(name)
        #expect(atom.ambientSignals.isEmpty && sink.count == 0)
    }

    @Test func aNameThatIsRaisedTwiceIsThereOnce() throws {
        let atom = try atom(withSink: false)
        atom.raise("backpressure.a")
        atom.raise("backpressure.a")
        atom.raise("backpressure.b")
        #expect(atom.ambientSignals == ["backpressure.a", "backpressure.b"])
        #expect(atom.retract("backpressure.a"))
        #expect(atom.ambientSignals == ["backpressure.b"])
    }

    @Test func aResumingSignalOnTheAtomAnswersOlderDeferringOnes() throws {
        var options = stage.options()
        options.signals.deferOn = ["busy"]
        options.signals.resumeOn = ["free"]
        let atom = try SignalAwareAtom(options: options, body: stage.body)
        atom.raise("busy")
        #expect(atom.tryEnqueue(1))
        stage.advance(1)
        #expect(stage.starts.elements.isEmpty)
        atom.raise("free")
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func aDrainingSignalOnTheAtomClosesItsIntake() throws {
        var options = stage.options()
        options.signals.drainOn = ["maintenance"]
        let atom = try SignalAwareAtom(options: options, body: stage.body)
        atom.raise("maintenance")
        #expect(stage.call { try await atom.enqueue(1) }.code == .completed)
    }

    @Test func numbersOutsideTheirRangeAreRefused() {
        #expect(
            codeThrown { _ = try SignalAwareAtom<Int>(deferInterval: .zero) { _, _ in } } == .invalidArgument
        )
        #expect(codeThrown { _ = try SignalAwareAtom<Int>(maxDeferAttempts: -1) { _, _ in } } == .invalidArgument)
    }

    @Test func raisingAndEnqueueingFromManyTasksAtOnceLosesNothing() async throws {
        let atom = try SignalAwareAtom<Int>(cancelOn: ["stop"]) { _, _ in }
        let accepted = Journal<Int>()
        try await withThrowingTaskGroup { group in
            for producer in 0..<4 {
                group.addTask {
                    for item in 0..<200 {
                        if item.isMultiple(of: 3) { atom.raise("noise.\(producer).\(item % 5)") }
                        if try await atom.enqueue(item).id != nil { accepted.record(item) }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await atom.drain()
        #expect(accepted.count == 800 && atom.stats.completed == 800)
        #expect(Set(atom.ambientSignals).count == 20)
    }
}
