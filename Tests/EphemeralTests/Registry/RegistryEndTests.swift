import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RegistryEndTests {
    typealias Numbers = WorkCoordinator<Int>

    let stage = Stage()
    let registry: CoordinatorRegistry
    /// The ends of bodies: the name of their coordinator, and whether they were cancelled.
    let ends = Journal<String>()

    init() {
        registry = CoordinatorRegistry(time: stage.time)
    }

    /// Registers a coordinator whose bodies stop at the gate, and makes it.
    private func make(_ name: String) -> Numbers? {
        let coordinators = Journal<Numbers>()
        stage.call { [registry, ends, gate = stage.gate, options = stage.options()] in
            try registry.registerWorkCoordinator(named: name, options: options) { (_: Int, _) in
                do {
                    try await gate.wait()
                    ends.record(name)
                } catch {
                    await gate.waitIgnoringCancellation()
                    ends.record("\(name) cancelled")
                    throw error
                }
            }
            coordinators.record(try await registry.workCoordinator(named: name))
        }
        return coordinators.elements.first
    }

    @Test func drainEmptiesTheNewestFirst() throws {
        let (old, new) = (try #require(make("old")), try #require(make("new")))
        #expect(old.tryEnqueue(1) && new.tryEnqueue(1))
        stage.run()
        let drain = stage.call { [registry] in try await registry.drain() }
        #expect(new.isFinished)
        #expect(!old.isFinished, "bodies of the newer one may still bring it work")
        stage.release(2)
        #expect(drain.hasSucceeded)
        #expect(old.isDrained && new.isDrained)
    }

    @Test func drainIncludesCoordinatorsThatBodiesStillAskFor() throws {
        let late = Journal<Numbers>()
        try registry.registerWorkCoordinator(named: "late", options: stage.options()) { (_: Int, _) in }
        try registry.register(Numbers.self, named: "first") { [late, options = stage.options()] registry in
            try Numbers(options: options) { item in
                let coordinator = try await registry.coordinator(Numbers.self, named: "late")
                late.record(coordinator)
                try await coordinator.enqueue(item)
            }
        }
        let drain = stage.call { [registry] in
            try await registry.coordinator(Numbers.self, named: "first").enqueue(1)
            try await registry.drain()
        }
        #expect(drain.hasSucceeded)
        #expect(late.elements.first?.stats.completed == 1)
        #expect(late.elements.first?.isDrained == true)
    }

    @Test func drainEndsCoordinatorsWhoseSequenceDoesNot() throws {
        let (items, feed) = AsyncStream.makeStream(of: Int.self)
        try registry.register(Numbers.self) { [options = stage.options(), ends] _ in
            try Numbers(consuming: items, options: options) { item, _ in ends.record("\(item)") }
        }
        stage.call { [registry] in _ = try await registry.coordinator(Numbers.self) }
        feed.yield(1)
        stage.run()
        let drain = stage.call { [registry] in try await registry.drain() }
        #expect(drain.hasSucceeded)
        #expect(ends.elements == ["1"])
        feed.finish()
    }

    @Test func drainGoesOnAfterAnErrorAndThrowsTheFirst() throws {
        let old = try #require(make("old"))
        for number in 1...2 {
            try registry.register(Numbers.self, named: "fed \(number)") { [options = stage.options()] _ in
                try Numbers(consuming: streamed([], failure: Failure(number: number)), options: options) { _, _ in }
            }
            stage.call { [registry] in _ = try await registry.coordinator(Numbers.self, named: "fed \(number)") }
        }
        let drain = stage.call { [registry] in try await registry.drain() }
        #expect(drain.error as? Failure == Failure(number: 2))
        #expect(old.isDrained)
    }

    @Test func aCancelledDrainThrowsAndEverythingGoesOn() throws {
        let (old, new) = (try #require(make("old")), try #require(make("new")))
        #expect(new.tryEnqueue(1))
        let drain = stage.call { [registry] in try await registry.drain() }
        drain.task.cancel()
        stage.run()
        #expect(drain.error is CancellationError)
        #expect(new.isFinished && !old.isFinished)
        stage.open()
        #expect(ends.elements == ["new"])
    }

    @Test func aDrainThatTakesTooLongSaysWhatIsLeft() throws {
        let (old, new) = (try #require(make("old")), try #require(make("new")))
        #expect(old.tryEnqueue(1))
        for item in 1...3 { #expect(new.tryEnqueue(item)) }
        let drain = stage.call { [registry] in try await registry.drain(timeout: .seconds(5)) }
        stage.time.advance(by: .seconds(5))
        stage.run()
        let error = try #require(drain.error as? CoordinatorError)
        #expect(error.code == .drainTimeout)
        #expect(error.message.contains(#"WorkCoordinator<Int> as "old" has 0 queued and 1 running"#))
        #expect(error.message.contains(#"WorkCoordinator<Int> as "new" has 2 queued and 1 running"#))
        stage.open()
        let again = stage.call { [registry] in try await registry.drain(timeout: .seconds(5)) }
        #expect(again.hasSucceeded)
        #expect(old.isDrained && new.isDrained)
    }

    @Test func shutdownCancelsTheNewestFirstAndWaitsForBodies() throws {
        let (old, new) = (try #require(make("old")), try #require(make("new")))
        #expect(old.tryEnqueue(1) && new.tryEnqueue(1))
        stage.run()
        let shutdown = stage.call { [registry] in await registry.shutdown() }
        #expect(new.isFinished && !old.isFinished)
        #expect(shutdown.isSuspended)
        stage.open()
        #expect(shutdown.hasSucceeded)
        #expect(ends.elements == ["old", "new cancelled"], "the older one went on while the newer one ended")
        #expect(old.isDrained && new.isDrained)
        let again = stage.call { [registry] in await registry.shutdown() }
        #expect(again.hasSucceeded)
    }

    @Test(arguments: [true, false])
    func afterTheEndOnlyWhatWasMadeIsFound(_ isDrain: Bool) throws {
        let made = try #require(make("made"))
        try registry.registerWorkCoordinator(named: "unmade") { (_: Int, _) in }
        stage.call { [registry] in
            if isDrain { try await registry.drain() } else { await registry.shutdown() }
        }
        #expect(try found("made") === made)
        #expect(throws: CoordinatorError(code: .completed, message: "")) { try found("unmade") }
        #expect(throws: CoordinatorError(code: .completed, message: "")) {
            try registry.registerWorkCoordinator(named: "new") { (_: Int, _) in }
        }
    }

    private func found(_ name: String) throws -> Numbers? {
        let coordinators = Journal<Numbers>()
        let call = stage.call { [registry] in coordinators.record(try await registry.workCoordinator(named: name)) }
        if let error = call.error { throw error }
        return coordinators.elements.first
    }

    @Test func aCoordinatorThatIsMadeTooLateIsShutDownAndGivenToNobody() throws {
        let made = Journal<Numbers>()
        try registry.register(Numbers.self) { [gate = stage.gate, options = stage.options()] _ in
            await gate.waitIgnoringCancellation()
            let coordinator = try Numbers(options: options) { _ in }
            made.record(coordinator)
            return coordinator
        }
        let calls = (0..<2).map { _ in stage.call { [registry] in _ = try await registry.coordinator(Numbers.self) } }
        let shutdown = stage.call { [registry] in await registry.shutdown() }
        #expect(shutdown.hasSucceeded)
        stage.open()
        #expect(calls.map { ($0.error as? CoordinatorError)?.code } == [.completed, .completed])
        #expect(made.elements.map(\.isFinished) == [true])
    }
}
