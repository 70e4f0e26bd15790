import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalEmitterTests {
    let stage = Stage()
    let sink: SignalSink
    let blocked = Journal<(String, SignalBlockReason)>()
    let heard = Journal<SignalEvent>()

    init() {
        sink = SignalSink(time: stage.time)
    }

    /// Runs one operation with constraints and returns its coordinator.
    private func perform(
        _ constraints: SignalConstraints? = .default,
        _ body: @escaping @Sendable (OperationContext) throws -> Void
    ) throws -> WorkCoordinator<Int> {
        var options = stage.options()
        options.signals.sink = sink
        options.signals.onSignal = { [heard] in heard.record($0) }
        if var constraints {
            constraints.onBlocked = { [blocked] in blocked.record(($0.signal, $1)) }
            options.signals.constraints = constraints
        }
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in try body(context) }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.stats.completed == 1)
        return coordinator
    }

    @Test func causedSignalsCarryTheirPathEverywhere() throws {
        let coordinator = try perform { context in
            #expect(context.emitCaused("b", by: .root("a")))
        }
        #expect(coordinator.signals().map(\.propagation?.path) == [["a", "b"]])
        #expect(sink.signals().map(\.propagation?.path) == [["a", "b"]])
        #expect(heard.elements.map(\.depth) == [1])
    }

    @Test func aBlockedSignalIsStoredNowhereAndToldToTheConstraintsAlone() throws {
        let coordinator = try perform { context in
            context.emit("a")
            #expect(!context.emitCaused("a", by: .root("a")))
            #expect(context.hasSignal("a"))
        }
        #expect(blocked.elements.map(\.0) == ["a"])
        #expect(blocked.elements.map(\.1) == [.cycleDetected])
        #expect(coordinator.signals().count == 1)
        #expect(sink.count == 1)
        #expect(heard.count == 1)
    }

    @Test func signalsWithoutACauseAreNeverBlocked() throws {
        let coordinator = try perform(SignalConstraints(maxDepth: 1, terminalSignals: ["*"], leafSignals: ["*"])) {
            context in
            #expect(context.emit("a"))
            #expect(context.emit("a"))
        }
        #expect(coordinator.signals().map(\.depth) == [0, 0])
        #expect(blocked.count == 0)
    }

    @Test func nothingIsForbiddenUnlessTheOptionsSay() throws {
        _ = try perform(nil) { context in
            #expect(context.emitCaused("a", by: .root("a")))
        }
        #expect(sink.signals().map(\.propagation?.path) == [["a", "a"]])
    }

    @Test func whatALeafLeadsToIsBlockedAndDoesNotBeginANewPath() throws {
        _ = try perform(SignalConstraints(leafSignals: ["leaf"])) { [heard] context in
            context.emit("a")
            context.emitCaused("leaf", by: heard.elements[0])
            #expect(!context.emitCaused("a", by: heard.elements[1]))
            #expect(!context.emitCaused("b", by: heard.elements[1]))
        }
        #expect(blocked.elements.map(\.1) == [.cycleDetected, .leafSignal])
    }

    @Test func theConstraintsMayUseTheContextThatTheyJudged() throws {
        var options = stage.options()
        let contexts = Journal<OperationContext>()
        options.signals.constraints = SignalConstraints { _, _ in contexts.elements.first?.emit("blocked") }
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in
            contexts.record(context)
            context.emitCaused("a", by: .root("a"))
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.signals().map(\.signal) == ["blocked"])
    }

    @Test func onceTheOperationHasLeftNothingIsEmittedNorBlocked() throws {
        let contexts = Journal<OperationContext>()
        let coordinator = try perform { contexts.record($0) }
        let context = try #require(contexts.elements.first)
        #expect(context.emitCaused("b", by: .root("a")))
        #expect(coordinator.evict(context.id))
        #expect(!context.emitCaused("b", by: .root("a")))
        #expect(!context.emitCaused("a", by: .root("a")))
        #expect(blocked.count == 0)
        #expect(heard.count == 1)
    }

    @Test func aContextIsAnEmitterLikeAnyOther() throws {
        @Sendable func report(to emitter: some SignalEmitter) -> OperationID {
            emitter.signal("a.1")
            emitter.emit("a.2")
            emitter.emit("b")
            #expect(emitter.retract(matching: "a.*") == 2)
            #expect(emitter.hasSignal("b"))
            #expect(emitter.retract("b"))
            #expect(!emitter.hasSignal("b"))
            #expect(emitter.key == nil)
            return emitter.operationID
        }
        let ids = Journal<OperationID>()
        let coordinator = try perform { ids.record(report(to: $0)) }
        #expect(coordinator.snapshot().map(\.id) == ids.elements)
    }
}
