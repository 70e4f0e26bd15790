/// Whether operations start in the order of their acceptance, within lanes.
///
/// Acceptance orders only what the submissions order: *a* comes before *b* when *a* was accepted before *b* was
/// submitted. Of operations submitted at the same time by several producers either may come first.
///
/// A start is recorded when the body begins, a moment after the operation left the queue. When *b* begins, as many
/// operations as there are free slots may have left the queue before it without having begun. An overtaking is certain
/// when more than that many earlier operations begin after *b*.
struct StartOrder {
    /// An operation that certainly started too early.
    struct Overtaking {
        var lane: Int32
        var late: Int
        var lateAccepted: Int64
        var lateStarted: Int64
        var early: Int
        var earlySubmitted: Int64
        var earlyStarted: Int64
        /// How many operations it overtook at least.
        var count: Int
    }

    /// Starts that had an earlier operation in their lane to compare with.
    private(set) var compared = 0
    private(set) var lanes = 0
    private(set) var overtaking: Overtaking?

    private let table: OperationTable
    private let slots: Int
    private var waiting: [Int32: Lane] = [:]
    private var next: [Int32]
    private var previous: [Int32]
    private var places: [Place]

    private struct Lane {
        var head: Int32 = -1
        var tail: Int32 = -1
        var inFlight = 0
        var firstAccepted = Int64.max
    }

    private enum Place: UInt8 {
        case before
        case waiting
        case past
    }

    /// Reads a history.
    ///
    /// - Parameters:
    ///   - history: Events ordered by time.
    ///   - slots: How many operations of a lane can have left the queue without having ended.
    ///   - lane: The lane that an event's operation belongs to.
    init(_ history: History, slots: Int, lane: (HistoryEvent) -> Int32) {
        table = OperationTable(history)
        self.slots = slots
        next = Array(repeating: -1, count: table.records.count)
        previous = next
        places = Array(repeating: .before, count: table.records.count)
        for event in history.events where event.operation >= 0 {
            apply(event, lane: lane(event))
            if overtaking != nil { break }
        }
        lanes = waiting.count
    }

    private mutating func apply(_ event: HistoryEvent, lane key: Int32) {
        let index = Int(event.operation)
        switch event.kind {
        case .accepted:
            // One that never starts was dropped, and is nobody's predecessor.
            guard places[index] == .before, table.records[index].firstStart != OperationTable.never else { return }
            append(event.operation, time: event.time, to: key)
        case .started:
            waiting[key, default: Lane()].inFlight += 1
            guard places[index] != .past else { return }
            if places[index] == .waiting { remove(event.operation, from: key) }
            places[index] = .past
            judge(event, lane: key)
        case .completed, .failed, .cancelled:
            waiting[key, default: Lane()].inFlight -= 1
        default:
            break
        }
    }

    private mutating func judge(_ event: HistoryEvent, lane key: Int32) {
        guard let lane = waiting[key] else { return }
        let submitted = table.records[Int(event.operation)].submitted
        guard submitted != OperationTable.never, lane.firstAccepted < submitted else { return }
        compared += 1
        var overtaken = 0
        var cursor = lane.head
        while cursor >= 0, table.records[Int(cursor)].answered < submitted {
            overtaken += 1
            if overtaken + lane.inFlight > slots {
                let late = table.records[Int(lane.head)]
                overtaking = Overtaking(
                    lane: key,
                    late: Int(lane.head),
                    lateAccepted: late.answered,
                    lateStarted: late.firstStart,
                    early: Int(event.operation),
                    earlySubmitted: submitted,
                    earlyStarted: event.time,
                    count: overtaken
                )
                return
            }
            cursor = next[Int(cursor)]
        }
    }

    private mutating func append(_ operation: Int32, time: Int64, to key: Int32) {
        places[Int(operation)] = .waiting
        var lane = waiting[key] ?? Lane()
        lane.firstAccepted = min(lane.firstAccepted, time)
        previous[Int(operation)] = lane.tail
        if lane.tail >= 0 { next[Int(lane.tail)] = operation } else { lane.head = operation }
        lane.tail = operation
        waiting[key] = lane
    }

    private mutating func remove(_ operation: Int32, from key: Int32) {
        let (before, after) = (previous[Int(operation)], next[Int(operation)])
        if before >= 0 { next[Int(before)] = after } else { waiting[key]?.head = after }
        if after >= 0 { previous[Int(after)] = before } else { waiting[key]?.tail = before }
    }
}

extension StartOrder.Overtaking {
    /// The counter-example in words.
    var text: String {
        let time = FindingText.time
        return
            "#\(late) was accepted at \(time(lateAccepted)), before #\(early) was submitted at \(time(earlySubmitted)), "
            + "but #\(early) started at \(time(earlyStarted)) and #\(late) at \(time(lateStarted))"
    }
}
