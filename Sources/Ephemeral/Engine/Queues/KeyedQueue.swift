public import DequeModule
public import EphemeralTime

/// Operations of one key start in their order, so many of them at a time; different keys do not wait for each other.
///
/// A key whose places are taken is not among the ready ones, so that it never holds a worker. With several lanes, the lane
/// is chosen first, then the key; a key's places are shared by all lanes. Starting and ending are O(1), or O(log ready
/// keys) where a key becomes ready out of order.
@usableFromInline
struct KeyedQueue<Key: Hashable & Sendable, Item: Sendable>: PrioritizedQueue {
    @usableFromInline
    struct Route: Sendable {
        @usableFromInline let key: Key
        @usableFromInline let lane: Int

        @inlinable
        init(key: Key, lane: Int) {
            self.key = key
            self.lane = lane
        }
    }

    /// A place of a key.
    @usableFromInline
    struct Claim: Sendable {
        @usableFromInline let key: Int
        @usableFromInline let lane: Int

        @inlinable
        init(key: Int, lane: Int) {
            self.key = key
            self.lane = lane
        }
    }

    @usableFromInline typealias Entry = QueueEntry<Item, Route>

    @usableFromInline var keys = KeyTable<Key>()
    @usableFromInline var lines: [KeyedLine<Entry>]
    @usableFromInline var lanes: LaneTable
    @usableFromInline var count = 0
    @usableFromInline var arrivals: UInt64 = 0
    /// How many operations of a key may run at a time.
    @usableFromInline let limitPerKey: Int
    @usableFromInline let isFair: Bool
    /// From how many waiting operations of a key on impatient arrivals are turned away.
    @usableFromInline let threshold: Int

    @usableFromInline
    init(options: EphemeralOptions, lanes: LaneTable = LaneTable()) {
        limitPerKey = options.keys.maxConcurrencyPerKey
        isFair = options.keys.enableFairScheduling
        threshold = isFair ? options.keys.fairSchedulingThreshold : .max
        self.lanes = lanes
        lines = Array(repeating: KeyedLine(isFair: isFair), count: lanes.count)
    }

    @inlinable static var mayBlock: Bool { true }
    @inlinable var lineCount: Int { lines.count }
    @inlinable var wantsArrivals: Bool { isFair || lines.count > 1 || lines[0].ready.isEmpty }
    @inlinable var isRuled: Bool { lanes.isRuled }

    @inlinable
    mutating func append(_ entry: Entry) {
        let (key, lane) = (keys.number(of: entry.route.key), entry.route.lane)
        keys.states[key].pending &+= 1
        lanes.noteArrival(in: lane)
        count &+= 1
        arrivals &+= 1
        lines[lane].append(entry, key: key, arrival: arrivals)
        if keys.states[key].running < limitPerKey { lines[lane].makeReady(key) }
    }

    @inlinable
    mutating func append(contentsOf arrivals: inout Deque<Entry>) {
        while let entry = arrivals.popFirst() { append(entry) }
    }

    /// The key whose turn it is in a lane; drops those whose places another lane has taken meanwhile.
    @inlinable
    mutating func nextKey(_ lane: Int) -> Int? {
        while let key = lines[lane].ready.next {
            if keys.states[key].running < limitPerKey, lines[lane].hasPending(key) { return key }
            lines[lane].removeNextReady()
        }
        return nil
    }

    @inlinable
    mutating func next(now: Timestamp) -> QueueHead<Claim>? {
        guard lanes.isUnlimited else { return nextByRules(now: now) }
        for lane in lines.indices {
            if let key = nextKey(lane) { return head(key, lane) }
        }
        return nil
    }

    @inlinable
    func head(_ key: Int, _ lane: Int) -> QueueHead<Claim>? {
        lines[lane].ticket(key).map { QueueHead(ticket: $0, claim: Claim(key: key, lane: lane)) }
    }

    @usableFromInline
    mutating func nextByRules(now: Timestamp) -> QueueHead<Claim>? {
        for lane in lines.indices { _ = nextKey(lane) }
        let lane = lanes.pick(now: now) { lane in lines[lane].ready.next.flatMap { lines[lane].ticket($0) } }
        return lane.flatMap { lane in nextKey(lane).flatMap { head($0, lane) } }
    }

    @inlinable
    mutating func start(_ head: QueueHead<Claim>, now: Timestamp) -> Started<Item, Route> {
        let (key, lane) = (head.claim.key, head.claim.lane)
        guard let entry = lines[lane].popFirst(key) else { preconditionFailure("the key whose turn it is has nothing") }
        lines[lane].removeNextReady()
        count &-= 1
        let tag = keys.states[key].tag
        keys.states[key].pending &-= 1
        keys.states[key].running &+= 1
        if keys.states[key].running < limitPerKey { lines[lane].makeReady(key) }
        let isOverdue = lanes.noteStart(in: lane, now: now)
        return Started(entry: entry, isOverdue: isOverdue, tag: tag)
    }

    @inlinable
    mutating func release(_ claim: Claim) {
        lanes.noteEnd(in: claim.lane)
        keys.states[claim.key].running &-= 1
        if keys.states[claim.key].pending > 0 {
            for lane in lines.indices { lines[lane].makeReady(claim.key) }
        } else if keys.forgetIfIdle(claim.key) {
            resetLines()
        }
    }

    @usableFromInline
    mutating func resetLines() {
        for lane in lines.indices { lines[lane].reset() }
    }

    @usableFromInline
    mutating func removeAll() -> [Entry] {
        lines.indices.flatMap { take($0) }.sorted { $0.arrival < $1.arrival }.map(\.entry)
    }

    /// Takes out everything that waits in a lane.
    private mutating func take(_ lane: Int) -> [(entry: Entry, arrival: UInt64)] {
        var taken: [(entry: Entry, arrival: UInt64)] = []
        for key in lines[lane].lists.indices {
            while lines[lane].hasPending(key) {
                let arrival = lines[lane].nodes[lines[lane].lists[key].first].arrival
                guard let entry = lines[lane].popFirst(key) else { break }
                taken.append((entry, arrival))
                keys.states[key].pending -= 1
                count -= 1
            }
        }
        lanes.noteEmptied(lane)
        lines[lane].reset()
        for key in keys.states.indices where keys.states[key].tag != nil && keys.forgetIfIdle(key) {
            resetLines()
            break
        }
        return taken.sorted { $0.arrival < $1.arrival }
    }

    @usableFromInline
    func contains(_ id: OperationID) -> Bool {
        lines.contains { $0.nodes.contains { $0.entry?.ticket.id == id } }
    }

    @inlinable
    func room(capacity: Int) -> Int { lanes.room(capacity: capacity) }

    @inlinable
    func line(of route: Route) -> Int { route.lane }

    @usableFromInline
    func hasRoom(for route: Route, capacity: Int) -> Bool { lanes.pending[route.lane] < capacity }

    @usableFromInline
    func refuses(_ route: Route, isPatient: Bool, now: Timestamp) -> Bool {
        if !isPatient, keys.pending(route.key) >= threshold { return true }
        return lanes.refuses(route.lane, now: now)
    }

    @usableFromInline
    mutating func dropForbidden(now: Timestamp) -> [(entry: Entry, signal: String)] {
        lanes.forbidden(now: now).flatMap { lane, signal in take(lane).map { ($0.entry, signal) } }
    }

    @usableFromInline
    mutating func nextLook(now: Timestamp) -> Timestamp? { lanes.nextLook(now: now) }

    @usableFromInline
    static func tag(of route: Route) -> (any OperationTag)? { KeyTag(route.key) }
}
