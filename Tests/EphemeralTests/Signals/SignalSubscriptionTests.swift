import Ephemeral
import EphemeralTime
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalSubscriptionTests {
    private let sink = SignalSink(time: ManualClock())

    @Test func subscribersAreCalledInTheOrderOfSubscription() {
        let calls = Recorder<String>()
        let subscriptions = (0..<5).map { number in sink.subscribe { calls.add("\(number) \($0.signal)") } }
        sink.raise("a")
        sink.raise("b")
        #expect(calls.values == (0..<5).map { "\($0) a" } + (0..<5).map { "\($0) b" })
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func aFilteredSubscriberSeesOnlyItsSignals() {
        let calls = Recorder<String>()
        let subscription = sink.subscribe(to: ["a.*", "b"]) { calls.add($0.signal) }
        for name in ["a", "a.1", "b", "c"] { sink.raise(name) }
        #expect(calls.values == ["a.1", "b"])
        subscription.cancel()
    }

    @Test func subscribersSeeTheEventThatIsStored() {
        let calls = Recorder<SignalEvent>()
        let subscription = sink.subscribe { calls.add($0) }
        sink.raise("a", key: "k")
        #expect(calls.values == sink.signals())
        subscription.cancel()
    }

    @Test func anEventThatIsTooOldIsHandedOnAllTheSame() {
        let clock = ManualClock()
        let sink = SignalSink(maxAge: .seconds(1), time: clock)
        let calls = Recorder<String>()
        let subscription = sink.subscribe { calls.add($0.signal) }
        sink.raise(SignalEvent("old", timestamp: clock.now - .seconds(2), timeSource: clock))
        #expect(calls.values == ["old"])
        #expect(sink.count == 0)
        subscription.cancel()
    }

    @Test func cancellingStopsCallsAndMayBeRepeated() {
        let calls = Recorder<String>()
        let subscription = sink.subscribe { calls.add($0.signal) }
        sink.raise("a")
        subscription.cancel()
        subscription.cancel()
        sink.raise("b")
        #expect(calls.values == ["a"])
    }

    @Test func aReleasedSubscriptionEnds() {
        let calls = Recorder<String>()
        var subscription: SignalSubscription? = sink.subscribe { calls.add($0.signal) }
        sink.raise("a")
        withExtendedLifetime(subscription) {}
        subscription = nil
        sink.raise("b")
        #expect(calls.values == ["a"])
    }

    @Test func aSubscriberCancelledByAnEarlierOneIsNotCalledForThatSignal() {
        let calls = Recorder<String>()
        let later = Mutex<SignalSubscription?>(nil)
        let earlier = sink.subscribe { _ in later.withLock { $0 }?.cancel() }
        let subscription = sink.subscribe { calls.add($0.signal) }
        later.withLock { $0 = subscription }
        sink.raise("a")
        #expect(calls.values.isEmpty)
        earlier.cancel()
    }

    @Test func aSubscriberMayEndItself() {
        let calls = Recorder<String>()
        let own = Mutex<SignalSubscription?>(nil)
        let subscription = sink.subscribe { event in
            calls.add(event.signal)
            own.withLock { $0 }?.cancel()
        }
        own.withLock { $0 = subscription }
        sink.raise("a")
        sink.raise("b")
        #expect(calls.values == ["a"])
    }

    @Test func everyRetractedEventIsToldOnce() {
        let calls = Recorder<SignalRetractedEvent>()
        let raised = Recorder<String>()
        let retractions = sink.subscribeToRetractions { calls.add($0) }
        let raises = sink.subscribe { raised.add($0.signal) }
        for (number, name) in ["a.1", "b", "a.2", "a.1"].enumerated() { sink.raise(name, key: "\(number)") }
        sink.retract("a.1")
        sink.retract("a.1")
        sink.retract(matching: "a.*")
        #expect(calls.values.map(\.key) == ["0", "3", "2"])
        #expect(calls.values.map(\.pattern) == [nil, nil, "a.*"])
        #expect(calls.values.map(\.wasPatternMatch) == [false, false, true])
        #expect(raised.values.count == 4)
        retractions.cancel()
        raises.cancel()
    }

    @Test func whatGoesByAgeOrForRoomIsNoRetraction() {
        let clock = ManualClock()
        let sink = SignalSink(maxCapacity: 1, maxAge: .seconds(1), time: clock)
        let calls = Recorder<SignalRetractedEvent>()
        let subscription = sink.subscribeToRetractions { calls.add($0) }
        sink.raise("a")
        sink.raise("b")
        clock.advance(by: .seconds(2))
        #expect(sink.count == 0)
        #expect(calls.values.isEmpty)
        subscription.cancel()
    }

    @Test func noRetractionIsToldAfterCancellation() {
        let calls = Recorder<String>()
        let own = Mutex<SignalSubscription?>(nil)
        let subscription = sink.subscribeToRetractions { event in
            calls.add(event.signal)
            own.withLock { $0 }?.cancel()
        }
        own.withLock { $0 = subscription }
        sink.raise("a")
        sink.raise("a")
        sink.retract("a")
        #expect(calls.values == ["a"])
    }

    @Test func aSubscriberThatRaisesItsOwnTriggerIsStopped() {
        let calls = Recorder<Int>()
        let sink = sink
        let subscription = sink.subscribe(to: ["loop"]) { [weak sink] _ in
            calls.add(1)
            sink?.raise("loop")
        }
        sink.raise("loop")
        #expect(calls.values.count == 64)
        #expect(sink.count(.name("loop")) == 65)
        #expect(sink.count(.name("sink.reentrancy.limited")) == 1)
        #expect(sink.signals(.name("sink.reentrancy.limited")).map(\.key) == ["loop"])
        sink.raise("loop")
        #expect(calls.values.count == 128)
        #expect(sink.count(.name("sink.reentrancy.limited")) == 1)
        subscription.cancel()
    }

    @Test func aLimitOnOneTaskDoesNotStopOthers() async {
        let calls = Recorder<String>()
        let sink = sink
        let subscription = sink.subscribe { [weak sink] event in
            calls.add(event.signal)
            if event.signal == "loop" { sink?.raise("loop") }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { sink.raise(number % 2 == 0 ? "loop" : "plain") }
            }
        }
        #expect(calls.values.count { $0 == "loop" } == 4 * 64)
        #expect(calls.values.count { $0 == "plain" } == 4)
        subscription.cancel()
    }

    @Test func aSubscriberToRetractionsThatTakesBackWhatItRaisesIsStopped() {
        let calls = Recorder<Int>()
        let sink = sink
        let subscription = sink.subscribeToRetractions { [weak sink] _ in
            calls.add(1)
            sink?.raise("loop")
            sink?.retract("loop")
        }
        sink.raise("loop")
        sink.retract("loop")
        #expect(calls.values.count == 64)
        #expect(sink.signals().map(\.signal) == ["sink.reentrancy.limited"])
        subscription.cancel()
    }
}
