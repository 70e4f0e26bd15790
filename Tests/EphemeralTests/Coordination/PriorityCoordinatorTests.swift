import Ephemeral
import EphemeralTesting
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PriorityCoordinatorTests {
    let stage = Stage()
    let sink: SignalSink

    init() { sink = SignalSink(maxAge: .seconds(60), time: stage.time) }

    private func coordinator(
        _ lanes: [PriorityLane] = [PriorityLane("urgent"), PriorityLane("normal"), PriorityLane("bulk")],
        maxConcurrency: Int = 1,
        agingInterval: Duration? = nil,
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> PriorityWorkCoordinator<Int> {
        var options = stage.options(maxConcurrency)
        options.signals.sink = sink
        configure(&options)
        return try PriorityWorkCoordinator(lanes: lanes, options: options, agingInterval: agingInterval) {
            [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    private func lane(_ name: String, _ change: (inout PriorityLane) -> Void) -> PriorityLane {
        var lane = PriorityLane(name)
        change(&lane)
        return lane
    }

    @Test func aFreePlaceGoesToTheHighestLane() throws {
        let coordinator = try coordinator()
        for (item, lane) in [(1, "bulk"), (2, "bulk"), (3, "normal"), (4, "urgent"), (5, "urgent")] {
            #expect(try coordinator.tryEnqueue(item, lane: lane))
        }
        stage.open()
        #expect(stage.starts.elements == [4, 5, 3, 1, 2])
    }

    @Test func anUrgentItemWaitsOnlyForWhatRuns() throws {
        let coordinator = try coordinator()
        for item in 1...1000 { #expect(try coordinator.tryEnqueue(item, lane: "bulk")) }
        stage.run()
        #expect(try coordinator.tryEnqueue(-1, lane: "urgent"))
        stage.release()
        #expect(stage.starts.elements == [1, -1])
        stage.open()
        #expect(coordinator.stats.completed == 1001)
    }

    @Test func aFullLaneDoesNotKeepUrgentItemsWaiting() throws {
        let coordinator = try coordinator { $0.queueCapacity = 2 }
        let bulk = stage.call { for item in 1...5 { try await coordinator.enqueue(item, lane: "bulk") } }
        #expect(bulk.isSuspended)
        let urgent = stage.call { try await coordinator.enqueue(-1, lane: "urgent") }
        #expect(urgent.hasSucceeded)
        stage.open()
        #expect(stage.starts.elements == [1, -1, 2, 3, 4, 5])
        #expect(bulk.hasSucceeded)
    }

    @Test func aLaneTakesNoMoreThanItsDepth() throws {
        let coordinator = try coordinator([PriorityLane("urgent", maxDepth: 2), PriorityLane("normal", maxDepth: 0)])
        coordinator.pause()
        let taken = try (1...3).map { try coordinator.tryEnqueue($0, lane: "urgent") }
        #expect(taken == [true, true, false])
        let answers = Journal<Bool>()
        let refused = stage.call { answers.record(try await coordinator.enqueue(4, lane: "urgent")) }
        stage.run()
        #expect(refused.hasSucceeded && answers.elements == [false])
        #expect(coordinator.stats.enqueued == 2)
        let accepted = try (0..<5000).count { _ in try coordinator.tryEnqueue(0) }
        #expect(accepted == 4096, "the capacity holds where there is no depth")
        stage.open()
    }

    @Test func aLaneRunsNoMoreThanItsLimitAndLeavesTheRestToOthers() throws {
        let coordinator = try coordinator(
            [PriorityLane("urgent", maxConcurrency: 1), PriorityLane("normal")],
            maxConcurrency: 3
        )
        for (item, lane) in [(1, "urgent"), (2, "urgent"), (3, "normal"), (4, "normal"), (5, "normal")] {
            #expect(try coordinator.tryEnqueue(item, lane: lane))
        }
        stage.run()
        #expect(stage.starts.elements == [1, 3, 4])
        stage.release()
        #expect(stage.starts.elements == [1, 3, 4, 2])
        stage.open()
        #expect(stage.starts.elements == [1, 3, 4, 2, 5])
    }

    @Test func aDeferredLaneIsPassedOverAndWakesWhenTheSignalGoes() throws {
        let coordinator = try coordinator([lane("urgent") { $0.deferOn = ["db.slow"] }, PriorityLane("normal")])
        sink.raise("db.slow")
        #expect(try coordinator.tryEnqueue(1, lane: "urgent"))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        #expect(try coordinator.tryEnqueue(2))
        stage.run()
        #expect(stage.starts.elements == [2])
        stage.release()
        sink.retract("db.slow")
        stage.run()
        #expect(stage.starts.elements == [2, 1])
        stage.open()
    }

    @Test func aDeferredLaneWakesWhenTheSignalHasOutlivedItsAge() throws {
        let coordinator = try coordinator([
            lane("urgent") {
                $0.deferOn = ["db.slow"]
                $0.maxDeferAttempts = nil
            }
        ])
        sink.raise("db.slow")
        #expect(try coordinator.tryEnqueue(1, lane: "urgent"))
        stage.run()
        stage.time.advance(by: .seconds(59))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        stage.time.advance(by: .seconds(2))
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test func theFirstItemOfADeferredLaneStartsAfterItsAllowance() throws {
        let coordinator = try coordinator([
            lane("urgent") {
                $0.deferOn = ["db.slow"]
                $0.maxDeferAttempts = 3
                $0.deferCheckInterval = .seconds(1)
            }
        ])
        sink.raise("db.slow")
        for item in 1...2 { #expect(try coordinator.tryEnqueue(item, lane: "urgent")) }
        stage.run()
        stage.gate.open()
        stage.time.advance(by: .milliseconds(2999))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        stage.time.advance(by: .milliseconds(1))
        stage.run()
        #expect(stage.starts.elements == [1])
        #expect(coordinator.contains(.name("defer.exhausted")))
        stage.time.advance(by: .seconds(3))
        stage.run()
        #expect(stage.starts.elements == [1, 2], "each head has an allowance of its own")
    }

    @Test func aCancelledLaneIsEmptiedCountedAndRefusesWhileTheSignalLives() throws {
        let coordinator = try coordinator([PriorityLane("urgent"), lane("bulk") { $0.cancelOn = ["stop.*"] }])
        for (item, lane) in [(0, "urgent"), (1, "bulk"), (2, "bulk"), (3, "urgent")] {
            #expect(try coordinator.tryEnqueue(item, lane: lane))
        }
        stage.run()
        sink.raise("stop.bulk")
        #expect(coordinator.stats.cancelled == 2)
        #expect(coordinator.operations(in: .cancelled).count == 2)
        #expect(try coordinator.tryEnqueue(4, lane: "bulk") == false)
        #expect(try coordinator.tryEnqueue(5, lane: "urgent"))
        sink.retract("stop.bulk")
        #expect(try coordinator.tryEnqueue(6, lane: "bulk"))
        stage.open()
        #expect(stage.starts.elements == [0, 3, 5, 6])
        #expect(coordinator.stats.isConsistent)
    }

    @Test func aCallerThatWaitsForRoomInACancelledLaneIsRefused() throws {
        let coordinator = try coordinator([lane("bulk") { $0.cancelOn = ["stop"] }]) { $0.queueCapacity = 1 }
        let calls = Journal<Bool>()
        let call = stage.call { for item in 1...3 { calls.record(try await coordinator.enqueue(item, lane: "bulk")) } }
        #expect(call.isSuspended)
        sink.raise("stop")
        stage.run()
        #expect(call.hasSucceeded)
        #expect(calls.elements == [true, true, false])
        stage.open()
    }

    @Test func unknownLanesAreNamedWithTheKnownOnes() async throws {
        let coordinator = try coordinator()
        let error = #expect(throws: CoordinatorError.self) { try coordinator.tryEnqueue(1, lane: "urgnt") }
        #expect(error?.code == .laneUnknown)
        #expect(error?.message.contains("urgent, normal, bulk") == true)
        await #expect(throws: CoordinatorError.self) { try await coordinator.enqueue(1, lane: "") }
    }

    @Test(arguments: [["a", "b"], ["normal"], []])
    func theDefaultLaneIsNormalOrTheFirst(_ names: [String]) throws {
        let coordinator = try coordinator(names.map { PriorityLane($0) })
        #expect(try coordinator.tryEnqueue(1))
        #expect(coordinator.pendingCounts.first?.count == 1)
        #expect(coordinator.pendingCounts.map(\.lane) == (names.isEmpty ? ["normal"] : names))
    }

    @Test func badLanesAreRefused() {
        let bad: [[PriorityLane]] = [
            [PriorityLane("a"), PriorityLane("a")],
            [PriorityLane(" ")],
            [PriorityLane("a", maxConcurrency: 0)],
            [lane("a") { $0.maxDeferAttempts = -1 }],
            [lane("a") { $0.deferCheckInterval = .zero }],
        ]
        for lanes in bad {
            #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) { try coordinator(lanes) }
        }
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            try coordinator([lane("a") { $0.deferOn = ["x"] }]) { $0.signals.sink = nil }
        }
        #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) { try coordinator(agingInterval: .zero) }
    }

    @Test func agingRaisesWhatHasWaitedForLong() throws {
        let coordinator = try coordinator(agingInterval: .seconds(1))
        #expect(try coordinator.tryEnqueue(0, lane: "urgent"))
        stage.run()
        #expect(try coordinator.tryEnqueue(1, lane: "bulk"))
        stage.time.advance(by: .seconds(3))
        #expect(try coordinator.tryEnqueue(2, lane: "urgent"))
        stage.open()
        #expect(stage.starts.elements == [0, 1, 2])
    }

    @Test func drainFinishesAllLanes() throws {
        let coordinator = try coordinator()
        for (item, lane) in [(1, "bulk"), (2, "urgent")] { #expect(try coordinator.tryEnqueue(item, lane: lane)) }
        let drain = stage.call { try await coordinator.drain() }
        #expect(try coordinator.tryEnqueue(3, lane: "urgent") == false)
        stage.open()
        #expect(drain.hasSucceeded)
        #expect(coordinator.stats.completed == 2)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct KeyedPriorityCoordinatorTests {
    let stage = Stage()

    private func coordinator(_ maxConcurrency: Int) throws -> KeyedPriorityWorkCoordinator<Int, Int> {
        try KeyedPriorityWorkCoordinator(
            lanes: [PriorityLane("urgent"), PriorityLane("normal")],
            options: stage.options(maxConcurrency),
            key: { abs($0) / 10 }
        ) { [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    @Test func anUrgentItemOvertakesItsKeyButNeverRunsBesideIt() throws {
        let coordinator = try coordinator(4)
        for item in [10, 11, 12] { #expect(try coordinator.tryEnqueue(item)) }
        stage.run()
        #expect(try coordinator.tryEnqueue(-13, lane: "urgent"))
        stage.run()
        #expect(stage.starts.elements == [10])
        #expect(coordinator.pendingCount(for: 1) == 3)
        stage.release()
        #expect(stage.starts.elements == [10, -13])
        stage.open()
        #expect(stage.starts.elements == [10, -13, 11, 12])
    }

    @Test func aBusyKeyOfTheHighLaneLeavesThePlaceToOthers() throws {
        let coordinator = try coordinator(2)
        for item in [10, 11] { #expect(try coordinator.tryEnqueue(item, lane: "urgent")) }
        #expect(try coordinator.tryEnqueue(20))
        stage.run()
        #expect(stage.starts.elements == [10, 20])
        stage.open()
        #expect(coordinator.stats.completed == 3)
    }

    @Test func aKeyFreedInOneLaneIsServedInAnother() throws {
        let coordinator = try coordinator(1)
        for (item, lane) in [(10, "urgent"), (11, "normal"), (12, "urgent"), (13, "normal"), (20, "normal")] {
            #expect(try coordinator.tryEnqueue(item, lane: lane))
        }
        stage.open()
        #expect(stage.starts.elements == [10, 12, 11, 13, 20])
    }
}
