import Ephemeral
import EphemeralTesting
import Synchronization
import Testing

/// Many tasks at once; only what must hold under every schedule is asserted.
@Suite(.timeLimit(.minutes(1)))
struct SignalHandlingStressTests {
    @Test func operationsEmitWhileOthersLookAtTheirSignals() async throws {
        let broken = Recorder<String>()
        var options = EphemeralOptions(maxConcurrency: 4)
        options.signals.sink = SignalSink(maxCapacity: 64)
        options.signals.constraints = .strict
        let coordinator = try WorkCoordinator<Int>(options: options) { item, context in
            for step in 0..<50 {
                context.emit("s.\(step % 5)")
                context.emitCaused("t", by: .root("s.\(step % 5)"))
                if step % 10 == 9 { context.retract(matching: "s.*") }
            }
            context.retract("t")
            if context.hasSignal("t") || context.hasSignal("s.0") { broken.add("left behind by \(item)") }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await coordinator.enqueue(contentsOf: 0..<400) }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<200 {
                        let events = coordinator.signals()
                        if zip(events, events.dropFirst()).contains(where: { $0.timestamp > $1.timestamp }) {
                            broken.add("order")
                        }
                        let snapshot = coordinator.snapshot()
                        if snapshot.contains(where: { $0.events.contains { !"st".contains($0.signal.prefix(1)) } }) {
                            broken.add("name")
                        }
                    }
                }
            }
        }
        try await coordinator.drain()
        #expect(coordinator.stats.completed == 400)
        #expect(broken.values.isEmpty)
        #expect(coordinator.signals().isEmpty)
        #expect(options.signals.sink?.count(.matching("*")) == 0)
    }

    @Test(arguments: [true, false])
    func whateverIsHandedOverDuringAShutdownIsCountedOnce(_ drains: Bool) async throws {
        let handled = Atomic(0)
        let accepted = Atomic(0)
        let processor = try AsyncSignalProcessor(maxConcurrency: 3, maxQueueSize: 100_000) { _ in
            handled.add(1, ordering: .relaxed)
        }
        let sink = SignalSink()
        let subscription = sink.subscribe { event in
            if processor.enqueue(event) { accepted.add(1, ordering: .relaxed) }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<500 { sink.raise("a") } }
            }
            group.addTask { #expect(await processor.shutdown(drain: drains)) }
        }
        subscription.cancel()
        let stats = processor.stats
        #expect(stats.enqueued == 2000)
        #expect(stats.processed == handled.load(ordering: .relaxed))
        #expect(stats.processed + stats.dropped == 2000)
        if drains { #expect(stats.processed == accepted.load(ordering: .relaxed)) }
    }

    @Test func aDispatcherThatIsShutDownInTheMiddleLosesCountOfNothing() async throws {
        let handled = Atomic(0)
        let accepted = Atomic(0)
        let dispatcher = try SignalDispatcher()
        try dispatcher.register("*") { _ in handled.add(1, ordering: .relaxed) }
        let sink = SignalSink()
        let subscription = sink.subscribe { event in
            if dispatcher.dispatch(event) { accepted.add(1, ordering: .relaxed) }
        }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask { for number in 0..<500 { sink.raise("s.\(task).\(number % 20)") } }
            }
            group.addTask { try? await dispatcher.flush() }
            group.addTask { await dispatcher.shutdown() }
        }
        subscription.cancel()
        try await dispatcher.flush()
        #expect(dispatcher.stats.isConsistent)
        #expect(dispatcher.stats.enqueued == accepted.load(ordering: .relaxed))
        #expect(dispatcher.stats.completed + dispatcher.stats.cancelled == dispatcher.stats.enqueued)
        #expect(dispatcher.droppedCount == 2000 - dispatcher.stats.enqueued)
        #expect(handled.load(ordering: .relaxed) >= dispatcher.stats.completed)
    }
}
