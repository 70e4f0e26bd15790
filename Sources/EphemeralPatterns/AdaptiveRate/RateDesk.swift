internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// What a rate service and the signals share: the limits, and how the coordinator is told of them.
final class RateDesk: Sendable {
    static let plainSignal = "rate-limit"
    static let timedSignals: SignalPatternSet = ["rate-limit:*"]

    /// Holds the plain signal for those that ask for time without saying how much.
    let ambient: SignalSink
    private let time: any TimeSource
    private let limits = Mutex(RateLimits())
    private let apply = Mutex<(@Sendable (RateLimits.Hold) -> Void)?>(nil)

    init(time: any TimeSource) {
        self.time = time
        ambient = SignalSink(time: time)
    }

    /// Says how the coordinator is told; once, before anything else.
    func connect(_ apply: @escaping @Sendable (RateLimits.Hold) -> Void) { self.apply.withLock { $0 = apply } }

    var notBefore: ContinuousClock.Instant? {
        let now = time.now
        return limits.withLock { $0.notBefore(now: now) }
    }

    /// A signal has been raised.
    func note(_ event: SignalEvent) {
        guard Self.timedSignals.matches(event.signal) else { return }
        guard let limit = RateLimits.limit(of: event) else { return ambient.raise(plain(event)) }
        let now = time.now
        carryOut(limits.withLock { $0.add(event, limit, now: now) })
    }

    /// A signal has been taken back.
    func note(_ event: SignalRetractedEvent) {
        guard Self.timedSignals.matches(event.signal) else { return }
        let now = time.now
        if let hold = limits.withLock({ $0.remove(event.retracted, now: now) }) { carryOut(hold) }
        ambient.retract(Self.plainSignal, of: event.operationID, pattern: nil)
    }

    private func carryOut(_ hold: RateLimits.Hold) {
        let apply = apply.withLock { $0 }
        apply?(hold)
    }

    private func plain(_ event: SignalEvent) -> SignalEvent {
        SignalEvent(
            Self.plainSignal,
            operationID: event.operationID,
            key: event.key,
            timestamp: event.timestamp,
            timeSource: time
        )
    }
}
