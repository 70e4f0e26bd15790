public import DequeModule
public import EphemeralTime

/// The accepted operations that wait, and which of them starts next: what coordinators differ in.
///
/// A pure value under the engine's lock; every call is one event. A queue answers for its own rules only: pauses, limits,
/// the start gate and the window belong to the core.
@usableFromInline
protocol WorkQueue<Item>: Sendable {
    associatedtype Item: Sendable
    /// What the queue has to know of an item: its key, its lane.
    associatedtype Route: Sendable
    /// What an operation holds while it runs, such as a place of its key.
    associatedtype Claim: Sendable
    typealias Entry = QueueEntry<Item, Route>
    typealias Head = QueueHead<Claim>

    /// Whether something may wait here that cannot start for a reason of the queue's own.
    static var mayBlock: Bool { get }

    var count: Int { get }
    /// How many parts with room of their own the queue has.
    var lineCount: Int { get }
    /// Whether arrivals have to be taken over before the next decision, because they may come before what waits already.
    var wantsArrivals: Bool { get }
    /// Whether signal rules of the queue's own are in force, so that every arrival has to be looked at.
    var isRuled: Bool { get }

    mutating func append(_ entry: Entry)
    mutating func append(contentsOf arrivals: inout Deque<Entry>)

    /// The operation that starts next; `nil` when none may start.
    mutating func next(now: Timestamp) -> Head?
    /// Takes out the operation that starts now, which nothing must have come before since it was found; it holds its claim
    /// until ``release(_:)``.
    mutating func start(_ head: Head, now: Timestamp) -> Started<Item, Route>
    /// An operation has ended.
    mutating func release(_ claim: Claim)
    /// Tells who waits for the end of the operation that held this claim; called without the lock.
    static func announceEnd(_ claim: Claim)
    mutating func removeAll() -> [Entry]
    func contains(_ id: OperationID) -> Bool

    /// How many operations may come, whatever their route, before somebody has to look closer.
    func room(capacity: Int) -> Int
    /// The part of the queue that a route leads to.
    func line(of route: Route) -> Int
    func hasRoom(for route: Route, capacity: Int) -> Bool
    /// Whether an arrival on this route is turned away although there is room.
    ///
    /// Patient callers would rather wait than be turned away because of what waits already.
    func refuses(_ route: Route, isPatient: Bool, now: Timestamp) -> Bool
    /// Takes out what signals of the queue's own rules forbid to run, with the signal for each.
    mutating func dropForbidden(now: Timestamp) -> [(entry: Entry, signal: String)]
    /// When to look again because the queue's own rules hold something back.
    mutating func nextLook(now: Timestamp) -> Timestamp?
    /// What operations of a route keep of it.
    static func tag(of route: Route) -> (any OperationTag)?
}

/// A queue whose operations have lanes.
@usableFromInline
protocol PrioritizedQueue: WorkQueue {
    var lanes: LaneTable { get set }
}

/// An item in the queue.
@usableFromInline
struct QueueEntry<Item: Sendable, Route: Sendable>: Sendable {
    @usableFromInline let item: Item
    @usableFromInline let route: Route
    @usableFromInline let ticket: Ticket

    @inlinable
    init(item: Item, route: Route, ticket: Ticket) {
        self.item = item
        self.route = route
        self.ticket = ticket
    }
}

/// The operation whose turn it is, still in its queue.
@usableFromInline
struct QueueHead<Claim: Sendable>: Sendable {
    @usableFromInline let ticket: Ticket
    /// What it will hold while it runs.
    @usableFromInline let claim: Claim

    @inlinable
    init(ticket: Ticket, claim: Claim) {
        self.ticket = ticket
        self.claim = claim
    }
}

/// An operation that has left the queue to run.
@usableFromInline
struct Started<Item: Sendable, Route: Sendable>: Sendable {
    @usableFromInline let entry: QueueEntry<Item, Route>
    /// Whether it starts although signals defer it, because it has waited for as long as it has to.
    @usableFromInline let isOverdue: Bool
    @usableFromInline let tag: (any OperationTag)?

    @inlinable
    init(entry: QueueEntry<Item, Route>, isOverdue: Bool = false, tag: (any OperationTag)? = nil) {
        self.entry = entry
        self.isOverdue = isOverdue
        self.tag = tag
    }
}

extension WorkQueue {
    @inlinable var isEmpty: Bool { count == 0 }
    /// Whether all operations share the room of the queue, so that callers that wait for it keep their order.
    @inlinable var sharesRoom: Bool { lineCount == 1 }

    @inlinable
    static func announceEnd(_ claim: Claim) {}

    /// Takes out what would start now, without starting it.
    mutating func dropNext(now: Timestamp) -> Entry? {
        guard let head = next(now: now) else { return nil }
        let started = start(head, now: now)
        release(head.claim)
        return started.entry
    }
}
