internal import EphemeralTime

/// What to look for among signals: a pattern, and further conditions that all have to hold.
///
/// ```swift
/// let recentFailures = SignalQuery.prefix("processing.failed:pri1").since(time.now - .seconds(10))
/// if sink.count(recentFailures) >= 3 { failOver() }
/// ```
public struct SignalQuery: Sendable {
    let patterns: SignalPatternSet
    var key: String?
    var earliest: Timestamp?
    var latest: Timestamp?
    var operationID: OperationID?
    var predicate: (@Sendable (SignalEvent) -> Bool)?

    private init(_ pattern: SignalPattern) {
        patterns = SignalPatternSet(pattern)
    }

    private init(_ patterns: SignalPatternSet) {
        self.patterns = patterns
    }

    /// All signals.
    public static let all = SignalQuery("*" as SignalPattern)

    /// Signals of exactly this name.
    public static func name(_ name: String) -> SignalQuery { SignalQuery(.exactly(name)) }

    /// Signals whose name begins with `prefix`, taken literally.
    public static func prefix(_ prefix: String) -> SignalQuery { SignalQuery(.prefix(prefix)) }

    /// Signals whose name contains `part`, taken literally.
    public static func containing(_ part: String) -> SignalQuery { SignalQuery(.containing(part)) }

    /// Signals whose name matches a pattern with `*` and `?`.
    public static func matching(_ pattern: SignalPattern) -> SignalQuery { SignalQuery(pattern) }

    /// Signals whose name matches one of several patterns.
    public static func matching(anyOf patterns: SignalPatternSet) -> SignalQuery { SignalQuery(patterns) }

    /// Only signals with this key.
    public func key(_ key: String) -> SignalQuery { with { $0.key = key } }

    /// Only signals raised at `instant` or later.
    public func since(_ instant: ContinuousClock.Instant) -> SignalQuery { with { $0.earliest = Timestamp(instant) } }

    /// Only signals raised within `range`, both ends included.
    public func within(_ range: ClosedRange<ContinuousClock.Instant>) -> SignalQuery {
        with { ($0.earliest, $0.latest) = (Timestamp(range.lowerBound), Timestamp(range.upperBound)) }
    }

    /// Only signals raised by this operation.
    public func raised(by operation: OperationID) -> SignalQuery { with { $0.operationID = operation } }

    /// Only signals that satisfy `predicate`, which runs outside all locks.
    public func filter(_ predicate: @escaping @Sendable (_ event: SignalEvent) -> Bool) -> SignalQuery {
        with { query in
            let former = query.predicate
            query.predicate = { event in former?(event) ?? true && predicate(event) }
        }
    }

    private func with(_ change: (inout SignalQuery) -> Void) -> SignalQuery {
        var changed = self
        change(&changed)
        return changed
    }

    /// Whether the pattern and times say everything, so that counters can answer.
    var isCountable: Bool { key == nil && operationID == nil && predicate == nil }

    /// Whether the pattern says everything.
    var isUnconditional: Bool { isCountable && earliest == nil && latest == nil }

    /// Whether an event satisfies all conditions.
    func matches(_ event: SignalEvent) -> Bool {
        patterns.matches(event.signal) && meetsConditions(event)
    }

    /// Whether an event whose name matches satisfies the other conditions.
    func meetsConditions(_ event: SignalEvent) -> Bool {
        if let key, event.key != key { return false }
        if let operationID, event.operationID != operationID { return false }
        if let earliest, event.time < earliest { return false }
        if let latest, event.time > latest { return false }
        return predicate?(event) ?? true
    }
}
