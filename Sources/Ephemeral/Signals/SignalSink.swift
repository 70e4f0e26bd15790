public import EphemeralTime
internal import Synchronization

/// A bounded window of recent signals that coordinators and other parts of a program share.
///
/// A sink never holds more than its capacity, never shows an event older than its age, and answers whether and how often
/// a signal occurred without scanning. Rules of coordinators that look at a sink are woken by the signal itself.
///
/// ```swift
/// let sink = SignalSink()
/// sink.raise("backpressure.downstream")
/// if sink.contains(.matching("backpressure.*")) { shedLoad() }
/// sink.retract("backpressure.downstream")
/// ```
///
/// **Ordering**: events are ordered by their time, then by arrival. Subscribers of one sink are called in the order of
/// subscription, on the task that raises, before `raise` returns; two tasks that raise at once call them at once.
public final class SignalSink: SignalHistory {
    let state: Mutex<SignalSinkState>
    let time: FastTimeSource
    let wallOffset: Int64

    /// Creates a sink.
    ///
    /// - Parameters:
    ///   - maxCapacity: The number of events kept; the oldest go first. Less than 1 counts as 1.
    ///   - maxAge: How long an event is shown.
    ///   - time: The clock of ages and time stamps.
    public init(maxCapacity: Int = 1000, maxAge: Duration = .seconds(60), time: any TimeSource = .system) {
        state = Mutex(SignalSinkState(window: SignalWindow(capacity: maxCapacity, maxAge: maxAge)))
        self.time = FastTimeSource(time)
        wallOffset = time.wallOffset.clampedNanoseconds
    }

    /// Raises a signal now, with an identity of its own.
    ///
    /// Amortised O(1); allocates nothing for a known name.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - key: What it is about.
    public func raise(_ signal: String, key: String? = nil) {
        let name = SignalName(signal)
        let now = time.now
        let delivery = state.withLock { $0.raise(name, key: key, time: now, wallOffset: wallOffset, now: now) }
        guard let delivery else { return }
        let identity = delivery.identity
        perform(
            delivery,
            SignalEvent(signal: signal, operationID: identity, key: key, time: now, wallOffset: wallOffset)
        )
    }

    /// Raises a signal that carries its own time and origin.
    ///
    /// - Parameter event: The event; one older than the window's age is not stored, but subscribers get it.
    public func raise(_ event: SignalEvent) {
        let name = SignalName(event.signal)
        let now = time.now
        let delivery = state.withLock { state in
            state.raise(
                name,
                by: event.operationID,
                key: event.key,
                propagation: event.propagation,
                time: event.time,
                wallOffset: event.wallOffset,
                now: now
            )
        }
        if let delivery { perform(delivery, event) }
    }

    /// Takes back all live signals of exactly this name.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func retract(_ signal: String) -> Int {
        retract(SignalPatternSet(.exactly(signal)), of: nil, pattern: nil)
    }

    /// Takes back all live signals whose name matches.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func retract(matching pattern: SignalPattern) -> Int {
        retract(SignalPatternSet(pattern), of: nil, pattern: pattern.text)
    }

    /// Takes back the live signals of a name that one operation raised.
    @discardableResult
    package func retract(_ signal: String, of operation: OperationID, pattern: String?) -> Int {
        retract(SignalPatternSet(.exactly(signal)), of: operation, pattern: pattern)
    }

    private func retract(_ patterns: SignalPatternSet, of operation: OperationID?, pattern: String?) -> Int {
        let now = time.now
        let (removed, delivery) = state.withLock { $0.retract(patterns, of: operation, now: now) }
        if let delivery {
            perform(delivery, removed.map { SignalRetractedEvent(retracted: $0, pattern: pattern) })
        }
        return removed.count
    }

    // Queries

    /// The number of live signals.
    ///
    /// O(1).
    public var count: Int {
        let now = time.now
        return state.withLock { $0.withCurrentWindow(now: now) { $0.count } }
    }

    /// Live signals that satisfy a query, oldest first.
    ///
    /// O(matches of the pattern).
    public func signals(_ query: SignalQuery = .all) -> [SignalEvent] {
        let now = time.now
        let candidates = state.withLock { $0.withCurrentWindow(now: now) { $0.events(query.patterns) } }
        return query.isUnconditional ? candidates : candidates.filter(query.meetsConditions)
    }

    /// How many live signals satisfy a query.
    ///
    /// O(log window) for a pattern and times that were asked for before.
    public func count(_ query: SignalQuery) -> Int {
        guard query.isCountable else { return signals(query).count }
        let now = time.now
        return state.withLock { state in
            state.withCurrentWindow(now: now) { $0.count(query.patterns, since: query.earliest, until: query.latest) }
        }
    }

    /// Whether any live signal satisfies a query.
    ///
    /// O(log window) for a pattern and times that were asked for before.
    public func contains(_ query: SignalQuery) -> Bool {
        query.isCountable ? count(query) > 0 : signals(query).isEmpty == false
    }

    /// Whether a live signal has exactly this name.
    ///
    /// O(1).
    public func contains(_ signal: String) -> Bool {
        let name = SignalName(signal)
        let now = time.now
        return state.withLock { state in
            state.withCurrentWindow(now: now) { $0.countOf(name) > 0 }
        }
    }

    /// Changes the bounds of the window; what exceeds them goes at once.
    ///
    /// - Parameters:
    ///   - capacity: The number of events kept; less than 1 counts as 1; `nil` leaves it.
    ///   - maxAge: How long an event is shown; zero and less, and `nil`, leave it.
    public func updateWindow(capacity: Int? = nil, maxAge: Duration? = nil) {
        let now = time.now
        tell(state.withLock { $0.resize(capacity: capacity, maxAge: maxAge, now: now) })
    }
}
