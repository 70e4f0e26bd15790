public import DequeModule
public import EphemeralTime

/// The guarded state of a coordinator: the core, the front half of the queue, and the callers that wait for room.
@usableFromInline
struct WorkState<Queue: WorkQueue>: Sendable {
    @usableFromInline typealias Item = Queue.Item

    @usableFromInline var core: CoordinatorCore
    @usableFromInline var queue: Queue
    @usableFromInline typealias WaitingProducer = WaitingProducers<Queue.Entry>.Producer

    @usableFromInline var producers: WaitingProducers<Queue.Entry>
    @usableFromInline var producersCancelledEarly = EarlyCancellations()
    /// A task is on its way that lets callers in.
    @usableFromInline var isAdmissionUnderway = false

    @usableFromInline
    init(core: CoordinatorCore, queue: Queue) {
        self.core = core
        self.queue = queue
        producers = WaitingProducers(lines: queue.lineCount)
    }

    /// Takes over what producers have brought.
    ///
    /// Call with the intake's lock held.
    @inlinable
    mutating func absorb(_ intake: inout Intake<Queue.Entry>) {
        let count = intake.entries.count
        if count > 0 {
            core.accept(count)
            queue.append(contentsOf: &intake.entries)
        }
        intake.room = producers.isEmpty ? queue.room(capacity: core.queueCapacity) : 0
    }

    /// Whether room is so scarce that callers are better let in several at a time.
    ///
    /// Stopping and resuming a caller costs as much as several short operations. While bodies run, callers therefore stop
    /// when less than a sixteenth of the queue is free, and are let in together when an eighth is, or a few turns of the
    /// executor later; there is plenty to run meanwhile.
    ///
    /// - Parameter part: The part of the queue that should be free.
    /// - Returns: Whether less is.
    @inlinable
    func isScarce(_ part: Int) -> Bool {
        queue.sharesRoom && core.active > 0 && core.queueCapacity - queue.count < core.queueCapacity / part
    }

    /// Whether an item has to wait for room, or would pass callers that wait for the same room.
    @inlinable
    func isFull(for route: Queue.Route) -> Bool {
        if !queue.hasRoom(for: route, capacity: core.queueCapacity) { return true }
        // Where routes have room of their own, a caller that waits although its route has room is let in at the same event.
        return queue.sharesRoom && !producers.isEmpty
    }

    /// The rules of the queue and the core together hold back what waits; call after every change of the queue.
    @inlinable
    mutating func noteBlocked(now: Timestamp) {
        if Queue.mayBlock { noteBlocked(queue.next(now: now) == nil) }
    }

    /// What waits, if anything does, may not start for reasons of the queue's own, or may.
    @inlinable
    mutating func noteBlocked(_ isBlocked: Bool) {
        if Queue.mayBlock { core.isBlocked = isBlocked && core.pending > 0 }
    }

    /// Finds a worker for what may start, if nobody is on the way already.
    @inlinable
    mutating func wakeUp(now: Timestamp) -> WakeUp {
        noteBlocked(now: now)
        return core.wakeUp(now: now)
    }

    /// Whether the next arrival has to be looked at.
    ///
    /// Call after ``noteBlocked(now:)``.
    @inlinable
    func wantsArrivals(now: Timestamp) -> Bool {
        queue.isRuled || core.wantsArrivals(now: now)
    }

    /// What became of a caller that found no room at first sight.
    @usableFromInline
    enum SecondLook: Sendable {
        /// Accepted; without a wake-up, signals have to be looked at before anybody is woken.
        case accepted(WakeUp?)
        case waits
        /// Waits although there is a little room; callers are to be let in soon.
        case waitsShortly
        case full
        case refused(any Error)
    }

    /// Looks at the whole queue for an item that the intake could not take.
    ///
    /// Call after ``absorb(_:)``.
    @inlinable
    mutating func reconsider(
        _ entry: Queue.Entry,
        ignoringCapacity: Bool,
        mayWait: Bool,
        now: Timestamp
    ) -> SecondLook {
        guard core.lifecycle == .open else { return .refused(CoordinatorError.completed) }
        if queue.refuses(entry.route, isPatient: mayWait, now: now) { return .refused(RouteRefusal()) }
        if isFull(for: entry.route) || (mayWait && isScarce(16)) {
            guard ignoringCapacity else { return .full }
            if !queue.hasRoom(for: entry.route, capacity: core.queueCapacity) { core.overflowed += 1 }
        }
        queue.append(entry)
        core.accept(1)
        return .accepted(wakeUpUnlessRuled(now: now))
    }

    /// Finds a worker for an arrival, unless signals may hold it back or drop it: that takes a look at all rules.
    @inlinable
    mutating func wakeUpUnlessRuled(now: Timestamp) -> WakeUp? {
        core.gate.isArmed || queue.isRuled ? nil : wakeUp(now: now)
    }

    /// A worker is about to wait.
    ///
    /// - Returns: Whether it waits. `now` may have been read long ago: the alarm of a head that is held back can have gone
    ///   off since, without finding this worker, so that it has to be set again.
    @inlinable
    mutating func park(_ worker: ParkedWorker, now: Timestamp, _ effects: inout Effects?) -> Bool {
        noteBlocked(now: now)
        guard core.park(worker, now: now) else { return false }
        if core.gate.isArmed || queue.isRuled { watchHead(now: now, &effects) }
        return true
    }

