internal import EphemeralTime
internal import Synchronization

extension SignalSink {
    /// Calls a handler for every signal that is raised from now on.
    ///
    /// The handler runs on the task that raises and must be quick. It may raise signals itself, up to 64 deep; a signal
    /// raised deeper is stored but not handed on, and `sink.reentrancy.limited` is stored beside it once.
    ///
    /// - Parameters:
    ///   - patterns: Names and globs; `nil` means all signals.
    ///   - handler: What is called with each event.
    /// - Returns: The subscription; it ends when it is cancelled or released.
    public func subscribe(
        to patterns: SignalPatternSet? = nil,
        handler: @escaping @Sendable (_ event: SignalEvent) -> Void
    ) -> SignalSubscription {
        let filtered = patterns.map { patterns in
            SignalListener<SignalEvent> { event in
                if patterns.matches(event.signal) { handler(event) }
            }
        }
        let listener = filtered ?? SignalListener(handler)
        state.withLock { $0.add(listener) }
        return SignalSubscription { [weak self] in
            listener.end()
            self?.state.withLock { $0.remove(listener) }
        }
    }

    /// Calls a handler for every signal that is taken back from now on, once per event.
    ///
    /// - Parameter handler: What is called with each retraction.
    /// - Returns: The subscription; it ends when it is cancelled or released.
    public func subscribeToRetractions(
        handler: @escaping @Sendable (_ event: SignalRetractedEvent) -> Void
    ) -> SignalSubscription {
        let listener = SignalListener(handler)
        state.withLock { $0.add(listener) }
        return SignalSubscription { [weak self] in
            listener.end()
            self?.state.withLock { $0.remove(listener) }
        }
    }

    /// Calls a handler whenever the live signals that match a rule change, with what there is then.
    ///
    /// The handler is called once before this returns. Readings may arrive out of order; their versions tell.
    func watch(
        _ patterns: SignalPatternSet,
        handler: @escaping @Sendable (StartGate.Reading) -> Void
    ) -> SignalSubscription {
        let now = time.now
        let watcher = SignalListener(handler)
        let reading = state.withLock { $0.watch(patterns, watcher, now: now) }
        handler(reading)
        return SignalSubscription { [weak self] in
            watcher.end()
            self?.state.withLock { $0.remove(watcher) }
        }
    }

    /// Calls a handler for every signal that matches from now on, however deep the calls of subscribers are nested.
    ///
    /// Unlike subscribers, it costs nothing for signals that do not match.
    func observe(
        _ patterns: SignalPatternSet,
        handler: @escaping @Sendable (SignalEvent) -> Void
    ) -> SignalSubscription {
        let listener = SignalListener(handler)
        state.withLock { $0.add(listener, to: patterns) }
        return SignalSubscription { [weak self] in
            listener.end()
            self?.state.withLock { $0.remove(listener) }
        }
    }

    func perform(_ delivery: SignalSinkState.Delivery<SignalEvent>, _ event: SignalEvent) {
        for listener in delivery.listeners { listener.tell(event) }
        for listener in delivery.requests { listener.tell(event) }
        tell(delivery.changes)
        if !delivery.listeners.isEmpty { state.withLock { $0.leave() } }
    }

    func perform(_ delivery: SignalSinkState.Delivery<SignalRetractedEvent>, _ events: [SignalRetractedEvent]) {
        for listener in delivery.listeners {
            for event in events { listener.tell(event) }
        }
        tell(delivery.changes)
        if !delivery.listeners.isEmpty { state.withLock { $0.leave() } }
    }

    func tell(_ changes: [SignalSinkState.Change]) {
        for change in changes { change.watcher.tell(change.reading) }
    }
}
