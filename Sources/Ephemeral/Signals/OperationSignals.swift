internal import EphemeralTime
internal import Synchronization

/// The story of one operation as a sink tells it: the live signals that it raised, oldest first.
public struct OperationSignals: Sendable, Hashable {
    /// The operation.
    public let operationID: OperationID
    /// The signals; never empty.
    public let events: [SignalEvent]

    /// The key of the first signal that has one.
    public var key: String? { events.lazy.compactMap(\.key).first }

    /// When the first of the signals was raised.
    public var firstRaised: ContinuousClock.Instant { events[0].timestamp }

    /// When the last of the signals was raised.
    public var lastRaised: ContinuousClock.Instant { events[events.count - 1].timestamp }

    /// The time between the first and the last of the signals.
    public var duration: Duration { firstRaised.duration(to: lastRaised) }

    /// The names of the signals, in order.
    public var signals: [String] { events.map(\.signal) }
}

extension SignalSink {
    /// What one operation has to show for itself among the live signals.
    ///
    /// O(window).
    ///
    /// - Parameter id: The operation.
    /// - Returns: Its story; `nil` when it has no live signals.
    public func operation(_ id: OperationID) -> OperationSignals? {
        let events = signals(of: id)
        return events.isEmpty ? nil : OperationSignals(operationID: id, events: events)
    }

    /// The live signals that one operation raised, oldest first.
    ///
    /// O(window).
    ///
    /// - Parameters:
    ///   - id: The operation.
    ///   - pattern: What names have to match.
    /// - Returns: The signals.
    public func signals(of id: OperationID, matching pattern: SignalPattern = "*") -> [SignalEvent] {
        let now = time.now
        return state.withLock { $0.withCurrentWindow(now: now) { $0.events(of: id, matching: pattern) } }
    }
}
