import Ephemeral
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalSinkTests {
    private let clock = ManualClock()

    private func sink(capacity: Int = 100, maxAge: Duration = .seconds(10)) -> SignalSink {
        SignalSink(maxCapacity: capacity, maxAge: maxAge, time: clock)
    }

    @Test func aRaisedSignalIsSeenUntilItsAgeEnds() {
        let sink = sink()
        sink.raise("a", key: "k")
        clock.advance(by: .seconds(10) - .nanoseconds(1))
        #expect(sink.contains("a"))
        #expect(sink.contains(.prefix("a")))
        clock.advance(by: .nanoseconds(1))
        #expect(!sink.contains("a"))
        #expect(!sink.contains(.prefix("a")))
        #expect(sink.signals().isEmpty)
        #expect(sink.count == 0)
        #expect(sink.count(.all) == 0)
    }

    @Test func signalsCarryTimeKeyAndAnIdentityThatStays() throws {
        let sink = sink()
        sink.raise("a", key: "k")
        sink.raise("a")
        let events = sink.signals()
        let first = try #require(events.first)
        #expect(first.timestamp == clock.now)
        #expect(first.raised == clock.wallTime(at: clock.now))
        #expect(first.key == "k")
        #expect(events.allSatisfy { $0.operationID.rawValue > 0 })
        #expect(Set(events.map(\.operationID)).count == 2)
        #expect(sink.signals() == events)
        #expect(sink.signals(.name("a")) == events)
        #expect(sink.signals(.matching("?")) == events)
        #expect(sink.signals(.all.raised(by: first.operationID)) == [first])
    }

    @Test func theIdentityOfARetractionIsThatOfTheEvent() throws {
        let sink = sink()
        sink.raise("a")
        let event = try #require(sink.signals().first)
        let retracted = Recorder<SignalRetractedEvent>()
        let subscription = sink.subscribeToRetractions { retracted.add($0) }
        sink.retract("a")
        #expect(retracted.values.map(\.retracted) == [event])
        subscription.cancel()
    }

    @Test func conditionsOfAQueryAllHold() {
        let sink = sink()
        let start = clock.now
        sink.raise("a.1", key: "x")
        clock.advance(by: .seconds(1))
        sink.raise("a.2", key: "y")
        clock.advance(by: .seconds(1))
        sink.raise("a.3", key: "x")
        sink.raise("b", key: "x")
        #expect(sink.count(.prefix("a").key("x")) == 2)
        #expect(sink.count(.prefix("a").since(start + .seconds(1))) == 2)
        #expect(sink.count(.prefix("a").within(start...(start + .seconds(1)))) == 2)
        #expect(sink.count(.prefix("a").within((start + .seconds(1))...(start + .seconds(1)))) == 1)
        #expect(sink.signals(.prefix("a").within(start...(start + .seconds(1)))).map(\.signal) == ["a.1", "a.2"])
        #expect(sink.count(.prefix("a").key("x").since(start + .seconds(1))) == 1)
        #expect(sink.signals(.all.filter { $0.signal == "b" }.filter { $0.key == "x" }).map(\.signal) == ["b"])
        #expect(sink.contains(.containing(".3")))
        #expect(!sink.contains(.prefix("a").key("z")))
        #expect(sink.count(.matching(anyOf: ["a.1, b"])) == 2)
        #expect(sink.count(.name("a.1")) == 1)
        #expect(sink.count(.name("a.1").since(start)) == 1)
        #expect(sink.count(.name("a.1").since(start + .nanoseconds(1))) == 0)
        #expect(sink.contains(.name("a.1")))
        #expect(!sink.contains(.name("a")))
        #expect(sink.count(.all) == 4)
    }

    @Test func aPredicateMayAskTheSink() {
        let sink = sink()
        sink.raise("a")
        #expect(sink.count(.all.filter { _ in sink.contains("a") }) == 1)
    }

    @Test func retractingANameTakesAllOfItBack() {
        let sink = sink()
        for name in ["a", "b", "a", "ab"] { sink.raise(name) }
        #expect(sink.retract("a") == 2)
        #expect(sink.retract("a") == 0)
        #expect(sink.signals().map(\.signal) == ["b", "ab"])
        #expect(sink.retract(matching: "a*") == 1)
        #expect(sink.retract("*") == 0)
        #expect(sink.signals().map(\.signal) == ["b"])
    }

    @Test func boundsCanBeChanged() {
        let sink = sink(capacity: 2)
        for name in ["a", "b", "c"] { sink.raise(name) }
        #expect(sink.count == 2)
        sink.updateWindow(capacity: 0)
        #expect(sink.signals().map(\.signal) == ["c"])
        sink.updateWindow(maxAge: .zero)
        #expect(sink.contains("c"))
        clock.advance(by: .seconds(1))
        sink.updateWindow(maxAge: .seconds(1))
        #expect(sink.count == 0)
    }
}
