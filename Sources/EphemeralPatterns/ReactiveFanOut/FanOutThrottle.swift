internal import EphemeralAtoms

/// Whether the first stage is throttled, as a pure value: what waits for the second stage and its failures decide.
struct FanOutThrottle: LimitMachine {
    typealias Instant = ContinuousClock.Instant

    private let options: ReactiveFanOutOptions
    /// Items that have been brought to the second stage and have not begun there.
    private(set) var waiting = 0
    /// Until when it stays throttled at least; `nil` when it is not.
    private var throttledUntil: Instant?
    private var alarms = AlarmOrders()

    init(_ options: ReactiveFanOutOptions) { self.options = options }

    /// An item is brought to the second stage.
    mutating func handOver(now: Instant, _ effects: inout LimitEffects) {
        waiting += 1
        guard waiting >= options.backpressureThreshold, throttledUntil == nil else { return }
        effects.signals.append("stage2.backpressure")
        throttle(now: now, &effects)
    }

    /// An item begins in the second stage, or will never come to it.
    mutating func leave(now: Instant, _ effects: inout LimitEffects) {
        waiting -= 1
        relieve(now: now, &effects)
    }

    /// The second stage has finished an item, or failed.
    mutating func end(hasFailed: Bool, now: Instant, _ effects: inout LimitEffects) {
        if hasFailed {
            effects.signals.append("stage2.failed")
            throttle(now: now, &effects)
        }
        relieve(now: now, &effects)
    }

    mutating func intervalIsOver(_ order: UInt64, now: Instant, _ effects: inout LimitEffects) {
        if alarms.hasRung(order) { relieve(now: now, &effects) }
    }

    private mutating func throttle(now: Instant, _ effects: inout LimitEffects) {
        if throttledUntil == nil { effects.limit = options.stage1MinConcurrency }
        throttledUntil = now.clampedAdvance(by: options.adjustCooldown)
        setAlarm(nil, &effects)
    }

    /// Ends the throttling if it may end, or sees to it that somebody looks again when it may.
    private mutating func relieve(now: Instant, _ effects: inout LimitEffects) {
        guard let throttledUntil else { return }
        guard waiting <= options.reliefThreshold else { return setAlarm(nil, &effects) }
        guard now >= throttledUntil else { return setAlarm(throttledUntil, &effects) }
        self.throttledUntil = nil
        effects.limit = options.stage1MaxConcurrency
        effects.signals.append("stage2.relieved")
        setAlarm(nil, &effects)
    }

    private mutating func setAlarm(_ due: Instant?, _ effects: inout LimitEffects) {
        if let order = alarms.set(due) { effects.alarm = order }
    }
}
