internal import EphemeralAtoms

/// How many bodies may run, as a pure value: signals double and halve it.
///
/// After an adjustment a time may pass in which further signals are taken together: those of the same direction belong to
/// it, and the last one of the other direction is obeyed when the time is over.
struct ConcurrencyScale: LimitMachine {
    typealias Instant = ContinuousClock.Instant

    enum Direction: Sendable {
        case up, down
    }

    let bounds: ClosedRange<Int>
    let cooldown: Duration
    private(set) var limit: Int
    private var last: (direction: Direction, until: Instant)?
    private var pending: Direction?
    private var alarms = AlarmOrders()

    init(bounds: ClosedRange<Int>, cooldown: Duration) {
        self.bounds = bounds
        self.cooldown = cooldown
        limit = bounds.lowerBound
    }

    /// A signal asks for more or for less.
    mutating func note(_ direction: Direction, now: Instant, _ effects: inout LimitEffects) {
        guard let last, now < last.until else { return adjust(direction, now: now, &effects) }
        pending = direction == last.direction ? nil : direction
        if let order = alarms.set(pending == nil ? nil : last.until) { effects.alarm = order }
    }

    mutating func intervalIsOver(_ order: UInt64, now: Instant, _ effects: inout LimitEffects) {
        guard alarms.hasRung(order), let direction = pending else { return }
        adjust(direction, now: now, &effects)
    }

    /// Somebody sets the limit by hand; signals go on from there.
    mutating func set(_ limit: Int, _ effects: inout LimitEffects) {
        (self.limit, effects.limit) = (limit, limit)
    }

    private mutating func adjust(_ direction: Direction, now: Instant, _ effects: inout LimitEffects) {
        pending = nil
        if let order = alarms.set(nil) { effects.alarm = order }
        last = cooldown > .zero ? (direction, now.clampedAdvance(by: cooldown)) : nil
        let wanted = direction == .up ? limit.doubled : limit / 2
        let adjusted = min(max(wanted, bounds.lowerBound), bounds.upperBound)
        guard adjusted != limit else { return }
        set(adjusted, &effects)
    }
}

extension Int {
    fileprivate var doubled: Int { self > .max / 2 ? .max : self * 2 }
}
