import Ephemeral
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalRuleTests {
    let stage = Stage()
    let sink: SignalSink

    init() {
        sink = SignalSink(maxAge: .seconds(60), time: stage.time)
    }

    /// A coordinator of names whose bodies emit them and stop at the gate.
    private func emitter(
        _ maxConcurrency: Int = 1,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<String> {
        var options = stage.options(maxConcurrency)
        configure(&options)
        return try WorkCoordinator(options: options) { [stage] name, context in
            stage.starts.record(stage.starts.count + 1)
            if !name.isEmpty { context.emit(name) }
            try await stage.gate.wait()
        }
    }

    // Cancel rules

    @Test func skippedItemsAppearInTheWindowAsSkipped() throws {
        let log = EventLog()
        let coordinator = try stage.coordinator {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop.*"]
            $0.observer = log
        }
        sink.raise("stop.now")
        let ids = Journal<OperationID>()
        stage.call { for item in 1...2 { ids.record(try await coordinator.enqueue(item)) } }
        #expect(stage.starts.elements.isEmpty)
        #expect(coordinator.stats.cancelled == 2)
        #expect(coordinator.stats.failed == 0)
        let skipped = coordinator.operations(in: .cancelled)
        #expect(skipped.map(\.outcome.name) == ["skipped by stop.now", "skipped by stop.now"])
        #expect(skipped.map(\.id) == ids.elements)
        #expect(skipped.allSatisfy { $0.startedAt == nil && $0.signals == nil })
        #expect(log.discarded.elements == ids.elements)
        sink.retract("stop.now")
        #expect(coordinator.tryEnqueue(3))
        stage.open()
        #expect(stage.starts.elements == [3])
    }

    @Test func aCancelSignalDropsNothingBeforeItsTimeToStart() throws {
        let coordinator = try stage.coordinator {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop"]
        }
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        sink.raise("stop")
        stage.run()
        #expect(coordinator.stats.pending == 2)
        sink.retract("stop")
        stage.open()
        #expect(stage.starts.elements == [1, 2, 3])
    }

    @Test func aCancelSignalOutlivesItsAgeLikeAnyOther() throws {
        let coordinator = try stage.coordinator {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop"]
        }
        sink.raise("stop")
        stage.time.advance(by: .seconds(60))
        #expect(coordinator.tryEnqueue(1))
        stage.open()
        #expect(stage.starts.elements == [1])
    }

    @Test func signalsFromBeforeTheCoordinatorCountToo() throws {
        sink.raise("stop")
        let coordinator = try stage.coordinator {
            $0.signals.sink = sink
            $0.signals.cancelOn = ["stop"]
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.stats.cancelled == 1)
    }

    @Test func rulesLookAtTheOperationsOwnSignalsWithoutASink() throws {
        let coordinator = try emitter { $0.signals.cancelOn = ["stop"] }
        for name in ["stop", "late"] { #expect(coordinator.tryEnqueue(name)) }
        stage.open()
        #expect(stage.starts.count == 1)
        #expect(coordinator.snapshot().map(\.outcome.name) == ["completed", "skipped by stop"])
    }

    // Own signals and deferral

    @Test func retractingAnOwnSignalResumes() throws {
        var options = stage.options(2)
        options.signals.deferOn = ["busy"]
        let coordinator = try WorkCoordinator<Int>(options: options) { [stage] item, context in
            stage.starts.record(item)
            guard item == 1 else { return }
            context.emit("busy")
            try await stage.gate.wait()
            context.retract("busy")
            stage.ends.record(item)
        }
        for item in 1...2 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
        #expect(stage.starts.elements == [1, 2])
    }

    @Test func anOwnSignalThatLeavesTheWindowWithItsOperationDefersNoLonger() throws {
        let coordinator = try emitter {
            $0.signals.deferOn = ["busy"]
            $0.signals.maxDeferAttempts = nil
            $0.maxTrackedOperations = 0
        }
        for name in ["busy", ""] { #expect(coordinator.tryEnqueue(name)) }
        stage.open()
        #expect(stage.starts.count == 2)
    }

    @Test func evictingTheOperationEndsTheDeferralByItsSignal() throws {
        let coordinator = try emitter {
            $0.signals.deferOn = ["busy"]
            $0.signals.maxDeferAttempts = nil
        }
        for name in ["busy", ""] { #expect(coordinator.tryEnqueue(name)) }
        stage.open()
        #expect(stage.starts.count == 1)
        let loud = try #require(coordinator.operations(in: .completed).first)
        #expect(coordinator.evict(loud.id))
        stage.run()
        #expect(stage.starts.count == 2)
    }

    @Test func anOwnSignalDefersUntilItsOperationHasOutlivedItsTime() throws {
        let coordinator = try emitter {
            $0.signals.deferOn = ["busy"]
            $0.signals.maxDeferAttempts = nil
            $0.maxOperationLifetime = .seconds(30)
        }
        for name in ["busy", ""] { #expect(coordinator.tryEnqueue(name)) }
        stage.open()
        stage.time.advance(by: .seconds(29))
        stage.run()
        #expect(stage.starts.count == 1)
        stage.time.advance(by: .seconds(1))
        stage.run()
        #expect(stage.starts.count == 2)
    }

    // Mirroring

    @Test func emittedSignalsReachTheSinkTheHandlerAndTheQueries() throws {
        let heard = Journal<String>()
        let coordinator = try emitter(2) {
            $0.signals.sink = sink
            $0.signals.onSignal = { heard.record($0.signal) }
        }
        for name in ["a.1", "b.2"] { #expect(coordinator.tryEnqueue(name)) }
        stage.run()
        #expect(heard.elements == ["a.1", "b.2"])
        #expect(sink.signals().map(\.signal) == ["a.1", "b.2"])
        #expect(coordinator.signals().map(\.signal) == ["a.1", "b.2"])
        #expect(coordinator.count(.matching("a.*")) == 1)
        #expect(coordinator.contains(.name("b.2")))
        #expect(!coordinator.contains(.name("b")))
        let running = coordinator.operations(in: .running)
        #expect(coordinator.signals(.all.raised(by: running[1].id)).map(\.signal) == ["b.2"])
        stage.open()
    }

    @Test func retractionIsMirroredInTheSinkOncePerEvent() throws {
        let retracted = Journal<SignalRetractedEvent>()
        var options = stage.options()
        options.signals.sink = sink
        options.signals.onSignalRetracted = { retracted.record($0) }
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in
            for name in ["a.1", "a.2", "b", "a.1"] { context.emit(name) }
            #expect(context.retract(matching: "a.*") == 3)
            #expect(!context.retract("a.1"))
            #expect(context.hasSignal("b"))
            #expect(!context.hasSignal("a.1"))
        }
        sink.raise("a.1")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(retracted.elements.map(\.signal) == ["a.1", "a.2", "a.1"])
        #expect(retracted.elements.allSatisfy { $0.pattern == "a.*" })
        // What others raised stays.
        #expect(sink.signals().map(\.signal) == ["a.1", "b"])
        #expect(coordinator.snapshot().first?.signals == ["b"])
    }

    @Test func aContextWorksAsLongAsItsOperationIsVisible() throws {
        let contexts = Journal<OperationContext>()
        let coordinator = try WorkCoordinator<Int>(options: stage.options()) { _, context in contexts.record(context) }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        let context = try #require(contexts.elements.first)
        #expect(context.emit("late"))
        #expect(coordinator.snapshot().first?.signals == ["late"])
        #expect(coordinator.evict(context.id))
        #expect(!context.emit("too late"))
        #expect(!context.retract("late"))
    }

    // Lifecycle

    @Test func lifecycleSignalsAreOptIn() throws {
        let heard = Journal<String>()
        let coordinator = try emitter { $0.signals.onSignal = { heard.record($0.signal) } }
        #expect(coordinator.tryEnqueue(""))
        coordinator.pause()
        coordinator.resume()
        stage.open()
        coordinator.cancel()
        #expect(heard.elements.isEmpty)
    }

    @Test func lifecycleSignalsTellStartsEndsAndChanges() throws {
        let coordinator = try emitter {
            $0.signals.emitLifecycleSignals = true
            $0.signals.sink = sink
            $0.coordinatorId = "mine"
        }
        coordinator.pause()
        coordinator.pause()
        #expect(coordinator.tryEnqueue("x"))
        coordinator.resume()
        stage.run()
        #expect(coordinator.tryEnqueue("y"))
        stage.release()
        coordinator.cancel()
        coordinator.cancel()
        stage.run()
        #expect(
            sink.signals().map(\.signal) == [
                "coordinator.paused", "coordinator.resumed", "atom.start", "x", "atom.stop", "atom.start", "y",
                "coordinator.cancelled", "atom.stop",
            ]
        )
        #expect(sink.signals(.prefix("coordinator.")).allSatisfy { $0.key == "mine" })
    }

    @Test func theEndOfADrainedCoordinatorIsNoCancellation() throws {
        var options = stage.options()
        options.signals.emitLifecycleSignals = true
        options.signals.sink = sink
        let final = options
        let scoped = stage.call {
            try await withWorkCoordinator(options: final) { (_: Int, _) in
            } run: {
                _ = try await $0.enqueue(1)
            }
            try await [1].forEach(options: final) { _ in }
        }
        #expect(scoped.hasSucceeded)
        #expect(sink.count(.name("coordinator.cancelled")) == 0)
        #expect(sink.count(.name("atom.stop")) == 2)
    }
}
