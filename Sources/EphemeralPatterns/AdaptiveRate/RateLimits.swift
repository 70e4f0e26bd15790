internal import Ephemeral
internal import EphemeralTime

/// Until when signals say that nothing may start, as a pure value.
///
/// A limit ends at an instant: the time stamp of its signal plus its time. How long the signal itself stays around does not
/// matter, and several limits do not add up: the one that ends last holds.
struct RateLimits: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What the coordinator is to be told.
    struct Hold: Sendable, Equatable {
        let until: Instant
        /// Grows with every order.
        let order: UInt64
    }

    /// How many limits are remembered; of more, those are forgotten that end first.
    static let capacity = 1000

    private var limits: [(event: SignalEvent, until: Instant)] = []
    private var orders: UInt64 = 0

    /// When starts are allowed again; `nil` when they are.
    func notBefore(now: Instant) -> Instant? {
        limits.map(\.until).max().flatMap { $0 > now ? $0 : nil }
    }

    /// The time that a signal asks for; `nil` when it says none.
    static func limit(of event: SignalEvent) -> Duration? { event.command?.duration }

    /// A signal asks for time.
    mutating func add(_ event: SignalEvent, _ time: Duration, now: Instant) -> Hold {
        limits.removeAll { $0.until <= now }
        limits.append((event, event.timestamp.clampedAdvance(by: time)))
        if limits.count > Self.capacity, let first = limits.indices.min(by: { limits[$0].until < limits[$1].until }) {
            limits.remove(at: first)
        }
        return hold(now: now)
    }

    /// A signal is taken back, and its limit with it.
    mutating func remove(_ event: SignalEvent, now: Instant) -> Hold? {
        guard limits.contains(where: { $0.event == event }) else { return nil }
        limits.removeAll { $0.event == event || $0.until <= now }
        return hold(now: now)
    }

    private mutating func hold(now: Instant) -> Hold {
        orders += 1
        return Hold(until: notBefore(now: now) ?? now, order: orders)
    }
}
