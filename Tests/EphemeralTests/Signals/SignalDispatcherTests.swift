import EphemeralTesting
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalDispatcherTests {
    let stage = Stage()
    let begun = Journal<String>()
    let gate = Gate()

    private func dispatcher(
        _ maxConcurrency: Int = 4,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> SignalDispatcher {
        var options = stage.options(maxConcurrency)
        configure(&options)
        return try SignalDispatcher(options: options)
    }

    /// A handler that says its name and the event's key, and stops at the gate.
    private func handler(_ name: String) -> @Sendable (SignalEvent) async throws -> Void {
        { [begun, gate] event in
            begun.record("\(name) \(event.signal)\(event.key ?? "")")
            try await gate.wait()
        }
    }

    private func event(_ name: String, _ key: String? = nil) -> SignalEvent { .at(0, name, key: key) }

    @Test func optionsDefaultToThoseOfACoordinatorWithFewerVisibleEvents() throws {
        #expect(SignalDispatcher.defaultOptions.maxTrackedOperations == 128)
        #expect(SignalDispatcher.defaultOptions.keys.maxConcurrencyPerKey == 1)
        #expect(throws: CoordinatorError.self) { try dispatcher(0) }
    }

    @Test(arguments: ["", " ", "\t\n"])
    func aBlankPatternIsRefused(_ pattern: String) throws {
        let dispatcher = try dispatcher()
        let error = #expect(throws: CoordinatorError.self) {
            try dispatcher.register(SignalPattern(pattern)) { _ in }
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func everyMatchingHandlerRunsInTheOrderOfRegistration() throws {
        gate.open()
        let dispatcher = try dispatcher()
        for pattern in ["error.*", "*", "error.io", "other"] {
            try dispatcher.register(SignalPattern(pattern), handler: handler(pattern))
        }
        #expect(dispatcher.dispatch(event("error.io")))
        stage.run()
        #expect(begun.elements == ["error.* error.io", "* error.io", "error.io error.io"])
    }

    @Test func theSamePatternReplacesInPlace() throws {
        gate.open()
        let dispatcher = try dispatcher()
        for (pattern, name) in [("a", "old"), ("*", "all"), ("a", "new")] {
            try dispatcher.register(SignalPattern(pattern), handler: handler(name))
        }
        dispatcher.dispatch(event("a"))
        stage.run()
        #expect(begun.elements == ["new a", "all a"])
        #expect(dispatcher.unregister("a"))
        #expect(!dispatcher.unregister("a"))
        dispatcher.dispatch(event("a"))
        stage.run()
        #expect(begun.elements == ["new a", "all a", "all a"])
    }

    @Test func eventsOfOneNameAreHandledInOrderAndDifferentNamesAtOnce() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("h"))
        for (name, key) in [("a", "1"), ("a", "2"), ("b", "1"), ("a", "3")] { dispatcher.dispatch(event(name, key)) }
        stage.run()
        #expect(begun.elements == ["h a1", "h b1"])
        gate.open()
        stage.run()
        #expect(begun.elements.filter { $0.hasPrefix("h a") } == ["h a1", "h a2", "h a3"])
        #expect(dispatcher.stats.completed == 4)
    }

    @Test func namesThatDifferInBytesAreDifferentNames() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("h"))
        for name in ["caf\u{e9}", "cafe\u{301}"] { dispatcher.dispatch(event(name)) }
        stage.run()
        #expect(begun.count == 2)
        #expect(dispatcher.snapshot().map(\.key) == ["caf\u{e9}", "cafe\u{301}"])
        gate.open()
        stage.run()
    }

    @Test func aHandlerThatThrowsStopsNeitherTheOthersNorTheEventsAfter() throws {
        gate.open()
        let dispatcher = try dispatcher()
        try dispatcher.register("a*") { _ in throw Failure(number: 1) }
        try dispatcher.register("a") { _ in throw Failure(number: 2) }
        try dispatcher.register("*", handler: handler("last"))
        for name in ["a", "a"] { dispatcher.dispatch(event(name)) }
        stage.run()
        #expect(begun.elements == ["last a", "last a"])
        #expect(dispatcher.failedHandlerCount == 4)
        #expect(dispatcher.stats.failed == 2)
        #expect(dispatcher.operations(in: .failed).first?.error as? Failure == Failure(number: 1))
    }

    @Test func registrationConcernsEventsThatHaveNotBegun() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("first"))
        for key in ["1", "2"] { dispatcher.dispatch(event("a", key)) }
        stage.run()
        try dispatcher.register("a", handler: handler("late"))
        gate.open()
        stage.run()
        #expect(begun.elements == ["first a1", "first a2", "late a2"])
    }

    @Test func whenThereIsNoRoomDispatchSaysSoAndCounts() throws {
        let dispatcher = try dispatcher { $0.queueCapacity = 2 }
        try dispatcher.register("*", handler: handler("h"))
        dispatcher.dispatch(event("a", "0"))
        stage.run()
        let answers = (1...4).map { dispatcher.dispatch(event("a", "\($0)")) }
        #expect(answers == [true, true, false, false])
        #expect(dispatcher.droppedCount == 2)
        let flush = stage.call { try await dispatcher.flush() }
        #expect(flush.isSuspended)
        gate.open()
        stage.run()
        #expect(flush.hasSucceeded)
        #expect(begun.elements == ["h a0", "h a1", "h a2"])
    }

    @Test func aNameThatHasManyWaitingIsRefusedWhenSchedulingIsFair() throws {
        let dispatcher = try dispatcher {
            $0.keys.enableFairScheduling = true
            $0.keys.fairSchedulingThreshold = 2
        }
        try dispatcher.register("*", handler: handler("h"))
        dispatcher.dispatch(event("a", "0"))
        stage.run()
        let answers = (1...3).map { dispatcher.dispatch(event("a", "\($0)")) }
        #expect(answers == [true, true, false])
        #expect(dispatcher.dispatch(event("b")))
        gate.open()
        stage.run()
    }

    @Test func flushingWaitsForWhatCameBeforeAndTheDispatcherGoesOn() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("h"))
        dispatcher.dispatch(event("a", "1"))
        let flush = stage.call { try await dispatcher.flush() }
        dispatcher.dispatch(event("a", "2"))
        stage.run()
        #expect(flush.isSuspended)
        gate.release()
        stage.run()
        #expect(flush.hasSucceeded)
        #expect(begun.elements == ["h a1", "h a2"])
        #expect(dispatcher.dispatch(event("a", "3")))
        let next = stage.call { try await dispatcher.flush() }
        #expect(next.isSuspended)
        gate.open()
        stage.run()
        #expect(next.hasSucceeded)
        #expect(begun.count == 3)
    }

    @Test func flushingAnIdleDispatcherReturnsAtOnce() throws {
        let dispatcher = try dispatcher()
        let flush = stage.call { try await dispatcher.flush() }
        #expect(flush.hasSucceeded)
    }

    @Test func aCancelledFlushThrowsAndTheEventIsHandled() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("h"))
        dispatcher.dispatch(event("a"))
        let flush = stage.call { try await dispatcher.flush() }
        flush.task.cancel()
        stage.run()
        #expect(flush.error is CancellationError)
        gate.open()
        stage.run()
        #expect(dispatcher.stats.completed == 1)
    }

    @Test func shuttingDownReleasesWhoFlushesAndRefusesWhatComes() throws {
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("first"))
        try dispatcher.register("a", handler: handler("second"))
        for key in ["1", "2"] { dispatcher.dispatch(event("a", key)) }
        let flush = stage.call { try await dispatcher.flush() }
        let shutdown = stage.call { await dispatcher.shutdown() }
        #expect(shutdown.hasSucceeded)
        #expect(flush.hasSucceeded)
        #expect(!dispatcher.dispatch(event("a")))
        #expect(dispatcher.droppedCount == 1)
        // The running handler gave in to the cancellation; its event got no further handler.
        #expect(begun.elements == ["first a1"])
        #expect(dispatcher.stats.isConsistent)
        #expect(dispatcher.stats.cancelled == 2)
    }

    @Test func drainingHandlesWhatWaits() throws {
        gate.open()
        let dispatcher = try dispatcher()
        try dispatcher.register("*", handler: handler("h"))
        for key in ["1", "2"] { dispatcher.dispatch(event("a", key)) }
        let drain = stage.call { try await dispatcher.drain() }
        #expect(drain.hasSucceeded)
        #expect(begun.count == 2)
        #expect(!dispatcher.dispatch(event("a")))
    }

    @Test func aHandlerMayDispatchAndRegister() throws {
        gate.open()
        let dispatchers = Journal<SignalDispatcher>()
        let dispatcher = try dispatcher()
        dispatchers.record(dispatcher)
        try dispatcher.register("a") { [handler = handler("b")] event in
            try dispatchers.elements.first?.register("b", handler: handler)
            dispatchers.elements.first?.dispatch(.at(0, "b"))
        }
        dispatcher.dispatch(event("a"))
        stage.run()
        #expect(begun.elements == ["b b"])
        let shutdown = stage.call { await dispatcher.shutdown() }
        #expect(shutdown.hasSucceeded)
    }

    @Test func thousandsOfNamesLeaveNothingBehind() throws {
        let dispatcher = try dispatcher { $0.maxTrackedOperations = 0 }
        for number in 0..<2000 { #expect(dispatcher.dispatch(event("stage.done:\(number)"))) }
        stage.run()
        #expect(dispatcher.stats.completed == 2000)
        #expect(dispatcher.snapshot().isEmpty)
    }

    @Test func whatManyTasksDispatchIsHandledOnceAndInOrder() async throws {
        let handled = Journal<String>()
        let dispatcher = try SignalDispatcher()
        try dispatcher.register("*") { handled.record("\($0.signal).\($0.key ?? "")") }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<200 { dispatcher.dispatch(.at(0, "s\(task)", key: "\(number)")) }
                }
            }
        }
        try await dispatcher.flush()
        #expect(handled.count == 800)
        for task in 0..<4 {
            let mine = handled.elements.filter { $0.hasPrefix("s\(task).") }
            #expect(mine == (0..<200).map { "s\(task).\($0)" })
        }
        await dispatcher.shutdown()
    }
}
