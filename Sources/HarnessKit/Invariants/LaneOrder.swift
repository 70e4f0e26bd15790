/// Whether operations start in the order of their lanes, as far as a history can be certain of it.
///
/// A target decides on an operation a moment before its start is recorded, and only that moment counts. It lies after the
/// operation's submission, and after the last time at which as many bodies ran as may run at once: until then there was no
/// slot to take. This earliest moment is the operation's *bound*.
///
/// Operation *b* of a lower lane has certainly overtaken *a* of a higher one when *a* was accepted before *b*'s bound and
/// had not been taken when *b* started. An operation that has not started may have been taken, but no more of them than
/// there are slots without a running body. So an overtaking is certain when, at *b*'s start or later, more operations of
/// the higher lane than that are still waiting since before *b*'s bound.
///
/// Where a target limits keys, each key is judged by itself: of two operations of one key both or neither can start.
struct LaneOrder {
    /// An operation that certainly started too early.
    struct Overtaking {
        var late: Int
        var lateRank: Int
        var lateAccepted: Int64
        var early: Int
        var earlyRank: Int
        var earlyStarted: Int64
        /// When it was decided on, at the earliest.
        var earlyBound: Int64
    }

    /// Starts that had a waiting operation of a lower lane, accepted before they were submitted.
    private(set) var decided = 0
    private(set) var overtaking: Overtaking?

    private let table: OperationTable
    private let ranks: [Int]
    private let isJudged: [Bool]
    private let slots: Int
    private var arenas: [Int32: Arena] = [:]
    private var next: [Int32]
    private var previous: [Int32]
    private var places: [Place]

    private enum Place: UInt8 {
        case before
        case waiting
        case past
    }

    /// Where operations compete: all of them, or those of one key.
    private struct Arena {
        var inFlight = 0
        /// The last time at which all slots were busy.
        var lastFull = Int64.min
        /// By rank: the operations that wait.
        var heads: [Int32]
        var tails: [Int32]
        /// By rank: the latest bound of an operation of a lower lane that has started.
        var bounds: [(operation: Int32, time: Int64)?]

        init(ranks: Int) {
            heads = Array(repeating: -1, count: ranks)
            tails = heads
            bounds = Array(repeating: nil, count: ranks)
        }
    }

    /// Reads a history.
    ///
    /// - Parameters:
    ///   - history: Events ordered by time.
    ///   - ranks: The rank of each lane number of the history; 0 is the highest.
    ///   - isJudged: Which ranks are known to be startable whenever others are.
    ///   - slots: How many operations may have been taken and not ended, in all or of each key.
    ///   - isKeyed: Whether each key is judged by itself.
    init(_ history: History, ranks: [Int], isJudged: [Bool], slots: Int, isKeyed: Bool) {
        table = OperationTable(history)
        self.ranks = ranks
        self.isJudged = isJudged
        self.slots = slots
        next = Array(repeating: -1, count: table.records.count)
        previous = next
        places = Array(repeating: .before, count: table.records.count)
        for event in history.events where event.operation >= 0 {
            apply(event, arena: isKeyed ? event.detail : 0)
            if overtaking != nil { break }
        }
    }

    private mutating func apply(_ event: HistoryEvent, arena key: Int32) {
        let index = Int(event.operation)
        let rank = ranks.indices.contains(Int(event.lane)) ? ranks[Int(event.lane)] : 0
        switch event.kind {
        case .accepted:
            // One that never starts was dropped, and waited for nothing.
            guard places[index] == .before, table.records[index].firstStart != OperationTable.never else { return }
            places[index] = .waiting
            append(event.operation, to: key, rank: rank)
        case .started:
            arenas[key, default: Arena(ranks: isJudged.count)].inFlight += 1
            guard places[index] != .past else { return }
            if places[index] == .waiting { remove(event.operation, from: key, rank: rank) }
            places[index] = .past
            judge(event, rank: rank, arena: key)
        case .completed, .failed, .cancelled:
            guard let running = arenas[key]?.inFlight else { return }
            if running >= slots { arenas[key]?.lastFull = event.time }
            arenas[key]?.inFlight = running - 1
        default:
            break
        }
    }

    private mutating func judge(_ event: HistoryEvent, rank: Int, arena key: Int32) {
        let submitted = table.records[Int(event.operation)].submitted
        guard submitted != OperationTable.never, let arena = arenas[key] else { return }
        let lower = arena.heads[(rank + 1)...]
        if lower.contains(where: { $0 >= 0 && table.records[Int($0)].answered < submitted }) { decided += 1 }
        let bound = max(submitted, arena.lastFull)
        for higher in 0..<rank where isJudged[higher] && (arena.bounds[higher]?.time ?? .min) < bound {
            arenas[key]?.bounds[higher] = (event.operation, bound)
        }
        for higher in isJudged.indices where overtaking == nil {
            overtaking = findOvertaking(in: key, rank: higher)
        }
    }

    private func findOvertaking(in key: Int32, rank: Int) -> Overtaking? {
        guard let arena = arenas[key], let bound = arena.bounds[rank] else { return nil }
        let free = max(0, slots - arena.inFlight)
        var waiting = 0
        var cursor = arena.heads[rank]
        while cursor >= 0, table.records[Int(cursor)].answered < bound.time {
            waiting += 1
            if waiting > free {
                let late = Int(arena.heads[rank])
                let early = table.records[Int(bound.operation)]
                return Overtaking(
                    late: late,
                    lateRank: rank,
                    lateAccepted: table.records[late].answered,
                    early: Int(bound.operation),
                    earlyRank: ranks[Int(early.lane)],
                    earlyStarted: early.firstStart,
                    earlyBound: bound.time
                )
            }
            cursor = next[Int(cursor)]
        }
        return nil
    }

    private mutating func append(_ operation: Int32, to key: Int32, rank: Int) {
        var arena = arenas.removeValue(forKey: key) ?? Arena(ranks: isJudged.count)
        let tail = arena.tails[rank]
        previous[Int(operation)] = tail
        if tail >= 0 { next[Int(tail)] = operation } else { arena.heads[rank] = operation }
        arena.tails[rank] = operation
        arenas[key] = arena
    }

    private mutating func remove(_ operation: Int32, from key: Int32, rank: Int) {
        let (before, after) = (previous[Int(operation)], next[Int(operation)])
        if before >= 0 { next[Int(before)] = after } else { arenas[key]?.heads[rank] = after }
        if after >= 0 { previous[Int(after)] = before } else { arenas[key]?.tails[rank] = before }
    }
}

extension LaneOrder.Overtaking {
    /// The counter-example in words.
    func text(lane name: (Int) -> String) -> String {
        let time = FindingText.time
        return
            "#\(late) of lane '\(name(lateRank))' was accepted at \(time(lateAccepted)) and still waited when #\(early) of "
            + "lane '\(name(earlyRank))' started at \(time(earlyStarted)), decided at \(time(earlyBound)) or later"
    }
}
