import EphemeralTesting
import Synchronization
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct DrainRequestTests {
    let stage = Stage()
    let sink: SignalSink

    init() {
        sink = SignalSink(time: stage.time)
    }

    private func coordinator(
        _ id: String? = nil,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> WorkCoordinator<Int> {
        try stage.coordinator {
            $0.signals.sink = sink
            $0.coordinatorId = id
            configure(&$0)
        }
    }

    @Test func anIdleCoordinatorActsAtOnce() throws {
        let coordinator = try coordinator()
        sink.requestDrain()
        #expect(coordinator.isFinished)
        #expect(coordinator.isDrained)
        #expect(!coordinator.tryEnqueue(1))
    }

    @Test func whatIsQueuedStillRuns() throws {
        let coordinator = try coordinator()
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        sink.raise("coordinator.drain.all")
        #expect(coordinator.isFinished)
        #expect(!coordinator.isDrained)
        stage.open()
        #expect(stage.ends.elements == [1, 2, 3])
        #expect(coordinator.isDrained)
    }

    @Test func callersThatWaitForRoomAreTurnedAway() throws {
        let coordinator = try coordinator { $0.queueCapacity = 1 }
        stage.call { for item in 1...2 { try await coordinator.enqueue(item) } }
        let caller = stage.call { try await coordinator.enqueue(3) }
        #expect(caller.isSuspended)
        sink.requestDrain()
        stage.run()
        #expect((caller.error as? CoordinatorError)?.code == .completed)
    }

    @Test func aRequestFromBeforeTheCoordinatorIsNoneOfItsBusiness() throws {
        sink.requestDrain()
        let coordinator = try coordinator()
        #expect(!coordinator.isFinished)
        sink.raise("other")
        #expect(coordinator.tryEnqueue(1))
        stage.open()
        #expect(stage.ends.elements == [1])
    }

    @Test func aRequestByIdentifierConcernsThatCoordinatorOnly() throws {
        let (orders, others, nameless) = (try coordinator("orders"), try coordinator("order"), try coordinator())
        sink.requestDrain(of: "orders")
        sink.raise("coordinator.drain.id")
        #expect(orders.isFinished)
        #expect(!others.isFinished)
        #expect(!nameless.isFinished)
    }

    @Test func aRequestByPatternConcernsThoseWhoseIdentifierMatches() throws {
        let coordinators = try ["orders.eu", "orders.us", "mail", nil].map { try coordinator($0) }
        sink.requestDrain(matching: "orders.*")
        #expect(coordinators.map(\.isFinished) == [true, true, false, false])
        sink.requestDrain(matching: "*")
        #expect(coordinators.map(\.isFinished) == [true, true, true, false])
        sink.raise("coordinator.drain.pattern")
        #expect(!coordinators[3].isFinished)
    }

    @Test func signalsOfTheOptionsAreRequestsToo() throws {
        let coordinator = try coordinator { $0.signals.drainOn = ["deploy.*"] }
        sink.raise("deploy")
        #expect(!coordinator.isFinished)
        sink.raise("deploy.started")
        #expect(coordinator.isFinished)
    }

    @Test func theWellKnownRequestsCanBeIgnored() throws {
        let coordinator = try coordinator("me") {
            $0.signals.obeysDrainRequests = false
            $0.signals.drainOn = ["mine"]
        }
        sink.requestDrain()
        sink.requestDrain(of: "me")
        sink.requestDrain(matching: "*")
        #expect(!coordinator.isFinished)
        sink.raise("mine")
        #expect(coordinator.isFinished)
    }

    @Test func aPatternThatCoversTheWellKnownRequestsDoesNotWidenThem() throws {
        let coordinator = try coordinator("me") { $0.signals.drainOn = ["coordinator.*"] }
        sink.requestDrain(of: "you")
        #expect(!coordinator.isFinished)
        sink.requestDrain(of: "me")
        #expect(coordinator.isFinished)
    }

    @Test func anOperationMayAskForTheEndOfItsOwnCoordinatorWithoutASink() throws {
        var options = stage.options()
        options.signals.drainOn = ["enough"]
        let coordinator = try WorkCoordinator<Int>(options: options) { [starts = stage.starts] item, context in
            starts.record(item)
            if item == 2 { context.emit("enough") }
        }
        for item in 1...3 { #expect(coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(stage.starts.elements == [1, 2, 3])
        #expect(coordinator.isFinished)
    }

    @Test func anOperationsRequestReachesAllCoordinatorsOfTheSink() throws {
        let idle = try coordinator()
        var options = stage.options()
        options.signals.sink = sink
        let coordinator = try WorkCoordinator<Int>(options: options) { _, context in
            context.emit("coordinator.drain.all")
        }
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(coordinator.isDrained)
        #expect(idle.isDrained)
    }

    @Test func aCoordinatorThatIsFedByASequenceTakesNoMore() throws {
        var options = stage.options()
        options.signals.sink = sink
        let (stream, feed) = AsyncStream.makeStream(of: Int.self)
        let starts = stage.starts
        let coordinator = try WorkCoordinator<Int>(consuming: stream, options: options) { item, _ in
            starts.record(item)
        }
        feed.yield(1)
        stage.run()
        sink.requestDrain()
        stage.run()
        feed.yield(2)
        stage.run()
        #expect(stage.starts.elements == [1])
        #expect(coordinator.isDrained)
    }

    @Test func keyedPriorityAndResultCoordinatorsObeyToo() throws {
        var options = stage.options()
        options.signals.sink = sink
        let coordinators: [any Coordinator] = [
            try KeyedWorkCoordinator<Int, Int>(options: options, key: { $0 }, body: { _, _ in }),
            try PriorityWorkCoordinator<Int>(options: options, body: { _, _ in }),
            try KeyedPriorityWorkCoordinator<Int, Int>(options: options, key: { $0 }, body: { _, _ in }),
            try ResultCoordinator<Int, Int>(options: options, body: { item, _ in item }),
        ]
        sink.requestDrain()
        #expect(coordinators.map(\.isFinished) == [true, true, true, true])
    }

    @Test func aForEachIsNotConcerned() throws {
        var options = stage.options()
        options.signals.sink = sink
        options.signals.drainOn = ["s.*"]
        let final = options
        let call = stage.call { [starts = stage.starts] in
            let summary = try await [1, 2, 3].forEach(options: final) { item, context in
                starts.record(item)
                context.emit("s.\(item)")
                context.emit("coordinator.drain.all")
            }
            #expect(summary.completed == 3)
        }
        #expect(call.hasSucceeded)
        #expect(stage.starts.elements == [1, 2, 3])
    }

    @Test func aCoordinatorThatIsGoneIsAskedNoMore() throws {
        var coordinator: WorkCoordinator<Int>? = try coordinator()
        weak let engine = coordinator?.engine
        #expect(engine != nil)
        coordinator = nil
        #expect(engine == nil)
        sink.requestDrain()
        #expect(sink.contains("coordinator.drain.all"))
    }

    @Test func aRequestIsHeardHoweverDeepTheCallsAreNested() throws {
        let coordinator = try coordinator()
        let calls = Journal<Int>()
        let subscription = sink.subscribe(to: ["loop"]) { [weak sink] _ in
            calls.record(1)
            if calls.count == 64 { sink?.requestDrain() } else { sink?.raise("loop") }
        }
        sink.raise("loop")
        #expect(coordinator.isFinished)
        subscription.cancel()
    }

    /// What a coordinator without rules costs a sink: signals that do not concern it draw no identity and call nobody.
    @Test func aSinkDoesNothingForSignalsThatNobodyWaitsFor() throws {
        let coordinator = try coordinator()
        let before = sink.state.withLock { state in
            state.raise(SignalName("a"), key: nil, time: .at(0), wallOffset: 0, now: .at(0)) == nil
        }
        #expect(before)
        let request = sink.state.withLock { state in
            state.raise(SignalName("coordinator.drain.all"), key: nil, time: .at(0), wallOffset: 0, now: .at(0))
        }
        #expect(request?.requests.count == 1)
        #expect(!coordinator.isFinished)
    }
}
