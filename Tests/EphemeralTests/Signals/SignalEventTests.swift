import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalEventTests {
    @Test func namesAreComparedWholeOrByPrefix() {
        let event = SignalEvent.at(0, "error.io")
        #expect(event.is("error.io"))
        #expect(!event.is("error"))
        #expect(event.starts(with: "error."))
        #expect(event.starts(with: ""))
        #expect(!event.starts(with: "error.io.x"))
    }

    @Test func aRootHasDepthZeroAndCyclesOnlyWithItself() {
        let event = SignalEvent.at(0, "a")
        #expect(event.depth == 0)
        #expect(event.wouldCycle("a"))
        #expect(!event.wouldCycle("b"))
    }

    @Test func thePathGrowsByOneNameAtATime() {
        let path = SignalPropagation.root("a").extended(by: "b").extended(by: "c")
        #expect(path.depth == 2)
        #expect(path.path == ["a", "b", "c"])
        #expect(path.description == "a -> b -> c")
        #expect(path.contains("b"))
        #expect(!path.contains("d"))
    }

    @Test func aCausedEventKnowsItsDepthAndItsCycles() {
        let clock = ManualClock()
        let path = SignalPropagation.root("a").extended(by: "b")
        let event = SignalEvent("b", timestamp: clock.now, propagation: path, timeSource: clock)
        #expect(event.depth == 1)
        #expect(event.wouldCycle("a"))
        #expect(event.wouldCycle("b"))
        #expect(!event.wouldCycle("c"))
    }

    @Test func timesComeFromTheGivenSource() {
        let clock = ManualClock()
        let event = SignalEvent("a", timestamp: clock.now, timeSource: clock)
        #expect(event.timestamp == clock.now)
        #expect(event.raised == clock.wallTime(at: clock.now))
        #expect(event.operationID.rawValue > 0)
    }
}
