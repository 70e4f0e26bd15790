internal import Ephemeral
internal import Synchronization

/// The parts of a showcase's run.
final class ShowcaseStage: Sendable {
    private static let hold = "showcase.hold"
    private static let stop = "showcase.stop"
    private static let done = SignalPattern.prefix("stage.done:")

    private let itemCount: Int
    private let sink: SignalSink
    private let names: RaisedNames
    private let dispatcher: SignalDispatcher
    private let coordinator: WorkCoordinator<Int>
    private let hits = Hits()

    /// What was counted so far.
    private final class Hits: Sendable {
        let dispatched = Atomic(0)
        let immediate = Atomic(0)
        let background = Atomic(0)
    }

    init(itemCount: Int, options: EphemeralOptions) throws {
        self.itemCount = itemCount
        // Room for two signals of each item and the few of the run itself, for as long as it takes.
        let signalCount = itemCount > .max / 4 ? .max : itemCount * 2 + 8
        let sink = SignalSink(maxCapacity: signalCount, maxAge: .seconds(86_400), time: options.time)
        self.sink = sink
        names = RaisedNames(of: sink)
        var dispatching = SignalDispatcher.defaultOptions
        (dispatching.time, dispatching.executor) = (options.time, options.executor)
        dispatching.queueCapacity = nil
        let dispatcher = try SignalDispatcher(options: dispatching)
        try dispatcher.register(Self.done) { [hits] _ in hits.dispatched.wrappingAdd(1, ordering: .relaxed) }
        self.dispatcher = dispatcher
        var options = options
        // Everything is brought while nothing may start.
        options.queueCapacity = nil
        options.maxTrackedOperations = max(1, options.maxTrackedOperations)
        options.signals = EphemeralOptions.SignalOptions()
        options.signals.sink = sink
        options.signals.deferOn = [Self.hold]
        options.signals.maxDeferAttempts = nil
        options.signals.cancelOn = [Self.stop]
        options.signals.maxQueuedSignals = signalCount
        options.signals.onSignal = { [hits] event in
            if Self.done.matches(event.signal) { hits.immediate.wrappingAdd(1, ordering: .relaxed) }
            dispatcher.dispatch(event)
        }
        options.signals.onSignalAsync = { [hits] event in
            if Self.done.matches(event.signal) { hits.background.wrappingAdd(1, ordering: .relaxed) }
        }
        coordinator = try WorkCoordinator(options: options) { item, context in
            context.emit("stage.start:\(item)")
            context.emit("stage.done:\(item)")
        }
    }

    /// Brings all items while they are held back, then lets them go.
    ///
    /// - Returns: How many had started while they were held back.
    func processHeldItems() async throws -> Int {
        sink.raise(Self.hold)
        for item in 0..<itemCount { try await coordinator.enqueue(item) }
        let stats = coordinator.stats
        sink.retract(Self.hold)
        try await coordinator.waitUntilIdle()
        return stats.enqueued - stats.pending
    }

    /// Brings one more item while a signal says that it is not to run.
    func processStoppedItem() async throws {
        sink.raise(Self.stop)
        try await coordinator.enqueue(itemCount)
        try await coordinator.waitUntilIdle()
        sink.retract(Self.stop)
    }

    /// Waits for all reactions, and counts them.
    func end(startedWhileHeld: Int) async throws -> SignalReactionShowcase.Report {
        try await coordinator.drain()
        try await dispatcher.flush()
        let dropped = coordinator.operations(in: .cancelled).count
        await shutdown()
        return SignalReactionShowcase.Report(
            dispatchedHits: hits.dispatched.load(ordering: .relaxed),
            polledHits: sink.count(.matching(Self.done)),
            immediateHits: hits.immediate.load(ordering: .relaxed),
            backgroundHits: hits.background.load(ordering: .relaxed),
            startedWhileHeld: startedWhileHeld,
            dropped: dropped,
            signals: names.all
        )
    }

    /// Ends both coordinators, with what they have in the background.
    func shutdown() async {
        await coordinator.shutdown()
        await dispatcher.shutdown()
    }
}
