import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalWatchTests {
    private let clock = ManualClock()
    private let readings = Recorder<StartGate.Reading>()

    private func sink(capacity: Int = 100) -> SignalSink {
        SignalSink(maxCapacity: capacity, maxAge: .seconds(10), time: clock)
    }

    private var newest: [String?] { readings.values.map { $0.newest?.signal } }

    private func watch(_ sink: SignalSink, _ patterns: SignalPatternSet) -> SignalSubscription {
        sink.watch(patterns) { [readings] in readings.add($0) }
    }

    @Test func theFirstReadingComesAtOnce() {
        let sink = sink()
        sink.raise("hold.1")
        let subscription = watch(sink, ["hold.*"])
        #expect(newest == ["hold.1"])
        #expect(readings.values.first?.expiry == Timestamp(clock.now + .seconds(10)))
        subscription.cancel()
    }

    @Test func onlyChangesOfTheRuleAreTold() {
        let sink = sink()
        let subscription = watch(sink, ["hold.*"])
        sink.raise("other")
        sink.raise("hold.1")
        sink.raise("other")
        sink.raise("hold.2")
        sink.retract("hold.2")
        sink.retract("other")
        sink.retract(matching: "hold.*")
        #expect(newest == [nil, "hold.1", "hold.2", "hold.1", nil])
        subscription.cancel()
    }

    @Test func versionsGrow() {
        let sink = sink()
        let subscription = watch(sink, ["hold"])
        for _ in 0..<5 {
            sink.raise("hold")
            sink.retract("hold")
        }
        let versions = readings.values.map(\.version)
        #expect(versions.count == 11)
        #expect(zip(versions, versions.dropFirst()).allSatisfy { $0 < $1 })
        subscription.cancel()
    }

    @Test func anEventThatGoesForRoomIsTold() {
        let sink = sink(capacity: 1)
        let subscription = watch(sink, ["hold"])
        sink.raise("hold")
        sink.raise("other")
        #expect(newest == [nil, "hold", nil])
        subscription.cancel()
    }

    @Test func aNewBoundOfAgeIsTold() {
        let sink = sink()
        let subscription = watch(sink, ["hold"])
        sink.raise("hold")
        sink.updateWindow(maxAge: .seconds(20))
        #expect(readings.values.last?.expiry == Timestamp(clock.now + .seconds(20)))
        clock.advance(by: .seconds(5))
        sink.updateWindow(maxAge: .seconds(5))
        #expect(newest.last == .some(nil))
        subscription.cancel()
    }

    @Test func aSecondWatcherTakesNothingFromTheFirst() {
        let sink = sink()
        let first = watch(sink, ["hold"])
        sink.raise("hold")
        clock.advance(by: .seconds(10))
        #expect(sink.count == 0)
        let second = sink.watch(["hold"]) { _ in }
        sink.raise("other")
        #expect(newest == [nil, "hold", nil])
        first.cancel()
        second.cancel()
    }

    @Test func nothingIsToldAfterCancellation() {
        let sink = sink()
        let subscription = watch(sink, ["hold"])
        subscription.cancel()
        sink.raise("hold")
        #expect(newest == [nil])
    }

    @Test func aWatcherCancelledBySomethingEarlierIsNotCalled() {
        let sink = sink()
        let watched = watch(sink, ["hold"])
        let subscription = sink.subscribe { _ in watched.cancel() }
        sink.raise("hold")
        #expect(newest == [nil])
        subscription.cancel()
    }

    @Test func theWatcherIsToldEvenBeyondTheLimitOfNesting() {
        let sink = sink()
        let watched = watch(sink, ["deep"])
        let raised = Recorder<Int>()
        let subscription = sink.subscribe(to: ["loop"]) { [weak sink] _ in
            raised.add(1)
            if raised.values.count == 64 { sink?.raise("deep") } else { sink?.raise("loop") }
        }
        sink.raise("loop")
        #expect(newest == [nil, "deep"])
        #expect(sink.contains("sink.reentrancy.limited"))
        subscription.cancel()
        watched.cancel()
    }

    @Test func theNoteOfALimitIsToldToItsWatcher() {
        let sink = sink()
        let watched = watch(sink, ["sink.*"])
        let subscription = sink.subscribe(to: ["loop"]) { [weak sink] _ in sink?.raise("loop") }
        sink.raise("loop")
        #expect(newest == [nil, "sink.reentrancy.limited"])
        subscription.cancel()
        watched.cancel()
    }
}
