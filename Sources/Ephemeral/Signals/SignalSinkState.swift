internal import EphemeralTime

/// The guarded state of a sink: its window and who is told of changes.
struct SignalSinkState: Sendable {
    private var window: SignalWindow
    /// Who is told of signals and of retractions, in the order of subscription.
    private var listeners: [SignalListener<SignalEvent>] = []
    private var retractionListeners: [SignalListener<SignalRetractedEvent>] = []
    private var watches: [Watch] = []
    private var requests: [Request] = []
    /// The version of the pinned queries that watchers were told of last.
    private var toldVersion: UInt64 = 0
    private var nesting = NestingDepths()
    private var hasNotedLimit = false

    private struct Watch: Sendable {
        let watcher: SignalListener<StartGate.Reading>
        let query: Int
        /// The version of the query that the watcher was told of last.
        var told: UInt64
    }

    private struct Request: Sendable {
        let listener: SignalListener<SignalEvent>
        let patterns: SignalPatternSet
        /// Pinned, so that a signal that concerns nobody costs nothing.
        let query: Int
    }

    /// Whom to call after the lock is released.
    struct Delivery<Value>: Sendable {
        /// Unless there are none, ``SignalSinkState/leave()`` has to follow.
        var listeners: [SignalListener<Value>] = []
        /// Those who are told however deep the calls are nested.
        var requests: [SignalListener<Value>] = []
        var changes: [Change] = []
        /// Who raised the signal.
        let identity: OperationID
    }

    struct Change: Sendable {
        let watcher: SignalListener<StartGate.Reading>
        let reading: StartGate.Reading
    }

    init(window: SignalWindow) {
        self.window = window
    }

    /// Stores a signal, with an identity of its own unless one is given.
    ///
    /// - Returns: Whom to tell; `nil` when there is nobody.
    mutating func raise(
        _ name: SignalName,
        by operation: OperationID? = nil,
        key: String?,
        propagation: SignalPropagation? = nil,
        time: Timestamp,
        wallOffset: Int64,
        now: Timestamp
    ) -> Delivery<SignalEvent>? {
        let identity = operation ?? (listeners.isEmpty ? nil : .next())
        window.append(
            name,
            operationID: identity,
            key: key,
            propagation: propagation,
            time: time,
            wallOffset: wallOffset,
            now: now
        )
        guard !listeners.isEmpty || window.pinnedVersion != toldVersion else { return nil }
        let known = identity ?? .next()
        let isNested = !listeners.isEmpty && enter(because: name.text, of: known, wallOffset, now)
        return Delivery(
            listeners: isNested ? listeners : [],
            requests: requests.isEmpty ? [] : requests.filter { $0.patterns.matches(name.text) }.map(\.listener),
            changes: changes(),
            identity: known
        )
    }

    /// Takes signals back, all that match or those of one operation.
    mutating func retract(
        _ patterns: SignalPatternSet,
        of operation: OperationID?,
        now: Timestamp
    ) -> (removed: [SignalEvent], delivery: Delivery<SignalRetractedEvent>?) {
        window.expire(now: now)
        let removed = window.remove(patterns, of: operation)
        guard let first = removed.first, !retractionListeners.isEmpty || !watches.isEmpty else { return (removed, nil) }
        let isNested =
            !retractionListeners.isEmpty && enter(because: first.signal, of: first.operationID, first.wallOffset, now)
        let listeners = isNested ? retractionListeners : []
        return (removed, Delivery(listeners: listeners, changes: changes(), identity: first.operationID))
    }

    mutating func resize(capacity: Int?, maxAge: Duration?, now: Timestamp) -> [Change] {
        window.resize(capacity: capacity, maxAge: maxAge, now: now)
        return changes()
    }

    mutating func withCurrentWindow<Result>(now: Timestamp, _ body: (inout SignalWindow) -> Result) -> Result {
        window.expire(now: now)
        return body(&window)
    }

    /// Notes that listeners are about to be called, or once that they are not because the calls are nested too deep.
    ///
    /// Watchers are told however deep the calls are nested: they decide what may start.
    private mutating func enter(
        because signal: String,
        of identity: OperationID,
        _ wallOffset: Int64,
        _ now: Timestamp
    ) -> Bool {
        if nesting.enter() { return true }
        if !hasNotedLimit {
            hasNotedLimit = true
            let note = SignalName("sink.reentrancy.limited")
            window.append(note, operationID: identity, key: signal, time: now, wallOffset: wallOffset, now: now)
        }
        return false
    }

    mutating func leave() {
        nesting.leave()
    }
}

// Listeners
extension SignalSinkState {
    /// Whether anybody is told of signals or of retractions.
    var hasSubscribers: Bool { !listeners.isEmpty || !retractionListeners.isEmpty }

    mutating func add(_ listener: SignalListener<SignalEvent>) {
        listeners.append(listener)
    }

    mutating func add(_ listener: SignalListener<SignalRetractedEvent>) {
        retractionListeners.append(listener)
    }

    /// Begins to tell of signals that match, and of no others.
    mutating func add(_ listener: SignalListener<SignalEvent>, to patterns: SignalPatternSet) {
        let query = window.place(of: patterns)
        window.pin(query)
        requests.append(Request(listener: listener, patterns: patterns, query: query))
    }

    mutating func remove(_ listener: SignalListener<SignalEvent>) {
        listeners.removeAll { $0 === listener }
        guard let index = requests.firstIndex(where: { $0.listener === listener }) else { return }
        window.unpin(requests.remove(at: index).query)
    }

    mutating func remove(_ listener: SignalListener<SignalRetractedEvent>) {
        retractionListeners.removeAll { $0 === listener }
    }

    /// Begins to tell a watcher of changes, from the reading that is returned.
    mutating func watch(
        _ patterns: SignalPatternSet,
        _ watcher: SignalListener<StartGate.Reading>,
        now: Timestamp
    ) -> StartGate.Reading {
        window.expire(now: now)
        let query = window.place(of: patterns)
        window.pin(query)
        watches.append(Watch(watcher: watcher, query: query, told: window.version(of: query)))
        return window.reading(query)
    }

    mutating func remove(_ watcher: SignalListener<StartGate.Reading>) {
        guard let index = watches.firstIndex(where: { $0.watcher === watcher }) else { return }
        window.unpin(watches.remove(at: index).query)
    }

    /// The rules whose signals have changed since their watchers were last told.
    private mutating func changes() -> [Change] {
        guard window.pinnedVersion != toldVersion else { return [] }
        toldVersion = window.pinnedVersion
        var changes: [Change] = []
        for index in watches.indices where watches[index].told != window.version(of: watches[index].query) {
            watches[index].told = window.version(of: watches[index].query)
            changes.append(Change(watcher: watches[index].watcher, reading: window.reading(watches[index].query)))
        }
        return changes
    }
}
