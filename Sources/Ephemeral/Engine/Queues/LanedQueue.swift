public import DequeModule
public import EphemeralTime

/// Operations start in the order of their lanes, and in each lane in the order in which they arrived.
///
/// The lane is chosen at the moment a worker asks, so that nothing of a lower lane gets ahead of an operation that arrived
/// before that moment.
@usableFromInline
struct LanedQueue<Item: Sendable>: PrioritizedQueue {
    /// The number of the lane.
    @usableFromInline typealias Route = Int
    @usableFromInline typealias Claim = Int
    @usableFromInline typealias Entry = QueueEntry<Item, Int>

    @usableFromInline var lanes: LaneTable
    @usableFromInline var entries: [Deque<Entry>]
    @usableFromInline var count = 0

    @usableFromInline
    init(lanes: LaneTable) {
        self.lanes = lanes
        entries = Array(repeating: [], count: lanes.count)
    }

    @inlinable static var mayBlock: Bool { true }
    @inlinable var sharesRoom: Bool { false }
    @inlinable var wantsArrivals: Bool { true }
    @inlinable var isRuled: Bool { lanes.isRuled }

    @inlinable
    mutating func append(_ entry: Entry) {
        entries[entry.route].append(entry)
        lanes.noteArrival(in: entry.route)
        count &+= 1
    }

    @inlinable
    mutating func append(contentsOf arrivals: inout Deque<Entry>) {
        while let entry = arrivals.popFirst() { append(entry) }
    }

    @inlinable
    func next(now: Timestamp) -> Ticket? {
        lanes.pick(now: now) { entries[$0].first?.ticket }.flatMap { entries[$0].first?.ticket }
    }

    @inlinable
    mutating func popNext(now: Timestamp) -> Started<Item, Int, Int>? {
        guard let lane = lanes.pick(now: now, head: { entries[$0].first?.ticket }),
            let entry = entries[lane].popFirst()
        else { return nil }
        count &-= 1
        return Started(entry: entry, claim: lane, isOverdue: lanes.noteStart(in: lane, now: now))
    }

    @inlinable
    mutating func release(_ claim: Int) { lanes.noteEnd(in: claim) }

    @usableFromInline
    mutating func removeAll() -> [Entry] {
        defer { count = 0 }
        return entries.indices.flatMap { take($0) }
    }

    private mutating func take(_ lane: Int) -> [Entry] {
        defer {
            entries[lane] = []
            lanes.noteEmptied(lane)
        }
        return Array(entries[lane])
    }

    @usableFromInline
    func contains(_ id: OperationID) -> Bool { entries.contains { $0.contains { $0.ticket.id == id } } }

    @usableFromInline
    func room(capacity: Int) -> Int { lanes.room(capacity: capacity) }

    @usableFromInline
    func hasRoom(for route: Int, capacity: Int) -> Bool { lanes.lanes[route].pending < capacity }

    @usableFromInline
    func refuses(_ route: Int, isPatient: Bool, now: Timestamp) -> Bool { lanes.refuses(route, now: now) }

    @usableFromInline
    mutating func dropForbidden(now: Timestamp) -> [(entry: Entry, signal: String)] {
        lanes.forbidden(now: now).flatMap { lane, signal in
            let dropped = take(lane)
            count -= dropped.count
            return dropped.map { ($0, signal) }
        }
    }

    @usableFromInline
    mutating func nextLook(now: Timestamp) -> Timestamp? { lanes.nextLook(now: now) }

    @inlinable
    static func tag(of route: Int) -> (any OperationTag)? { nil }
}
