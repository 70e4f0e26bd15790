import EphemeralTesting
import Testing

@testable import Ephemeral

/// The bounds and allowances of lanes where several rules meet.
@Suite(.timeLimit(.minutes(1)))
struct LaneBoundsTests {
    let stage = Stage()
    let sink: SignalSink

    init() { sink = SignalSink(maxAge: .seconds(60), time: stage.time) }

    private func lane(_ name: String, _ change: (inout PriorityLane) -> Void) -> PriorityLane {
        var lane = PriorityLane(name)
        change(&lane)
        return lane
    }

    private func coordinator(
        _ lanes: [PriorityLane],
        maxConcurrency: Int = 1,
        agingInterval: Duration? = nil
    ) throws -> PriorityWorkCoordinator<Int> {
        var options = stage.options(maxConcurrency)
        options.signals.sink = sink
        return try PriorityWorkCoordinator(lanes: lanes, options: options, agingInterval: agingInterval) {
            [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    private func keyed(
        _ lanes: [PriorityLane],
        configure: (inout EphemeralOptions) -> Void = { _ in }
    ) throws -> KeyedPriorityWorkCoordinator<Int, Int> {
        var options = stage.options()
        configure(&options)
        return try KeyedPriorityWorkCoordinator(lanes: lanes, options: options, key: { $0 / 10 }) {
            [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
    }

    @Test func theOnlyLaneOfAKeyedCoordinatorTakesNoMoreThanItsDepth() throws {
        let coordinator = try keyed([PriorityLane("normal", maxDepth: 2)])
        coordinator.pause()
        #expect(try [10, 20, 30, 40].map { try coordinator.tryEnqueue($0) } == [true, true, false, false])
        #expect(coordinator.pendingCounts.map(\.count) == [2])
    }

    @Test(arguments: [["normal"], ["urgent", "normal"]])
    func fairSchedulingRefusesAtTheThresholdInLanesToo(_ names: [String]) throws {
        let coordinator = try keyed(names.map { PriorityLane($0) }) {
            $0.keys.enableFairScheduling = true
            $0.keys.fairSchedulingThreshold = 2
        }
        coordinator.pause()
        #expect(try [10, 11, 12, 20].map { try coordinator.tryEnqueue($0) } == [true, true, false, true])
        #expect(coordinator.pendingCount(for: 1) == 2)
    }

    @Test func aLaneThatIsFullOfRunningBodiesDoesNotHideWhenAnotherMayStart() throws {
        let coordinator = try coordinator(
            [
                lane("narrow") {
                    $0.maxConcurrency = 1
                    $0.deferOn = ["slow"]
                    $0.maxDeferAttempts = 1
                    $0.deferCheckInterval = .seconds(1)
                },
                lane("wide") {
                    $0.deferOn = ["slow"]
                    $0.maxDeferAttempts = 1
                    $0.deferCheckInterval = .seconds(2)
                },
            ],
            maxConcurrency: 4
        )
        #expect(try coordinator.tryEnqueue(1, lane: "narrow"))
        stage.run()
        sink.raise("slow")
        #expect(try coordinator.tryEnqueue(2, lane: "narrow"))
        #expect(try coordinator.tryEnqueue(3, lane: "wide"))
        stage.run()
        stage.time.advance(by: .seconds(1))
        stage.run()
        #expect(stage.starts.elements == [1], "the allowance is used up, but the lane has no place")
        stage.time.advance(by: .seconds(1))
        stage.run()
        #expect(stage.starts.elements == [1, 3])
        stage.open()
        #expect(stage.starts.elements == [1, 3, 2])
    }

    @Test func anItemThatFollowsCancelledOnesHasItsWholeAllowance() throws {
        let coordinator = try coordinator([
            lane("normal") {
                $0.cancelOn = ["stop"]
                $0.deferOn = ["slow"]
                $0.maxDeferAttempts = 1
                $0.deferCheckInterval = .seconds(10)
            }
        ])
        sink.raise("slow")
        #expect(try coordinator.tryEnqueue(1))
        stage.run()
        stage.time.advance(by: .seconds(9))
        stage.run()
        sink.raise("stop")
        stage.run()
        #expect(coordinator.stats.cancelled == 1)
        sink.retract("stop")
        #expect(try coordinator.tryEnqueue(2))
        stage.run()
        stage.time.advance(by: .seconds(9))
        stage.run()
        #expect(stage.starts.elements.isEmpty)
        stage.time.advance(by: .seconds(1))
        stage.run()
        #expect(stage.starts.elements == [2])
        stage.open()
    }

    @Test func anAgingIntervalShorterThanTheClockTellsIsOneTick() throws {
        let coordinator = try coordinator(
            [PriorityLane("urgent"), PriorityLane("normal")],
            agingInterval: Duration(secondsComponent: 0, attosecondsComponent: 1)
        )
        #expect(try coordinator.tryEnqueue(1, lane: "normal"))
        stage.time.advance(by: .nanoseconds(10))
        #expect(try coordinator.tryEnqueue(2, lane: "urgent"))
        stage.open()
        #expect(stage.starts.elements == [1, 2])
    }
}
