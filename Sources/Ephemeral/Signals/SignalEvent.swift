public import EphemeralTime

/// A signal that was raised: a name, who raised it, and when.
public struct SignalEvent: Sendable, Hashable {
    /// The signal's name, as `backpressure.downstream`.
    public let signal: String
    /// The operation that raised it, or an identity of its own when no operation did.
    public let operationID: OperationID
    /// What it is about, as the key of the operation.
    public let key: String?
    /// The signals that led to this one, with itself as the last; `nil` for a root.
    public let propagation: SignalPropagation?
    package let time: Timestamp
    package let wallOffset: Int64

    /// Creates an event, for raising it with ``SignalSink/raise(_:)``.
    ///
    /// - Parameters:
    ///   - signal: The signal's name.
    ///   - operationID: The operation that raised it; a fresh identity by default.
    ///   - key: What it is about.
    ///   - timestamp: When it was raised, an instant of `timeSource`.
    ///   - propagation: The signals that led to this one.
    ///   - timeSource: The source that `timestamp` belongs to.
    public init(
        _ signal: String,
        operationID: OperationID = .next(),
        key: String? = nil,
        timestamp: ContinuousClock.Instant,
        propagation: SignalPropagation? = nil,
        timeSource: any TimeSource = .system
    ) {
        self.init(
            signal: signal,
            operationID: operationID,
            key: key,
            time: Timestamp(timestamp),
            wallOffset: timeSource.wallOffset.clampedNanoseconds,
            propagation: propagation
        )
    }

    package init(
        signal: String,
        operationID: OperationID,
        key: String?,
        time: Timestamp,
        wallOffset: Int64,
        propagation: SignalPropagation? = nil
    ) {
        self.signal = signal
        self.operationID = operationID
        self.key = key
        self.time = time
        self.wallOffset = wallOffset
        self.propagation = propagation
    }

    /// When it was raised.
    public var timestamp: ContinuousClock.Instant { time.instant }

    /// The wall time at which it was raised.
    public var raised: WallTime {
        WallTime(sinceUnixEpoch: .nanoseconds(time.nanoseconds) + .nanoseconds(wallOffset))
    }

    /// How many signals led to this one; 0 for a root.
    public var depth: Int { propagation.map { $0.depth } ?? 0 }

    /// The causal path up to this signal, for what it leads to.
    var path: SignalPropagation {
        guard let propagation else { return .root(signal) }
        return propagation.name.hasSameBytes(as: signal) ? propagation : propagation.extended(by: signal)
    }

    /// Whether the signal has exactly this name.
    public func `is`(_ name: String) -> Bool { signal.hasSameBytes(as: name) }

    /// Whether the signal's name begins with `prefix`.
    public func starts(with prefix: String) -> Bool { signal.utf8.starts(with: prefix.utf8) }

    /// Whether raising `name` because of this signal would close a cycle.
    public func wouldCycle(_ name: String) -> Bool {
        path.contains(name)
    }
}

extension TimeSource {
    /// The difference between wall time and this source's instants.
    var wallOffset: Duration {
        let epoch = ContinuousClock().systemEpoch
        return wallTime(at: epoch).sinceUnixEpoch
    }
}
