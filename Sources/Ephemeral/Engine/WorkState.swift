public import DequeModule
public import EphemeralTime

/// The guarded state of a first-in, first-out coordinator: the core, the front half of the queue, and the callers that
/// wait for room.
@usableFromInline
struct WorkState<Item: Sendable>: Sendable {
    @usableFromInline var core: CoordinatorCore
    @usableFromInline var queue: Deque<QueueEntry<Item>> = []
    @usableFromInline var producers: Deque<WaitingProducer> = []
    private var producersCancelledEarly: Set<UInt64> = []
    /// A task is on its way that lets callers in.
    var isAdmissionUnderway = false

    /// A caller of `enqueue` that waits for room; its item moves into the queue when there is some, in order.
    @usableFromInline
    struct WaitingProducer: Sendable {
        let waiter: UInt64
        let entry: QueueEntry<Item>
        let continuation: CheckedContinuation<Void, any Error>
    }

    @usableFromInline
    init(core: CoordinatorCore) {
        self.core = core
    }

    /// Takes over what producers have brought.
    ///
    /// Call with the intake's lock held.
    @inlinable
    mutating func absorb(_ intake: inout Intake<Item>) {
        let count = intake.entries.count
        if count > 0 {
            core.accept(count)
            if queue.isEmpty {
                swap(&queue, &intake.entries)
            } else {
                queue.append(contentsOf: intake.entries)
                intake.entries.removeAll(keepingCapacity: true)
            }
        }
        intake.room = producers.isEmpty ? max(0, core.queueCapacity &- queue.count) : 0
    }

    /// Whether room is so scarce that callers are better let in several at a time.
    ///
    /// Stopping and resuming a caller costs as much as several short operations. While bodies run, callers therefore stop
    /// when less than a sixteenth of the queue is free, and are let in together when an eighth is, or a few turns of the
    /// executor later; there is plenty to run meanwhile.
    ///
    /// - Parameter part: The part of the queue that should be free.
    /// - Returns: Whether less is.
    private func isScarce(_ part: Int) -> Bool {
        core.active > 0 && core.queueCapacity - queue.count < core.queueCapacity / part
    }

    var hasRoom: Bool { queue.count < core.queueCapacity }

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
    mutating func reconsider(
        _ entry: QueueEntry<Item>,
        ignoringCapacity: Bool,
        mayWait: Bool,
        now: Timestamp
    ) -> SecondLook {
        guard core.lifecycle == .open else { return .refused(CoordinatorError.completed) }
        if !hasRoom || !producers.isEmpty || (mayWait && isScarce(16)) {
            guard ignoringCapacity else { return .full }
            if !hasRoom { core.overflowed += 1 }
        }
        queue.append(entry)
        core.accept(1)
        return .accepted(wakeUpUnlessRuled(now: now))
    }

    /// Finds a worker for an arrival, unless signals may hold it back or drop it: that takes a look at all rules.
    mutating func wakeUpUnlessRuled(now: Timestamp) -> WakeUp? {
        core.gate.isArmed ? nil : core.wakeUp(now: now)
    }

    /// A worker is about to wait.
    ///
    /// - Returns: Whether it waits. `now` may have been read long ago: the alarm of a head that is held back can have gone
    ///   off since, without finding this worker, so that it has to be set again.
    mutating func park(_ worker: ParkedWorker, now: Timestamp, _ effects: inout Effects?) -> Bool {
        guard core.park(worker, now: now) else { return false }
        if core.gate.isArmed { watchHead(now: now, &effects) }
        return true
    }

    /// A caller suspends until there is room.
    ///
    /// Call after ``absorb(_:)``.
    mutating func wait(_ producer: WaitingProducer, now: Timestamp) -> SecondLook {
        if producersCancelledEarly.remove(producer.waiter) != nil { return .refused(CancellationError()) }
        let answer = reconsider(producer.entry, ignoringCapacity: false, mayWait: true, now: now)
        guard case .full = answer else { return answer }
        producers.append(producer)
        core.waitingProducers += 1
        return ordersAdmission() ? .waitsShortly : .waits
    }

    /// Whether somebody has to see to it that callers are let in, because there is room and nobody is on the way.
    private mutating func ordersAdmission() -> Bool {
        guard hasRoom, !isAdmissionUnderway else { return false }
        isAdmissionUnderway = true
        return true
    }

    /// A caller that waits, or is about to, was cancelled.
    mutating func cancelProducer(_ waiter: UInt64) -> WaitingProducer? {
        guard let index = producers.firstIndex(where: { $0.waiter == waiter }) else {
            producersCancelledEarly.insert(waiter)
            return nil
        }
        core.waitingProducers -= 1
        return producers.remove(at: index)
    }

    mutating func forgetProducer(_ waiter: UInt64) {
        if !producersCancelledEarly.isEmpty { producersCancelledEarly.remove(waiter) }
    }

    /// Lets waiting callers in as far as there is room.
    @usableFromInline
    mutating func admitProducers(now: Timestamp, isPressed: Bool, _ effects: inout Effects?) {
        guard hasRoom, core.lifecycle == .open else { return }
        if isPressed, isScarce(8) {
            if ordersAdmission() { Effects.add(to: &effects) { $0.admissionIsDue = true } }
            return
        }
        while hasRoom, let producer = producers.popFirst() {
            queue.append(producer.entry)
            core.waitingProducers -= 1
            core.accept(1)
            Effects.add(to: &effects) { $0.admitted.append(producer.continuation) }
        }
    }

    /// Drops what would start now although cancel signals say it must not.
    ///
    /// - Returns: The dropped items; their clean-up may run code of the user and must wait until the lock is released.
    @usableFromInline
    mutating func dropSkipped(now: Timestamp, _ effects: inout Effects?) -> [Item] {
        var dropped: [Item] = []
        while core.hasFreeSlot, let signal = core.gate.cancellingSignal(now: now), let entry = queue.popFirst() {
            core.discard(entry.ticket, skippedBy: signal, now: now)
            _ = core.gate.headLeft(now: now)
            dropped.append(entry.item)
            Effects.add(to: &effects) { $0.discarded.append(entry.ticket.id) }
            if !producers.isEmpty { admitProducers(now: now, isPressed: false, &effects) }
        }
        return dropped
    }

    /// Sets the alarm of a head that is held back, or ends that of one that is not.
    @usableFromInline
    mutating func watchHead(now: Timestamp, _ effects: inout Effects?) {
        if let order = core.alarmOrder(now: now) { Effects.add(to: &effects) { $0.alarm = order } }
    }

    /// Turns away everybody who waits for room.
    mutating func refuseProducers(_ effects: inout Effects?) -> [Item] {
        let refused = producers
        guard !refused.isEmpty else { return [] }
        producers = []
        core.waitingProducers = 0
        Effects.add(to: &effects) { $0.refused.append(contentsOf: refused.map(\.continuation)) }
        return refused.map(\.entry.item)
    }

    /// Drops everything that waits.
    mutating func discardQueue(now: Timestamp, _ effects: inout Effects?) -> [Item] {
        let entries = queue
        queue = []
        for entry in entries { core.discard(entry.ticket, skippedBy: nil, now: now) }
        Effects.add(to: &effects) { $0.discarded.append(contentsOf: entries.map(\.ticket.id)) }
        return entries.map(\.item)
    }
}
