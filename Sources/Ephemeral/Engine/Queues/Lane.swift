public import EphemeralTime

/// The rules of one lane.
@usableFromInline
struct Lane: Sendable {
    let name: String
    /// How many operations may wait; `nil` is unbounded.
    let depth: Int?
    /// How many may run; `nil` leaves it to the coordinator.
    let limit: Int?
    var gate: StartGate

    init(name: String = "normal", depth: Int? = nil, limit: Int? = nil, gate: StartGate = StartGate(allowance: nil)) {
        self.name = name
        self.depth = depth
        self.limit = limit
        self.gate = gate
    }
}

/// The lanes of a queue, highest priority first: which of them may give the next operation.
@usableFromInline
struct LaneTable: Sendable {
    var lanes: [Lane]
    /// How many operations of each lane wait.
    @usableFromInline var pending: [Int]
    /// How many run.
    @usableFromInline var running: [Int]
    /// How long an operation waits before it counts as one lane higher; `nil` for never.
    let agingInterval: Int64?
    /// Whether any lane's signals have ever been read.
    @usableFromInline private(set) var isRuled = false
    /// Whether nothing but its place among the lanes decides whether a lane gives what it has.
    @usableFromInline private(set) var isUnlimited: Bool
    /// Whether no lane has a depth of its own.
    @usableFromInline let isUnbounded: Bool

    init(_ lanes: [Lane], agingInterval: Duration? = nil) {
        self.lanes = lanes
        pending = Array(repeating: 0, count: lanes.count)
        running = pending
        // The clock tells nothing shorter than a nanosecond, and ages are divided by this.
        self.agingInterval = agingInterval.map { max(1, $0.clampedNanoseconds) }
        isUnlimited = agingInterval == nil && lanes.allSatisfy { $0.limit == nil }
        isUnbounded = lanes.allSatisfy { $0.depth == nil }
    }

    /// One lane without rules: for coordinators that have none.
    @usableFromInline
    init() { self.init([Lane()]) }

    @usableFromInline var count: Int { lanes.count }

    mutating func change(_ lane: Int, _ change: (inout StartGate) -> Void) {
        change(&lanes[lane].gate)
        isRuled = true
        isUnlimited = false
    }

    @inlinable
    mutating func noteArrival(in lane: Int) { pending[lane] &+= 1 }

    /// Everything that waits in a lane has been taken out; what comes next gets an allowance of its own.
    mutating func noteEmptied(_ lane: Int) {
        pending[lane] = 0
        lanes[lane].gate.forgetHead()
    }

    /// An operation of a lane starts.
    ///
    /// - Returns: Whether it starts because it has been held back for as long as it has to be.
    @inlinable
    mutating func noteStart(in lane: Int, now: Timestamp) -> Bool {
        pending[lane] &-= 1
        running[lane] &+= 1
        return isRuled && headLeft(lane, now: now)
    }

    @usableFromInline
    mutating func headLeft(_ lane: Int, now: Timestamp) -> Bool { lanes[lane].gate.headLeft(now: now) }

    @inlinable
    mutating func noteEnd(in lane: Int) { running[lane] &-= 1 }

    /// Whether a lane may give an operation, if it has one that may start.
    private func isOpen(_ lane: Int, now: Timestamp) -> Bool {
        if let limit = lanes[lane].limit, running[lane] >= limit { return false }
        return !isRuled || !lanes[lane].gate.isClosed(now: now)
    }

    /// The lane that gives the next operation.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - head: The first operation of a lane that may start, lane rules aside.
    /// - Returns: The number of the lane; `nil` when none may.
    func pick(now: Timestamp, head: (_ lane: Int) -> Ticket?) -> Int? {
        var best: (lane: Int, rank: Int64)?
        for index in lanes.indices where pending[index] > 0 && isOpen(index, now: now) {
            guard let ticket = head(index) else { continue }
            guard let agingInterval else { return index }
            let rank = Int64(index) - max(0, now.nanoseconds &- ticket.enqueuedAt.nanoseconds) / agingInterval
            if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.lane
    }

    /// Whether a lane turns an arrival away.
    func refuses(_ lane: Int, now: Timestamp) -> Bool {
        if let depth = lanes[lane].depth, pending[lane] >= depth { return true }
        return isRuled && lanes[lane].gate.cancellingSignal(now: now) != nil
    }

    /// How many operations may come into whichever lane.
    @inlinable
    func room(capacity: Int) -> Int {
        guard isUnbounded, !isRuled else { return roomByRules(capacity: capacity) }
        var most = 0
        for lane in pending.indices { most = max(most, pending[lane]) }
        return max(0, capacity &- most)
    }

    @usableFromInline
    func roomByRules(capacity: Int) -> Int {
        guard !isRuled else { return 0 }
        return lanes.indices.reduce(.max) { room, lane in
            min(room, max(0, min(capacity, lanes[lane].depth ?? .max) - pending[lane]))
        }
    }

    /// The lanes whose waiting operations may not run at all, and why.
    func forbidden(now: Timestamp) -> [(lane: Int, signal: String)] {
        lanes.indices.compactMap { index in
            guard pending[index] > 0 else { return nil }
            return lanes[index].gate.cancellingSignal(now: now).map { (index, $0) }
        }
    }

    /// When the first of the lanes that hold something back has to be looked at again.
    mutating func nextLook(now: Timestamp) -> Timestamp? {
        var next: Timestamp?
        for index in lanes.indices where pending[index] > 0 {
            // A look that is due already is being taken: what still waits there waits for something else, and must not hide
            // when the next lane has to be looked at.
            guard let look = lanes[index].gate.holdHead(now: now, ownExpiry: .distantFuture) else { continue }
            if look > now { next = min(next ?? .distantFuture, look) }
        }
        return next
    }
}
