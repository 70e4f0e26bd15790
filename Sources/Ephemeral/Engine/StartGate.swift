internal import EphemeralTime

/// The part of the start gate that signals open and close: whether the head of the queue is deferred, for how long, and
/// whether it is to be dropped.
///
/// Readings come from outside, each with the version of the window it was taken from, and older ones are ignored; so
/// two events that arrive in the wrong order leave the right state.
@usableFromInline
struct StartGate: Sendable {
    /// What signals of one rule are live.
    struct Reading: Sendable, Equatable {
        /// Increases with every change of the window that it was read from.
        var version: UInt64 = 0
        /// The newest live signal that matches the rule; `nil` when there is none.
        var newest: Match?
        /// When the last of them will have outlived its age.
        var expiry = Timestamp.distantFuture

        /// The newest matching signal, unless all have outlived their age.
        func live(at now: Timestamp) -> Match? { now < expiry ? newest : nil }

        /// The window has been read again; a reading that is older than this one says nothing new.
        mutating func replace(by reading: Reading) {
            if reading.version >= version { self = reading }
        }

        /// A matching signal that has been raised since the window was read.
        mutating func add(_ match: Match) {
            if newest.map({ $0.time <= match.time }) ?? true { newest = match }
        }

        struct Match: Sendable, Equatable {
            var signal: String
            var time: Timestamp
        }
    }

    /// What was read for the rules of one place where signals are.
    private struct Readings: Sendable {
        var deferral = Reading()
        var cancellation = Reading()
    }

    /// A sink that rules look at.
    enum Source: Sendable {
        /// The sink of the options.
        case shared
        /// A second sink, whose signals concern this coordinator alone.
        case ambient
    }

    /// How long one head of the queue waits before it starts regardless, in nanoseconds; `nil` waits for ever.
    let allowance: Int64?
    private var shared = Readings()
    private var ambient = Readings()
    /// Of the signals of the coordinator's own operations, which live as long as their operation is visible.
    private var own = Readings()
    /// Deferring signals that are not newer than this have been answered by a resume signal.
    private var resumedAt = Timestamp.distantPast
    /// Nothing starts before this instant, whatever the allowance.
    private var heldUntil = Timestamp.distantPast
    /// The order that said so.
    private var holdOrder: UInt64 = 0
    /// Since when the present head of the queue has been held back.
    private var headHeldSince: Timestamp?
    /// Whether anything was ever read: keeps the hot path to one test for coordinators without rules.
    @usableFromInline private(set) var isArmed = false

    init(allowance: Int64?) {
        self.allowance = allowance
    }

    mutating func update(deferral reading: Reading, of source: Source = .shared) {
        change(source) { $0.deferral.replace(by: reading) }
    }

    mutating func update(cancellation reading: Reading, of source: Source = .shared) {
        change(source) { $0.cancellation.replace(by: reading) }
    }

    private mutating func change(_ source: Source, _ change: (inout Readings) -> Void) {
        switch source {
        case .shared: change(&shared)
        case .ambient: change(&ambient)
        }
        isArmed = true
    }

    mutating func update(ownDeferral: Reading, ownCancellation: Reading) {
        own = Readings(deferral: ownDeferral, cancellation: ownCancellation)
        isArmed = true
    }

    /// One of the coordinator's own operations has raised a signal.
    mutating func note(_ event: SignalEvent, _ rules: EphemeralOptions.SignalOptions) {
        let match = Reading.Match(signal: event.signal, time: event.time)
        if rules.resumeOn.matches(event.signal) { resumed(at: event.time) }
        if rules.deferOn.matches(event.signal) { own.deferral.add(match) }
        if rules.cancelOn.matches(event.signal) { own.cancellation.add(match) }
        isArmed = true
    }

    mutating func resumed(at time: Timestamp) {
        resumedAt = max(resumedAt, time)
    }

    /// Holds starts back until an instant, which may have passed; of several orders the one with the highest number holds.
    mutating func hold(until instant: Timestamp, order: UInt64) {
        guard order > holdOrder else { return }
        (heldUntil, holdOrder) = (instant, order)
        isArmed = true
    }

    /// Whether the head has to wait at this time.
    func isClosed(now: Timestamp) -> Bool {
        guard isArmed, isDeferring(now: now), cancellingSignal(now: now) == nil else { return false }
        guard now >= heldUntil, let deadline = headDeadline else { return true }
        return now < deadline
    }

    /// Whether starts are held back, or a deferring signal is live and not answered.
    func isDeferring(now: Timestamp) -> Bool {
        guard isArmed else { return false }
        if now < heldUntil { return true }
        guard allowance != 0 else { return false }
        return isDeferring(shared, now) || isDeferring(ambient, now) || isDeferring(own, now)
    }

    private func isDeferring(_ readings: Readings, _ now: Timestamp) -> Bool {
        readings.deferral.live(at: now).map { $0.time > resumedAt } ?? false
    }

    /// The live signal because of which the head is to be dropped.
    func cancellingSignal(now: Timestamp) -> String? {
        guard isArmed else { return nil }
        let match =
            shared.cancellation.live(at: now) ?? ambient.cancellation.live(at: now) ?? own.cancellation.live(at: now)
        return match?.signal
    }

    private var headDeadline: Timestamp? {
        guard let allowance, let headHeldSince else { return nil }
        return headHeldSince.advanced(byNanoseconds: allowance)
    }

    /// Notes that the head of the queue is held back.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - ownExpiry: When one of the operations that may have raised such a signal will leave the window.
    /// - Returns: When to look again: at the end of the hold, at the head's deadline, or when the deferring signals have
    ///   outlived their age.
    mutating func holdHead(now: Timestamp, ownExpiry: @autoclosure () -> Timestamp) -> Timestamp? {
        guard isDeferring(now: now) else { return nil }
        if now < heldUntil { return heldUntil == .distantFuture ? nil : heldUntil }
        if headHeldSince == nil { headHeldSince = now }
        // Whatever outlives its age first is a reason to look again; what has done so already is none.
        let sinks = [shared.deferral, ambient.deferral].map(\.expiry).filter { $0 > now }.min() ?? .distantFuture
        let expiry = own.deferral.newest == nil ? sinks : ownExpiry()
        let wake = min(headDeadline ?? .distantFuture, expiry)
        return wake == .distantFuture ? nil : wake
    }

    /// Notes that nothing waits any more.
    mutating func forgetHead() { headHeldSince = nil }

    /// Notes that the head has left the queue; the next one gets an allowance of its own.
    ///
    /// - Returns: Whether it left because its allowance was used up.
    mutating func headLeft(now: Timestamp) -> Bool {
        defer { headHeldSince = nil }
        guard isArmed, isDeferring(now: now), let deadline = headDeadline else { return false }
        return now >= deadline
    }
}
