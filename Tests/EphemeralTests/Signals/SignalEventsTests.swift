import EphemeralTesting
import EphemeralTime
import Synchronization
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalEventsTests {
    private let sink = SignalSink(time: ManualClock())
    private let stage = Stage()

    /// Whether somebody is told of what the sink raises.
    private var hasSubscribers: Bool { sink.state.withLock { $0.hasSubscribers } }

    /// Reads up to `count` signals into a journal.
    private func read(_ events: SignalEvents, _ count: Int = .max) -> (call: Stage.Call, names: Journal<String>) {
        let names = Journal<String>()
        let call = stage.call {
            var left = count
            for await event in events {
                names.record(event.signal)
                left -= 1
                if left == 0 { break }
            }
        }
        return (call, names)
    }

    @Test func aReaderGetsWhatMatchesFromTheBeginningOfTheSequenceOn() {
        sink.raise("a.0")
        let events = sink.events(matching: ["a.*"])
        sink.raise("a.1")
        let reader = read(events)
        for name in ["b", "a.2"] { sink.raise(name) }
        stage.run()
        #expect(reader.names.elements == ["a.1", "a.2"])
        #expect(reader.call.isSuspended)
        #expect(events.droppedCount == 0)
        reader.call.task.cancel()
    }

    @Test func aSlowReaderLosesTheOldestAndCanTell() {
        let events = sink.events(bufferingNewest: 2)
        for number in 1...5 { sink.raise("\(number)") }
        #expect(events.droppedCount == 3)
        let reader = read(events, 2)
        #expect(reader.names.elements == ["4", "5"])
        #expect(reader.call.hasSucceeded)
    }

    @Test(arguments: [0, -1, Int.min])
    func aBufferHoldsAtLeastOneSignal(_ limit: Int) {
        let events = sink.events(bufferingNewest: limit)
        for name in ["a", "b"] { sink.raise(name) }
        #expect(read(events, 1).names.elements == ["b"])
    }

    @Test(arguments: [true, false])
    func cancellingTheReaderEndsTheSequenceAndItsSubscription(_ isCancelledBefore: Bool) {
        let events = sink.events()
        #expect(hasSubscribers)
        let names = Journal<String>()
        let call = stage.call(cancelled: isCancelledBefore) {
            for await event in events { names.record(event.signal) }
        }
        call.task.cancel()
        stage.run()
        #expect(call.hasSucceeded)
        #expect(!hasSubscribers)
        sink.raise("a")
        #expect(names.elements.isEmpty)
    }

    @Test func aSequenceThatNobodyReadsLeavesNoSubscription() {
        var events: SignalEvents? = sink.events()
        #expect(events != nil)
        #expect(hasSubscribers)
        events = nil
        #expect(!hasSubscribers)
    }

    @Test func aReaderThatStopsLeavesNoSubscription() {
        var events: SignalEvents? = sink.events()
        sink.raise("a")
        if let events { #expect(read(events, 1).call.hasSucceeded) }
        events = nil
        #expect(!hasSubscribers)
    }

    @Test func aSinkAndItsSequenceDoNotKeepEachOtherAlive() {
        weak var weakSink: SignalSink?
        var events: SignalEvents?
        do {
            let sink = SignalSink(time: ManualClock())
            weakSink = sink
            events = sink.events()
        }
        #expect(weakSink == nil)
        #expect(events?.droppedCount == 0)
    }

    @Test func aScopeReadsWhatIsRaisedInItAndLeavesNoSubscription() {
        let names = Journal<String>()
        let call = stage.call { [sink] in
            let last = await sink.withSubscription(to: ["a.*"]) { events in
                for name in ["a.1", "b", "a.2"] { sink.raise(name) }
                for await event in events {
                    names.record(event.signal)
                    if event.is("a.2") { return event.signal }
                }
                return "none"
            }
            #expect(last == "a.2")
        }
        #expect(call.hasSucceeded)
        #expect(names.elements == ["a.1", "a.2"])
        #expect(!hasSubscribers)
    }

    @Test func aScopeThatThrowsLeavesNoSubscriptionEither() {
        let call = stage.call { [sink] in
            try await sink.withSubscription { _ in throw Failure(number: 1) }
        }
        #expect(call.error as? Failure == Failure(number: 1))
        #expect(!hasSubscribers)
    }

    @Test func aSequenceThatOutlivesItsScopeEndsAfterWhatWasRaisedInIt() {
        let escaped = Journal<SignalEvents>()
        let call = stage.call { [sink] in
            await sink.withSubscription { events in
                escaped.record(events)
                sink.raise("a")
            }
        }
        #expect(call.hasSucceeded)
        sink.raise("b")
        let reader = read(escaped.elements[0])
        #expect(reader.names.elements == ["a"])
        #expect(reader.call.hasSucceeded)
    }

    @Test func readersShareTheSignalsOfOneSequence() {
        let events = sink.events()
        let (first, second) = (read(events, 1), read(events, 1))
        for name in ["a", "b"] { sink.raise(name) }
        stage.run()
        #expect(Set(first.names.elements + second.names.elements) == ["a", "b"])
    }
}
