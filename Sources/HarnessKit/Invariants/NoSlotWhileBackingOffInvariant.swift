internal import EphemeralTime

/// An operation that waits for its next attempt holds no slot: others start meanwhile.
///
/// Shown where more operations run or back off than there are slots. Broken where a slot is free and operations wait to
/// start, for longer than the slack, while some back off.
enum NoSlotWhileBackingOffInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The number of slots; without it, the target's `maxConcurrency`.
        var max: Int?
        /// How long a free slot may go unused; 5 ms when left out.
        var slack: DurationText?
    }

    static let id = "no-slot-while-backing-off"
    static let summary = "operations that wait for their next attempt keep no others from starting"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 1, option: "max")
        try InvariantOptions.requireNotNegative(options.slack, option: "slack")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let slots = options.max ?? evidence.allowedConcurrency else {
            return .unknown("the target's options have no 'maxConcurrency'; give the invariant's 'max'")
        }
        let slack = evidence.slack(options.slack)
        let table = OperationTable(history)
        var sweep = LevelSweep(history)
        var backingOff: Set<Int32> = []
        var idleSince: Int64?
        var most = 0
        for event in history.events {
            if let idleSince, event.time - idleSince > slack {
                return .fail(
                    text(from: idleSince, to: event.time, waiting: table, backingOff: backingOff.count)
                )
            }
            sweep.apply(event)
            switch event.kind {
            case .failed where Int32(event.attempt) < table.records[Int(event.operation)].attempts:
                backingOff.insert(event.operation)
            case .started: backingOff.remove(event.operation)
            default: break
            }
            if sweep.depth > 0 || !backingOff.isEmpty { most = max(most, sweep.inFlight + backingOff.count) }
            let isIdle = sweep.inFlight < slots && sweep.depth > 0 && !backingOff.isEmpty
            idleSince = isIdle ? idleSince ?? event.time : nil
        }
        guard most > 0 else { return .unknown("no operation was attempted again") }
        guard most > slots else {
            return .unknown("at most \(most) operations ran or backed off at a time, no more than there are slots")
        }
        return .pass("up to \(most) operations ran or backed off at a time in \(FindingText.count(slots, "slot"))")
    }

    private static func text(from start: Int64, to end: Int64, waiting table: OperationTable, backingOff: Int) -> String
    {
        let held = table.records.firstIndex { $0.answered <= start && $0.firstStart >= end && $0.isAccepted }
        let example = held.map { "#\($0)" } ?? "others"
        return
            "\(example) waited to start from \(FindingText.time(start)) to \(FindingText.time(end)) although a slot was free, "
            + "while \(FindingText.count(backingOff, "operation")) waited for another attempt"
    }
}
