import Ephemeral
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalConstraintsTests {
    private func path(_ names: String...) -> SignalPropagation {
        names.dropFirst().reduce(.root(names[0])) { $0.extended(by: $1) }
    }

    @Test func aPathHoldsAtMostAsManyNamesAsTheDepthAllows() {
        let constraints = SignalConstraints(maxDepth: 3)
        #expect(constraints.reasonToBlock("b", causedBy: path("a")) == nil)
        #expect(constraints.reasonToBlock("c", causedBy: path("a", "b")) == nil)
        #expect(constraints.reasonToBlock("d", causedBy: path("a", "b", "c")) == .maxDepthExceeded)
    }

    @Test(arguments: [1, 0, -1, Int.min])
    func withoutRoomForASecondNameNothingIsCaused(_ maxDepth: Int) {
        let constraints = SignalConstraints(maxDepth: maxDepth)
        #expect(constraints.reasonToBlock("b", causedBy: path("a")) == .maxDepthExceeded)
    }

    @Test func presetsAllowTenFiveAndAnyNumberOfNames() {
        let nine = (2...9).reduce(path("1")) { $0.extended(by: "\($1)") }
        #expect(SignalConstraints.default.reasonToBlock("10", causedBy: nine) == nil)
        #expect(SignalConstraints.default.reasonToBlock("11", causedBy: nine.extended(by: "10")) == .maxDepthExceeded)
        let four = path("1", "2", "3", "4")
        #expect(SignalConstraints.strict.reasonToBlock("5", causedBy: four) == nil)
        #expect(SignalConstraints.strict.reasonToBlock("6", causedBy: four.extended(by: "5")) == .maxDepthExceeded)
        let many = (2...100).reduce(path("1")) { $0.extended(by: "\($1)") }
        #expect(SignalConstraints.none.reasonToBlock("1", causedBy: many) == nil)
    }

    @Test func aNameDoesNotOccurTwiceInAPathUnlessCyclesAreAllowed() {
        #expect(SignalConstraints().reasonToBlock("a", causedBy: path("a", "b")) == .cycleDetected)
        #expect(SignalConstraints().reasonToBlock("a", causedBy: path("a")) == .cycleDetected)
        #expect(SignalConstraints(blockCycles: false).reasonToBlock("a", causedBy: path("a", "b")) == nil)
    }

    @Test func nothingFollowsATerminalSignalOrALeafAndBothMayBeRaised() {
        let constraints = SignalConstraints(terminalSignals: ["done.*"], leafSignals: ["metric.*, log"])
        #expect(constraints.reasonToBlock("done.a", causedBy: path("a")) == nil)
        #expect(constraints.reasonToBlock("metric.a", causedBy: path("a")) == nil)
        #expect(constraints.reasonToBlock("b", causedBy: path("a", "done.a")) == .terminalSignalReached)
        #expect(constraints.reasonToBlock("b", causedBy: path("a", "metric.a")) == .leafSignal)
        #expect(constraints.reasonToBlock("b", causedBy: path("log")) == .leafSignal)
        // Only the last name of the path is the cause.
        #expect(constraints.reasonToBlock("b", causedBy: path("log", "a")) == nil)
    }

    @Test func depthIsJudgedBeforeCyclesBeforeTerminalSignalsBeforeLeaves() {
        var constraints = SignalConstraints(maxDepth: 2, terminalSignals: ["b"], leafSignals: ["b"])
        let cause = path("a", "b")
        #expect(constraints.reasonToBlock("a", causedBy: cause) == .maxDepthExceeded)
        constraints.maxDepth = 3
        #expect(constraints.reasonToBlock("a", causedBy: cause) == .cycleDetected)
        constraints.blockCycles = false
        #expect(constraints.reasonToBlock("a", causedBy: cause) == .terminalSignalReached)
        constraints.terminalSignals = []
        #expect(constraints.reasonToBlock("a", causedBy: cause) == .leafSignal)
        constraints.leafSignals = []
        #expect(constraints.reasonToBlock("a", causedBy: cause) == nil)
    }

    @Test func aSinkRaisesCausedSignalsWithTheirPath() throws {
        let sink = SignalSink(time: ManualClock())
        sink.raise("a")
        let cause = try #require(sink.signals().first)
        #expect(sink.raiseCaused("b", by: cause, key: "k"))
        let event = try #require(sink.signals(.name("b")).first)
        #expect(event.propagation?.path == ["a", "b"])
        #expect(event.depth == 1)
        #expect(event.key == "k")
    }

    @Test func aSignalThatASinkBlocksIsToldToTheConstraintsAlone() throws {
        let sink = SignalSink(time: ManualClock())
        let heard = Recorder<String>()
        let blocked = Recorder<(SignalEvent, SignalBlockReason)>()
        let constraints = SignalConstraints { blocked.add(($0, $1)) }
        let subscription = sink.subscribe { heard.add($0.signal) }
        sink.raise("a")
        let cause = try #require(sink.signals().first)
        #expect(!sink.raiseCaused("a", by: cause, constraints: constraints))
        #expect(sink.count == 1)
        #expect(heard.values == ["a"])
        #expect(blocked.values.map(\.1) == [.cycleDetected])
        #expect(blocked.values.first?.0.propagation?.path == ["a", "a"])
        subscription.cancel()
    }

    @Test func aPathThatLacksItsOwnSignalIsCompleted() {
        let clock = ManualClock()
        let event = SignalEvent("b", timestamp: clock.now, propagation: .root("a"), timeSource: clock)
        #expect(event.wouldCycle("a"))
        #expect(event.wouldCycle("b"))
        let sink = SignalSink(time: clock)
        #expect(!sink.raiseCaused("b", by: event))
        #expect(sink.raiseCaused("c", by: event))
        #expect(sink.signals().map(\.propagation?.path) == [["a", "b", "c"]])
    }

    @Test func aLoopOfReactionsEndsAtTheConstraints() {
        let sink = SignalSink(time: ManualClock())
        let next = ["a": "b", "b": "log", "log": "a"]
        let subscription = sink.subscribe { [weak sink] event in
            if let name = next[event.signal] {
                sink?.raiseCaused(name, by: event, constraints: SignalConstraints(leafSignals: ["log"]))
            }
        }
        sink.raise("a")
        #expect(sink.signals().map(\.signal) == ["a", "b", "log"])
        subscription.cancel()
    }
}
