import EphemeralTesting
import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalClearingTests {
    private let clock = ManualClock()
    private let sink: SignalSink
    private let raised = Recorder<SignalEvent>()

    init() {
        sink = SignalSink(maxCapacity: 100, maxAge: .seconds(10), time: clock)
    }

    private func fill() -> SignalSubscription {
        for (name, operation, key) in [("a.1", 1, "x"), ("b", 2, "y"), ("a.2", 2, "x"), ("a.1", 2, nil)] {
            sink.raise(
                SignalEvent(
                    name,
                    operationID: OperationID(rawValue: Int64(operation)),
                    key: key,
                    timestamp: clock.now,
                    timeSource: clock
                )
            )
        }
        return sink.subscribe { [raised] in raised.add($0) }
    }

    private var names: [String] { sink.signals().map(\.signal) }

    @Test func clearingForgetsAllAndSaysHowMany() {
        let subscription = fill()
        #expect(sink.clear() == 4)
        #expect(sink.signals() == raised.values)
        #expect(raised.values.map(\.signal) == ["sink.cleared"])
        #expect(raised.values.map(\.key) == ["4"])
        subscription.cancel()
    }

    @Test func clearingAPatternForgetsWhatMatchesInPlace() {
        let subscription = fill()
        #expect(sink.clear(matching: "a.*") == 3)
        #expect(names == ["b", "sink.cleared.pattern"])
        #expect(raised.values.map(\.key) == ["a.*:3"])
        subscription.cancel()
    }

    @Test func clearingAnOperationForgetsItsSignals() {
        let subscription = fill()
        #expect(sink.clear(operation: OperationID(rawValue: 2)) == 3)
        #expect(names == ["a.1", "sink.cleared"])
        #expect(raised.values.map(\.key) == ["3"])
        subscription.cancel()
    }

    @Test func clearingAKeyForgetsItsSignals() {
        let subscription = fill()
        #expect(sink.clear(key: "x") == 2)
        #expect(names == ["b", "a.1", "sink.cleared"])
        #expect(raised.values.map(\.key) == ["2"])
        subscription.cancel()
    }

    @Test func nothingIsSaidWhenNothingWasThere() {
        #expect(sink.clear() == 0)
        let subscription = fill()
        #expect(sink.clear(matching: "c") == 0)
        #expect(sink.clear(operation: OperationID(rawValue: 3)) == 0)
        #expect(sink.clear(key: "z") == 0)
        clock.advance(by: .seconds(10))
        #expect(sink.clear() == 0)
        #expect(raised.values.isEmpty)
        #expect(sink.count == 0)
        subscription.cancel()
    }

    @Test func takingBackSaysNothing() {
        let subscription = fill()
        sink.retract("b")
        sink.retract(matching: "a.*")
        #expect(raised.values.isEmpty)
        #expect(sink.count == 0)
        subscription.cancel()
    }

    @Test func clearingIsNoRetraction() {
        let retracted = Recorder<String>()
        let subscription = fill()
        let retractions = sink.subscribeToRetractions { retracted.add($0.signal) }
        sink.clear()
        #expect(retracted.values.isEmpty)
        subscription.cancel()
        retractions.cancel()
    }

    @Test func queriesThatAreKeptAnsweredSeeTheClearing() {
        let subscription = fill()
        #expect(sink.count(.prefix("a.")) == 3)
        sink.clear(key: "x")
        #expect(sink.count(.prefix("a.")) == 1)
        sink.clear()
        #expect(sink.count(.prefix("a.")) == 0)
        #expect(!sink.contains("a.1"))
        sink.raise("a.3")
        #expect(sink.signals(.prefix("a.")).map(\.signal) == ["a.3"])
        subscription.cancel()
    }

    @Test func rulesThatWatchAreToldOnce() {
        let readings = Recorder<StartGate.Reading>()
        let watched = sink.watch(["a.*"]) { readings.add($0) }
        let subscription = fill()
        sink.clear()
        #expect(readings.values.map { $0.newest?.signal } == [nil, "a.1", "a.2", "a.1", nil])
        watched.cancel()
        subscription.cancel()
    }

    @Test func aSubscriberThatClearsOnEveryNoteIsStopped() {
        let subscription = fill()
        let sink = sink
        let clearing = sink.subscribe(to: ["sink.*"]) { [weak sink] _ in sink?.clear() }
        sink.clear()
        #expect(raised.values.count == 64)
        #expect(sink.count <= 2)
        clearing.cancel()
        subscription.cancel()
    }

    @Test func clearingStartsWhatWasHeldBack() throws {
        let stage = Stage()
        let sink = SignalSink(time: stage.time)
        let coordinator = try stage.coordinator {
            $0.signals.sink = sink
            $0.signals.deferOn = ["hold"]
        }
        sink.raise("hold")
        #expect(coordinator.tryEnqueue(1))
        stage.run()
        #expect(stage.starts.count == 0)
        sink.clear(matching: "hold")
        stage.open()
        #expect(stage.starts.elements == [1])
    }

    // The story of an operation

    @Test func theStoryOfAnOperationIsItsLiveSignals() throws {
        let subscription = fill()
        clock.advance(by: .seconds(3))
        sink.raise(
            SignalEvent("c", operationID: OperationID(rawValue: 2), timestamp: clock.now, timeSource: clock)
        )
        let story = try #require(sink.operation(OperationID(rawValue: 2)))
        #expect(story.signals == ["b", "a.2", "a.1", "c"])
        #expect(story.key == "y")
        #expect(story.duration == .seconds(3))
        #expect(story.lastRaised == clock.now)
        #expect(sink.signals(of: story.operationID, matching: "a.*").map(\.signal) == ["a.2", "a.1"])
        clock.advance(by: .seconds(7))
        #expect(sink.operation(story.operationID)?.signals == ["c"])
        clock.advance(by: .seconds(3))
        #expect(sink.operation(story.operationID) == nil)
        subscription.cancel()
    }

    @Test func anOperationWithoutSignalsHasNoStory() {
        let subscription = fill()
        #expect(sink.operation(OperationID(rawValue: 3)) == nil)
        #expect(sink.signals(of: OperationID(rawValue: 3)).isEmpty)
        sink.retract("a.1")
        #expect(sink.operation(OperationID(rawValue: 1)) == nil)
        subscription.cancel()
    }
}
