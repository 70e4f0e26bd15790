internal import DequeModule
internal import Ephemeral
internal import EphemeralTime
internal import HeapModule

/// What a retrying atom knows of its items, as a pure value: which wait for a worker, which for their time, what became of
/// the rest.
struct RetryStateMachine<Item: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// An attempt that a worker is to make.
    struct Submission: Sendable {
        let id: OperationID
        let item: Item
    }

    /// What has to be done after the lock is released.
    struct Effects: Sendable {
        var submissions: [Submission] = []
        var alarm: AlarmOrder?
        var ready: [WaitingLine<Void>.Continuation] = []
        var refused: [WaitingLine<Void>.Continuation] = []
    }

    /// A state that callers wait for.
    enum Condition: Sendable {
        /// Nothing waits and nothing runs.
        case idle
        /// No input will come and nothing is left.
        case drained
    }

    private enum Phase: Sendable {
        case queued
        case running
        case waiting(until: Instant)
    }

    private struct Entry: Sendable {
        let item: Item
        let enqueuedAt: Instant
        var phase = Phase.queued
        var attempts = 0
        var startedAt: Instant?
        var lastError: (any Error)?
    }

    private struct Wait: Sendable, Comparable {
        let due: Instant
        /// Waits that are over together end in the order in which they began.
        let number: UInt64
        let id: OperationID

        static func < (left: Wait, right: Wait) -> Bool { (left.due, left.number) < (right.due, right.number) }
        static func == (left: Wait, right: Wait) -> Bool { left.number == right.number }
    }

    private let capacity: Int
    private let tracked: Int
    private let lifetime: Duration?
    private(set) var isOpen = true
    private var isCancelled = false
    private var entries: [OperationID: Entry] = [:]
    private var waits = Heap<Wait>()
    private var lastWait: UInt64 = 0
    private var alarms = AlarmOrders()
    private(set) var stats = CoordinatorStats()
    private var window: Deque<RetrySnapshot> = []
    var producers = WaitingLine<Submission>()
    var waiters = WaitingLine<Condition>()

    init(_ options: EphemeralOptions) {
        capacity = options.queueCapacity ?? .max
        tracked = options.maxTrackedOperations
        lifetime = options.maxOperationLifetime
    }

    var isDrained: Bool { !isOpen && entries.isEmpty }

    // Intake

    /// An item arrives.
    mutating func enqueue(
        _ arrival: Submission,
        ignoringCapacity: Bool,
        now: Instant,
        _ effects: inout Effects
    ) -> Admission {
        guard isOpen else { return .closed }
        let hasRoom = producers.isEmpty && stats.pending < capacity
        guard hasRoom || ignoringCapacity else { return .full }
        if !hasRoom { stats.overflowed += 1 }
        accept(arrival, now: now, &effects)
        return .accepted
    }

    private mutating func accept(_ arrival: Submission, now: Instant, _ effects: inout Effects) {
        entries[arrival.id] = Entry(item: arrival.item, enqueuedAt: now)
        stats.enqueued += 1
        stats.pending += 1
        effects.submissions.append(arrival)
    }

    /// A caller waits with its item.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        with arrival: Submission,
        now: Instant,
        _ continuation: WaitingLine<Void>.Continuation,
        _ effects: inout Effects
    ) -> Admission? {
        let admission = enqueue(arrival, ignoringCapacity: false, now: now, &effects)
        guard case .full = admission else { return admission }
        return producers.add(caller, arrival, continuation) ? nil : .full
    }

    // Attempts

    /// A worker begins an attempt.
    ///
    /// - Returns: The number of the attempt; `nil` when the item has been dropped meanwhile.
    mutating func begin(_ id: OperationID, now: Instant, _ effects: inout Effects) -> Int? {
        guard var entry = entries[id], case .queued = entry.phase else { return nil }
        entry.phase = .running
        entry.attempts += 1
        if entry.startedAt == nil { entry.startedAt = now }
        entries[id] = entry
        stats.pending -= 1
        stats.active += 1
        admitProducers(now: now, &effects)
        return entry.attempts
    }

    private mutating func admitProducers(now: Instant, _ effects: inout Effects) {
        while stats.pending < capacity, let producer = producers.popFirst() {
            accept(producer.value, now: now, &effects)
            effects.ready.append(producer.continuation)
        }
    }

    /// An attempt has failed, and another one is to follow unless the atom was cancelled.
    mutating func retry(
        _ id: OperationID,
        after delay: Duration,
        error: any Error,
        now: Instant,
        _ effects: inout Effects
    ) {
        guard !isCancelled, var entry = entries[id] else {
            end(id, .failed(error), error: error, now: now, &effects)
            return
        }
        entry.lastError = error
        entry.phase = delay > .zero ? .waiting(until: now.advanced(by: delay)) : .queued
        entries[id] = entry
        stats.active -= 1
        stats.pending += 1
        if case .waiting(let due) = entry.phase {
            lastWait += 1
            waits.insert(Wait(due: due, number: lastWait, id: id))
            orderAlarm(&effects)
        } else {
            effects.submissions.append(Submission(id: id, item: entry.item))
        }
    }

    /// An item has come to its end: an attempt of it decided so, or it was dropped before one began.
    ///
    /// - Returns: Whether it was known.
    @discardableResult
    mutating func end(
        _ id: OperationID,
        _ outcome: OperationOutcome,
        error: (any Error)? = nil,
        now: Instant,
        _ effects: inout Effects
    ) -> Bool {
        guard var entry = entries.removeValue(forKey: id) else { return false }
        if case .running = entry.phase { stats.active -= 1 } else { stats.pending -= 1 }
        switch outcome {
        case .completed: stats.completed += 1
        case .failed: stats.failed += 1
        default: stats.cancelled += 1
        }
        if let error { entry.lastError = error }
        keep(snapshot(of: entry, id, outcome: outcome, completedAt: now), now: now)
        admitProducers(now: now, &effects)
        settle(&effects)
        return true
    }

    /// The alarm of this number rings: items whose time has come get in line.
    mutating func alarmRings(_ number: UInt64, now: Instant, _ effects: inout Effects) {
        guard alarms.hasRung(number) else { return }
        while let wait = waits.min, wait.due <= now {
            waits.removeMin()
            guard let item = entries[wait.id]?.item else { continue }
            entries[wait.id]?.phase = .queued
            effects.submissions.append(Submission(id: wait.id, item: item))
        }
        orderAlarm(&effects)
    }

    private mutating func orderAlarm(_ effects: inout Effects) {
        if let order = alarms.set(waits.min?.due) { effects.alarm = order }
    }

    // The end

    /// Takes nothing more; callers that wait for room are turned away.
    mutating func finish(_ effects: inout Effects) {
        isOpen = false
        effects.refused += producers.take().map(\.continuation)
        settle(&effects)
    }

    /// Takes nothing more and drops what does not run.
    ///
    /// - Returns: The dropped items, in the order of their arrival.
    mutating func cancel(now: Instant, _ effects: inout Effects) -> [Item] {
        isCancelled = true
        let dropped = entries.filter { if case .running = $0.value.phase { false } else { true } }
            .sorted { ($0.value.enqueuedAt, $0.key) < ($1.value.enqueuedAt, $1.key) }
        waits = Heap()
        orderAlarm(&effects)
        finish(&effects)
        for (id, _) in dropped { end(id, .cancelled, now: now, &effects) }
        return dropped.map(\.value.item)
    }

    /// A caller waits for a state.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func wait(
        _ caller: UInt64,
        for condition: Condition,
        _ continuation: WaitingLine<Void>.Continuation
    ) -> Result<Void, any Error>? {
        if isMet(condition) { return .success(()) }
        return waiters.add(caller, condition, continuation) ? nil : .failure(CancellationError())
    }

    private func isMet(_ condition: Condition) -> Bool {
        switch condition {
        // Somebody who waits for room waits for one of these.
        case .idle: entries.isEmpty
        case .drained: isDrained
        }
    }

    private mutating func settle(_ effects: inout Effects) {
        effects.ready += waiters.take(where: isMet).map(\.continuation)
    }
}