    /// A caller suspends until there is room.
    ///
    /// Call after ``absorb(_:)``.
    @inlinable
    mutating func wait(_ producer: WaitingProducer, now: Timestamp) -> SecondLook {
        if producersCancelledEarly.take(producer.waiter) { return .refused(CancellationError()) }
        let answer = reconsider(producer.entry, ignoringCapacity: false, mayWait: true, now: now)
        guard case .full = answer else { return answer }
        producers.append(producer, line: queue.line(of: producer.entry.route))
        core.waitingProducers += 1
        return ordersAdmission(producer.entry.route) ? .waitsShortly : .waits
    }

    /// Whether somebody has to see to it that callers are let in, because there is room and nobody is on the way.
    @inlinable
    mutating func ordersAdmission(_ route: Queue.Route) -> Bool {
        guard queue.hasRoom(for: route, capacity: core.queueCapacity), !isAdmissionUnderway else { return false }
        isAdmissionUnderway = true
        return true
    }

    /// A caller that waits, or is about to, was cancelled.
    @inlinable
    mutating func cancelProducer(_ waiter: UInt64) -> WaitingProducer? {
        guard let producer = producers.remove(waiter) else {
            producersCancelledEarly.note(waiter)
            return nil
        }
        core.waitingProducers -= 1
        return producer
    }

    @inlinable
    mutating func forgetProducer(_ waiter: UInt64) {
        producersCancelledEarly.forget(waiter)
    }

    /// Lets waiting callers in as far as there is room; O(lines + those let in or turned away).
    @inlinable
    mutating func admitProducers(now: Timestamp, isPressed: Bool, _ effects: inout Effects?) {
        guard core.lifecycle == .open else { return }
        for line in producers.lines.indices {
            if isPressed, let first = producers.lines[line].first, isScarce(8) {
                if ordersAdmission(first.entry.route) { Effects.orderAdmission(&effects) }
                return
            }
            while let first = producers.lines[line].first {
                if queue.refuses(first.entry.route, isPatient: true, now: now) {
                    core.waitingProducers -= 1
                    Effects.turnAway(first.continuation, &effects)
                } else if queue.hasRoom(for: first.entry.route, capacity: core.queueCapacity) {
                    admit(first, &effects)
                } else {
                    break
                }
                producers.removeFirst(of: line)
            }
        }
    }

    @inlinable
    mutating func admit(_ producer: WaitingProducer, _ effects: inout Effects?) {
        queue.append(producer.entry)
        core.waitingProducers -= 1
        core.accept(1)
        Effects.admit(producer.continuation, &effects)
    }

    /// Drops what would start now although cancel signals say it must not.
    ///
    /// - Returns: The dropped items; their clean-up may run code of the user and must wait until the lock is released.
    @usableFromInline
    mutating func dropSkipped(now: Timestamp, _ effects: inout Effects?) -> [Item] {
        var dropped: [Item] = []
        for (entry, signal) in queue.isRuled ? queue.dropForbidden(now: now) : [] {
            drop(entry, skippedBy: signal, now: now, &effects)
            dropped.append(entry.item)
        }
        while core.hasFreeSlot, let signal = core.gate.cancellingSignal(now: now), let entry = queue.dropNext(now: now)
        {
            _ = core.gate.headLeft(now: now)
            drop(entry, skippedBy: signal, now: now, &effects)
            dropped.append(entry.item)
            if !producers.isEmpty { admitProducers(now: now, isPressed: false, &effects) }
        }
        return dropped
    }

    private mutating func drop(
        _ entry: Queue.Entry,
        skippedBy signal: String?,
        now: Timestamp,
        _ effects: inout Effects?
    ) {
        core.discard(entry.ticket, tag: Queue.tag(of: entry.route), skippedBy: signal, now: now, &effects)
        Effects.add(to: &effects) { $0.discarded.append(entry.ticket.id) }
    }

    /// Sets the alarm of a head that is held back, or ends that of one that is not.
    @usableFromInline
    mutating func watchHead(now: Timestamp, _ effects: inout Effects?) {
        noteBlocked(now: now)
        let look = queue.isRuled && !core.isPaused ? queue.nextLook(now: now) : nil
        if let order = core.alarmOrder(now: now, alsoAt: look) { Effects.add(to: &effects) { $0.alarm = order } }
    }

    /// Turns away everybody who waits for room.
    mutating func refuseProducers(_ effects: inout Effects?) -> [Item] {
        let refused = producers.removeAll()
        guard !refused.isEmpty else { return [] }
        core.waitingProducers = 0
        Effects.add(to: &effects) { $0.refused.append(contentsOf: refused.map(\.continuation)) }
        return refused.map(\.entry.item)
    }

    /// Drops everything that waits.
    mutating func discardQueue(now: Timestamp, _ effects: inout Effects?) -> [Item] {
        let entries = queue.removeAll()
        for entry in entries { drop(entry, skippedBy: nil, now: now, &effects) }
        return entries.map(\.item)
    }
}

/// A route turns an arrival away: its lane is full or cancelled, or its key has too much waiting.
@usableFromInline
struct RouteRefusal: Error {
    @usableFromInline init() {}
}
