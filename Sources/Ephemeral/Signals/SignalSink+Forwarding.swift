internal import Synchronization

extension SignalSink {
    /// Raises every signal of this sink that matches in another one too, from now on, and takes it back there when it is
    /// taken back here; clearing is not forwarded.
    ///
    /// Events keep their identity, time, key and path. Sinks may forward to each other in a ring: an event goes to no sink
    /// that it has passed on its way. Forwarding keeps neither sink alive.
    ///
    /// - Parameters:
    ///   - other: The sink to raise them in.
    ///   - patterns: Names and globs; `nil` means all signals.
    /// - Returns: The subscription; forwarding ends when it is cancelled or released.
    public func forward(to other: SignalSink, matching patterns: SignalPatternSet? = nil) -> SignalSubscription {
        let source = ObjectIdentifier(self)
        let raises = subscribe(to: patterns) { [weak other] event in
            guard let other else { return }
            Passage.pass(event, from: source, to: other)
        }
        let retractions = subscribeToRetractions { [weak other] event in
            if patterns?.matches(event.signal) == false { return }
            // What is gone there already is told to nobody, which ends rings.
            other?.retract(event.signal, of: event.operationID, pattern: event.pattern)
        }
        return SignalSubscription {
            raises.cancel()
            retractions.cancel()
        }
    }
}

/// The way of an event through sinks that forward to each other.
private struct Passage: Sendable {
    let event: SignalEvent
    /// The sinks that it has come through.
    var sinks: [ObjectIdentifier]

    /// The passage that the subscribers running now are called in; handing on is synchronous, so that it is that of the
    /// event being handed on, unless a subscriber has raised another.
    @TaskLocal static var current: Passage?

    static func pass(_ event: SignalEvent, from source: ObjectIdentifier, to sink: SignalSink) {
        var passage = Passage(event: event, sinks: [source])
        if let current, current.event == event { passage.sinks = current.sinks + [source] }
        guard !passage.sinks.contains(ObjectIdentifier(sink)) else { return }
        $current.withValue(passage) { sink.raise(event) }
    }
}