// What is visible
extension RetryStateMachine {
    private mutating func keep(_ snapshot: RetrySnapshot, now: Instant) {
        window.append(snapshot)
        trim(now: now)
    }

    private mutating func trim(now: Instant) {
        while let oldest = window.first, window.count > tracked || isTooOld(oldest, now: now) { window.removeFirst() }
    }

    private func isTooOld(_ snapshot: RetrySnapshot, now: Instant) -> Bool {
        guard let lifetime, let completedAt = snapshot.completedAt else { return false }
        return completedAt.duration(to: now) > lifetime
    }

    private func snapshot(
        of entry: Entry,
        _ id: OperationID,
        outcome: OperationOutcome,
        completedAt: Instant? = nil
    ) -> RetrySnapshot {
        var due: Instant?
        if completedAt == nil, case .waiting(let instant) = entry.phase { due = instant }
        return RetrySnapshot(
            id: id,
            outcome: outcome,
            attempts: entry.attempts,
            lastError: entry.lastError,
            nextAttemptAt: due,
            enqueuedAt: entry.enqueuedAt,
            startedAt: entry.startedAt,
            completedAt: completedAt
        )
    }

    /// Ended items in the order of their end, then those whose first attempt has begun, in the order of their arrival.
    mutating func snapshots(now: Instant) -> [RetrySnapshot] {
        trim(now: now)
        let begun = entries.filter { $0.value.attempts > 0 }
            .sorted { ($0.value.enqueuedAt, $0.key) < ($1.value.enqueuedAt, $1.key) }
        return window + begun.map { snapshot(of: $0.value, $0.key, outcome: .running) }
    }
}
