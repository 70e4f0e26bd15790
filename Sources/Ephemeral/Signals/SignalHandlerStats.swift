/// One consistent reading of the counters of asynchronous signal handling.
///
/// In every reading `enqueued == queued + running + processed + failed + dropped`, and no number is negative.
public struct SignalHandlerStats: Sendable, Hashable {
    /// Signals that were handed over, those that were dropped included.
    public var enqueued = 0
    /// Signals that wait for a handler.
    public var queued = 0
    /// Signals whose handler is running.
    public var running = 0
    /// Signals whose handler returned.
    public var processed = 0
    /// Signals whose handler threw.
    public var failed = 0
    /// Signals that no handler will get, because there was no room or because of a shutdown.
    public var dropped = 0
}

/// Which signal goes when there is no room for another.
@nonexhaustive
public enum SignalOverflowPolicy: Sendable, Hashable {
    /// The one that has waited longest.
    case dropOldest
    /// The one that arrives.
    case dropNewest
}
