public import DequeModule
public import EphemeralTime

/// What operations bring along that start in the order of their arrival.
@usableFromInline
protocol ArrivalRoute: Sendable {
    /// What the operation keeps of it.
    var tag: (any OperationTag)? { get }

    /// The operation has ended; called without a lock.
    func announceEnd()
}

/// Nothing.
@usableFromInline
struct Unrouted: ArrivalRoute {
    @inlinable init() {}

    @inlinable var tag: (any OperationTag)? { nil }

    @inlinable
    func announceEnd() {}
}

/// Operations start strictly in the order in which they arrived.
@usableFromInline
struct ArrivalQueue<Item: Sendable, Route: ArrivalRoute>: WorkQueue {
    @usableFromInline typealias Entry = QueueEntry<Item, Route>
    /// An operation holds what it brought along.
    @usableFromInline typealias Claim = Route

    @usableFromInline var entries: Deque<Entry> = []

    @inlinable init() {}

    @inlinable static var mayBlock: Bool { false }
    @inlinable var lineCount: Int { 1 }
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
    func next(now: Timestamp) -> QueueHead<Route>? {
        entries.first.map { QueueHead(ticket: $0.ticket, claim: $0.route) }
    }

    @inlinable
    mutating func start(_ head: QueueHead<Route>, now: Timestamp) -> Started<Item, Route> {
        Started(entry: entries.removeFirst(), tag: head.claim.tag)
    }

    @inlinable
    mutating func release(_ claim: Route) {}

    @inlinable
    static func announceEnd(_ claim: Route) { claim.announceEnd() }

    @usableFromInline
    mutating func removeAll() -> [Entry] {
        defer { entries = [] }
        return Array(entries)
    }

    @usableFromInline
    func contains(_ id: OperationID) -> Bool { entries.lastIndex { $0.ticket.id == id } != nil }

    @inlinable
    func room(capacity: Int) -> Int { max(0, capacity &- entries.count) }

    @inlinable
    func line(of route: Route) -> Int { 0 }

    @usableFromInline
    func hasRoom(for route: Route, capacity: Int) -> Bool { entries.count < capacity }

    @usableFromInline
    func refuses(_ route: Route, isPatient: Bool, now: Timestamp) -> Bool { false }

    @usableFromInline
    func dropForbidden(now: Timestamp) -> [(entry: Entry, signal: String)] { [] }

    @usableFromInline
    func nextLook(now: Timestamp) -> Timestamp? { nil }

    @inlinable
    static func tag(of route: Route) -> (any OperationTag)? { route.tag }
}
