public import DequeModule
public import EphemeralTime

/// Operations start strictly in the order in which they arrived.
@usableFromInline
struct ArrivalQueue<Item: Sendable>: WorkQueue {
    @usableFromInline typealias Entry = QueueEntry<Item, Void>

    @usableFromInline var entries: Deque<Entry> = []

    @inlinable init() {}

    @inlinable static var mayBlock: Bool { false }
    @inlinable var sharesRoom: Bool { true }
    @inlinable var count: Int { entries.count }
    @inlinable var wantsArrivals: Bool { entries.isEmpty }
    @inlinable var isRuled: Bool { false }

    @inlinable
    mutating func append(_ entry: Entry) { entries.append(entry) }

    @inlinable
    mutating func append(contentsOf arrivals: inout Deque<Entry>) {
        if entries.isEmpty {
            swap(&entries, &arrivals)
        } else {
            entries.append(contentsOf: arrivals)
            arrivals.removeAll(keepingCapacity: true)
        }
    }

    @inlinable
    func next(now: Timestamp) -> Ticket? { entries.first?.ticket }

    @inlinable
    mutating func popNext(now: Timestamp) -> Started<Item, Void, Void>? {
        guard let entry = entries.popFirst() else { return nil }
        return Started(entry: entry, claim: (), isOverdue: false)
    }

    @inlinable
    mutating func release(_ claim: Void) {}

    @usableFromInline
    mutating func removeAll() -> [Entry] {
        defer { entries = [] }
        return Array(entries)
    }

    @usableFromInline
    func contains(_ id: OperationID) -> Bool { entries.lastIndex { $0.ticket.id == id } != nil }

    @inlinable
    func room(capacity: Int) -> Int { max(0, capacity &- entries.count) }

    @usableFromInline
    func hasRoom(for route: Void, capacity: Int) -> Bool { entries.count < capacity }

    @usableFromInline
    func refuses(_ route: Void, isPatient: Bool, now: Timestamp) -> Bool { false }

    @usableFromInline
    func dropForbidden(now: Timestamp) -> [(entry: Entry, signal: String)] { [] }

    @usableFromInline
    func nextLook(now: Timestamp) -> Timestamp? { nil }

    @inlinable
    static func tag(of route: Void) -> (any OperationTag)? { nil }
}
