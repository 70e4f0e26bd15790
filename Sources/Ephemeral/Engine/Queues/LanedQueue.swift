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
    @inlinable var lineCount: Int { entries.count }
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
    func next(now: Timestamp) -> QueueHead<Int>? {
        guard lanes.isUnlimited else { return nextByRules(now: now) }
        for lane in entries.indices {
            if let first = entries[lane].first { return QueueHead(ticket: first.ticket, claim: lane) }
        }
        return nil
    }

    @usableFromInline
    func nextByRules(now: Timestamp) -> QueueHead<Int>? {
        guard let lane = lanes.pick(now: now, head: { entries[$0].first?.ticket }), let first = entries[lane].first
        else { return nil }
        return QueueHead(ticket: first.ticket, claim: lane)
    }

    @inlinable
    mutating func start(_ head: QueueHead<Int>, now: Timestamp) -> Started<Item, Int> {
        count &-= 1
        let isOverdue = lanes.noteStart(in: head.claim, now: now)
        return Started(entry: entries[head.claim].removeFirst(), isOverdue: isOverdue)
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

    @inlinable
    func room(capacity: Int) -> Int { lanes.room(capacity: capacity) }

    @inlinable
    func line(of route: Int) -> Int { route }

    @usableFromInline
    func hasRoom(for route: Int, capacity: Int) -> Bool { lanes.pending[route] < capacity }

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
