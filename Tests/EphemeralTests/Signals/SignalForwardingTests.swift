import Ephemeral
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalForwardingTests {
    private let clock = ManualClock()

    private func sink() -> SignalSink { SignalSink(time: clock) }

    @Test func matchingSignalsAreRaisedInTheOtherSinkToo() {
        let (source, target) = (sink(), sink())
        source.raise("a.0")
        let subscription = source.forward(to: target, matching: ["a.*"])
        source.raise("a.1", key: "k")
        source.raise("b")
        #expect(target.signals() == source.signals(.name("a.1")))
        subscription.cancel()
        source.raise("a.2")
        #expect(target.count == 1)
    }

    @Test func withoutPatternsAllAreForwarded() {
        let (source, target) = (sink(), sink())
        let subscription = source.forward(to: target)
        for name in ["a", "b"] { source.raise(name) }
        #expect(target.signals() == source.signals())
        subscription.cancel()
    }

    @Test func whatIsTakenBackHereIsTakenBackThere() {
        let (source, target) = (sink(), sink())
        let subscription = source.forward(to: target, matching: ["a"])
        for name in ["a", "b", "a"] { source.raise(name) }
        target.raise("a")
        target.raise("b")
        source.retract(matching: "*")
        #expect(target.signals().map(\.signal) == ["a", "b"])
        subscription.cancel()
    }

    @Test func aReleasedSubscriptionForwardsNoMore() {
        let (source, target) = (sink(), sink())
        var subscription: SignalSubscription? = source.forward(to: target)
        source.raise("a")
        withExtendedLifetime(subscription) {}
        subscription = nil
        source.raise("b")
        #expect(target.signals().map(\.signal) == ["a"])
    }

    @Test func twoSinksThatForwardToEachOtherHaveEachSignalOnce() {
        let (one, other) = (sink(), sink())
        let subscriptions = [one.forward(to: other), other.forward(to: one)]
        one.raise("a")
        other.raise("b")
        #expect(one.signals().map(\.signal) == ["a", "b"])
        #expect(other.signals() == one.signals())
        one.retract("b")
        #expect(other.signals().map(\.signal) == ["a"])
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func aRingOfSinksEndsWhereItBegan() {
        let sinks = (0..<4).map { _ in sink() }
        let subscriptions = sinks.indices.map { sinks[$0].forward(to: sinks[($0 + 1) % sinks.count]) }
        sinks[2].raise("a")
        #expect(sinks.map(\.count) == [1, 1, 1, 1])
        #expect(Set(sinks.flatMap { $0.signals() }).count == 1)
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func aSinkThatForwardsToItselfHasEachSignalOnce() {
        let sink = sink()
        let subscription = sink.forward(to: sink)
        sink.raise("a")
        #expect(sink.count == 1)
        subscription.cancel()
    }

    @Test func anAnswerThatIsRaisedOnTheWayGoesBackAsASignalOfItsOwn() {
        let (one, other) = (sink(), sink())
        let subscriptions = [
            one.forward(to: other), other.forward(to: one),
            other.subscribe(to: ["ping"]) { [weak other] _ in other?.raise("pong") },
        ]
        one.raise("ping")
        #expect(one.signals().map(\.signal) == ["ping", "pong"])
        #expect(other.signals().map(\.signal) == ["ping", "pong"])
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func subscribersThatRaiseByHandInEachOtherAreStopped() {
        let (one, other) = (sink(), sink())
        let subscriptions = [
            one.subscribe { [weak other] in other?.raise($0) },
            other.subscribe { [weak one] in one?.raise($0) },
        ]
        one.raise("a")
        #expect(one.count(.name("a")) <= 65)
        #expect(one.contains("sink.reentrancy.limited") || other.contains("sink.reentrancy.limited"))
        for subscription in subscriptions { subscription.cancel() }
    }

    @Test func forwardingKeepsNoSinkAlive() {
        let source = sink()
        weak var weakTarget: SignalSink?
        var subscription: SignalSubscription?
        do {
            let target = sink()
            weakTarget = target
            subscription = source.forward(to: target)
        }
        #expect(weakTarget == nil)
        source.raise("a")
        subscription?.cancel()
    }
}
