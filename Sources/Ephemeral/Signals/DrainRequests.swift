/// Which signals ask a coordinator to take no more input.
package struct DrainRequests: Sendable {
    private static let all = "coordinator.drain.all"
    private static let byID = "coordinator.drain.id"
    private static let byPattern = "coordinator.drain.pattern"
    private static let wellKnown: SignalPatternSet = [all, byID, byPattern]

    /// All signals that may be one.
    package let patterns: SignalPatternSet
    private let drainOn: SignalPatternSet
    private let obeysWellKnown: Bool
    private let coordinatorID: String?

    /// The requests that options say are obeyed; `nil` when none are.
    package init?(_ options: EphemeralOptions) {
        drainOn = options.signals.drainOn
        obeysWellKnown = options.signals.obeysDrainRequests
        coordinatorID = options.coordinatorId
        patterns = obeysWellKnown ? drainOn.union(Self.wellKnown) : drainOn
        if patterns.isEmpty { return nil }
    }

    /// Whether a signal asks this coordinator.
    package func include(_ event: SignalEvent) -> Bool {
        guard obeysWellKnown, Self.wellKnown.matches(event.signal) else { return drainOn.matches(event.signal) }
        if event.is(Self.all) { return true }
        guard let coordinatorID, let key = event.key else { return false }
        return event.is(Self.byID) ? key.hasSameBytes(as: coordinatorID) : SignalPattern(key).matches(coordinatorID)
    }

    static func raiseAll(in sink: SignalSink) { sink.raise(all) }
    static func raise(for id: String, in sink: SignalSink) { sink.raise(byID, key: id) }
    static func raise(for pattern: SignalPattern, in sink: SignalSink) { sink.raise(byPattern, key: pattern.text) }
}

extension SignalSink {
    /// Asks all coordinators of this sink to take no more input, with the signal `coordinator.drain.all`.
    ///
    /// Each does what ``Coordinator/finish()`` does, before this returns; what is queued still runs. Coordinators that are
    /// made later are not concerned.
    public func requestDrain() { DrainRequests.raiseAll(in: self) }

    /// Asks the coordinators of one ``EphemeralOptions/coordinatorId`` to take no more input, with the signal
    /// `coordinator.drain.id` and the identifier as its key.
    ///
    /// - Parameter coordinatorId: Whom to ask.
    public func requestDrain(of coordinatorId: String) { DrainRequests.raise(for: coordinatorId, in: self) }

    /// Asks the coordinators whose ``EphemeralOptions/coordinatorId`` matches to take no more input, with the signal
    /// `coordinator.drain.pattern` and the pattern as its key.
    ///
    /// - Parameter pattern: Whom to ask; a coordinator without an identifier is not concerned.
    public func requestDrain(matching pattern: SignalPattern) { DrainRequests.raise(for: pattern, in: self) }
}
