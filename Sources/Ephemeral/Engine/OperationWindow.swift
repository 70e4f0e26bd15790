internal import DequeModule
internal import EphemeralTime

/// The finished operations that a coordinator still shows, oldest first: bounded in number and age.
///
/// Only finished operations that are not pinned count against the limit and can be evicted. Appending is amortised O(1)
/// and allocates nothing once the window is full; looking an operation up by identity is O(window).
struct OperationWindow: Sendable {
    /// How many unpinned operations are kept.
    let capacity: Int
    /// How long an unpinned operation stays after its end, in nanoseconds; `nil` for ever.
    let lifetime: Int64?

    /// Operations that were pinned when their turn to leave came, oldest first; all older than `recent`.
    private var overtaken: [OperationRecord] = []
    /// How many of `overtaken` have been unpinned since.
    private var overtakenUnpinned = 0
    private var recent: Deque<OperationRecord> = []
    private var vacated = 0
    private var pinned = 0
    private let reportsEvictions: Bool
    /// Whether an operation with signals has left since this was last reset.
    var hasLostSignals = false
    private(set) var evicted: [OperationRecord] = []
    /// `nil` when nothing is kept of operations that have left.
    var echoes: EchoRing?

    init(capacity: Int, lifetime: Duration?, reportsEvictions: Bool, echo: EchoPolicy = .none) {
        self.capacity = capacity
        self.reportsEvictions = reportsEvictions
        self.lifetime = lifetime?.clampedNanoseconds
        echoes = EchoRing(echo)
        recent.reserveCapacity(min(capacity, 1024) + 1)
    }

    /// Operations in the window.
    var count: Int { overtaken.count + recent.count - vacated }

    /// Adds a finished operation; others may have to leave.
    mutating func append(_ record: consuming OperationRecord, now: Timestamp) {
        if record.isPinned { pinned += 1 }
        recent.append(record)
        trim(now: now)
    }

    /// Evicts what has outlived its time or exceeds the limit.
    mutating func trim(now: Timestamp) {
        if overtakenUnpinned > 0 { trimOvertaken(now: now) }
        while !recent.isEmpty {
            if recent[0].state == .evicted {
                vacated -= 1
                recent.removeFirst()
            } else if evictable > capacity || hasExpired(recent[0].completedAt, at: now) {
                let oldest = recent.removeFirst()
                if oldest.isPinned {
                    overtaken.append(oldest)
                } else {
                    leave(oldest, now: now)
                }
            } else {
                break
            }
        }
    }

    private mutating func leave(_ record: OperationRecord, now: Timestamp) {
        if record.hasDetails, !record.events.isEmpty { hasLostSignals = true }
        if echoes != nil { echoes?.append(record, now: now) }
        if reportsEvictions { evicted.append(record) }
    }

    /// The operations that have left since the last call.
    mutating func takeEvicted() -> [OperationRecord] {
        defer { evicted = [] }
        return evicted
    }

    private var evictable: Int { count - pinned }

    /// When the next operation will have outlived its time; `distantFuture` when none will.
    var nextExpiry: Timestamp {
        guard let lifetime, let next = recent.first(where: { !$0.isPinned && $0.state != .evicted }) else {
            return .distantFuture
        }
        return next.completedAt.advanced(byNanoseconds: lifetime)
    }

    private func hasExpired(_ end: Timestamp, at now: Timestamp) -> Bool {
        guard let lifetime else { return false }
        return end.advanced(byNanoseconds: lifetime) <= now
    }

    /// Calls `visit` with every operation, oldest first.
    func forEach(_ visit: (OperationRecord) -> Void) {
        overtaken.forEach(visit)
        for record in recent where record.state != .evicted { visit(record) }
    }

    /// Changes the operation of this identity, if it is here.
    mutating func update<Result>(_ id: OperationID, _ change: (inout OperationRecord) -> Result) -> Result? {
        if let index = recent.lastIndex(where: { $0.id == id && $0.state != .evicted }) {
            return change(&recent[index])
        }
        if let index = overtaken.firstIndex(where: { $0.id == id }) {
            return change(&overtaken[index])
        }
        return nil
    }

    /// The operation of this identity, if it is here.
    func record(_ id: OperationID) -> OperationRecord? {
        recent.last { $0.id == id && $0.state != .evicted } ?? overtaken.first { $0.id == id }
    }

    /// Pins or unpins an operation; an unpinned one that is over the limit or its time leaves at once.
    ///
    /// - Returns: Whether the operation is here.
    mutating func setPinned(
        _ id: OperationID,
        _ isPinned: Bool,
        now: Timestamp
    ) -> Bool {
        let changed = update(id) { record -> Int in
            defer { record.isPinned = isPinned }
            return (isPinned ? 1 : 0) - (record.isPinned ? 1 : 0)
        }
        guard let changed else { return false }
        pinned += changed
        overtakenUnpinned = overtaken.count { !$0.isPinned }
        if !isPinned { trim(now: now) }
        return true
    }

    private mutating func trimOvertaken(now: Timestamp) {
        while overtakenUnpinned > 0, let index = overtaken.firstIndex(where: { !$0.isPinned }) {
            guard evictable > capacity || hasExpired(overtaken[index].completedAt, at: now) else { return }
            overtakenUnpinned -= 1
            leave(overtaken.remove(at: index), now: now)
        }
    }

    /// Takes an operation out, pinned or not.
    ///
    /// - Returns: Whether it was here.
    mutating func evict(_ id: OperationID, now: Timestamp) -> Bool {
        if let index = overtaken.firstIndex(where: { $0.id == id }) {
            let record = overtaken.remove(at: index)
            if record.isPinned { pinned -= 1 } else { overtakenUnpinned -= 1 }
            leave(record, now: now)
            return true
        }
        guard let index = recent.lastIndex(where: { $0.id == id && $0.state != .evicted }) else { return false }
        let record = recent[index]
        if record.isPinned { pinned -= 1 }
        recent[index] = OperationRecord(id: id, enqueuedAt: record.enqueuedAt)
        recent[index].state = .evicted
        vacated += 1
        if vacated > max(16, recent.count / 2) {
            recent.removeAll { $0.state == .evicted }
            vacated = 0
        }
        leave(record, now: now)
        return true
    }
}
