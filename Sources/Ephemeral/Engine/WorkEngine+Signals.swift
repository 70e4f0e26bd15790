public import EphemeralTime
internal import Synchronization

extension WorkEngine: OperationHost {
    @usableFromInline
    func emit(_ signal: String, by id: OperationID, slot: Int, key: String?, cause: SignalPropagation?) -> Bool {
        let signals = base.options.signals
        let event = SignalEvent(
            signal: signal,
            operationID: id,
            key: key,
            time: base.now,
            wallOffset: base.wallOffset.clampedNanoseconds,
            propagation: cause?.extended(by: signal)
        )
        if let cause, let reason = signals.constraints.reasonToBlock(signal, causedBy: cause) {
            // Once the operation has left, emitting does nothing, whatever the constraints say.
            let isVisible = state.withLock { $0.core.record(id, slot: slot) != nil }
            if isVisible { signals.constraints.onBlocked?(event, reason) }
            return false
        }
        let isConcern = base.rulesConcern(signal)
        let isStored = state.withLock { state in
            guard state.core.update(id, slot: slot, { $0.append(event) }) != nil else { return false }
            // In the same step, or a retraction in between would be forgotten.
            if isConcern { state.core.gate.note(event, signals) }
            return true
        }
        guard isStored else { return false }
        if isConcern { lookAtRules() }
        base.report(event)
        // With a sink, the request comes back from there.
        if signals.sink == nil, base.drainRequests?.include(event) == true { finish() }
        return true
    }

    @usableFromInline
    func retract(_ pattern: SignalPattern, by id: OperationID, slot: Int, isPattern: Bool) -> Int {
        let signals = base.options.signals
        let removed = state.withLock { state in
            state.core.update(id, slot: slot) { $0.removeEvents { pattern.matches($0.signal) } } ?? []
        }
        guard !removed.isEmpty else { return 0 }
        if removed.contains(where: { base.rulesConcern($0.signal) }) { reviewOwnSignals() }
        let text = isPattern ? pattern.text : nil
        for name in Set(removed.map(\.signal)) { signals.sink?.retract(name, of: id, pattern: text) }
        for event in removed { base.report(SignalRetractedEvent(retracted: event, pattern: text)) }
        return removed.count
    }

    @usableFromInline
    func events(of id: OperationID, slot: Int) -> [SignalEvent] {
        state.withLock { $0.core.record(id, slot: slot)?.events ?? [] }
    }

    /// The signals of all visible operations that satisfy a query, by time.
    func ownSignals(_ query: SignalQuery) -> [SignalEvent] { ownSignals(query) { _ in true } }

    /// The signals of some visible operations that satisfy a query, by time.
    func ownSignals(_ query: SignalQuery, of isMeant: (OperationRecord) -> Bool) -> [SignalEvent] {
        let now = base.now
        let events = withWholeState { state in
            state.core.window.trim(now: now)
            return state.core.ownEvents(of: isMeant) { query.patterns.matches($0.signal) }
        }
        return events.filter(query.meetsConditions)
    }

    /// Reads anew which rules the operations' own signals concern.
    func reviewOwnSignals() {
        let rules = base.options.signals
        control { core in
            core.reviewOwnSignals(cancelOn: rules.cancelOn, deferOn: rules.deferOn, resumeOn: rules.resumeOn)
        }
    }

    /// Forgets what rules read from operations that have left the window.
    ///
    /// Call with the state's lock held.
    @usableFromInline
    func reviewLostSignals(_ state: inout WorkState<Queue>, now: Timestamp) {
        state.core.window.trim(now: now)
        guard state.core.window.hasLostSignals else { return }
        let rules = base.options.signals
        state.core.reviewOwnSignals(cancelOn: rules.cancelOn, deferOn: rules.deferOn, resumeOn: rules.resumeOn)
    }

    /// Begins to look at the sink for the rules of the options.
    @usableFromInline
    func attachRules(_ options: EphemeralOptions) {
        if let sink = options.signals.sink { attachRules(to: sink, as: .shared) }
    }

    /// Begins to look at a sink for the rules of the options; signals that it holds already count.
    func attachRules(to sink: SignalSink, as source: StartGate.Source) {
        let rules = base.options.signals
        if !rules.resumeOn.isEmpty {
            watch(sink, rules.resumeOn) { gate, reading in
                if let newest = reading.newest { gate.resumed(at: newest.time) }
            }
        }
        if !rules.deferOn.isEmpty { watch(sink, rules.deferOn) { $0.update(deferral: $1, of: source) } }
        if !rules.cancelOn.isEmpty { watch(sink, rules.cancelOn) { $0.update(cancellation: $1, of: source) } }
        if let requests = base.drainRequests {
            let subscription = sink.observe(requests.patterns) { event in
                if requests.include(event) { self.finish() }
            }
            base.subscriptions.withLock { $0.append(subscription) }
        }
    }

    private func watch(
        _ sink: SignalSink,
        _ patterns: SignalPatternSet,
        apply: @escaping @Sendable (inout StartGate, StartGate.Reading) -> Void
    ) {
        // Strong until the rules are detached: a weak reference would make every use of the engine slower.
        let subscription = sink.watch(patterns) { reading in
            self.control { apply(&$0.gate, reading) }
        }
        base.subscriptions.withLock { $0.append(subscription) }
    }

    /// Stops looking at the sink.
    func detachRules() {
        let subscriptions = base.subscriptions.withLock { subscriptions in
            defer { subscriptions = [] }
            return subscriptions
        }
        for subscription in subscriptions { subscription.cancel() }
    }
}
