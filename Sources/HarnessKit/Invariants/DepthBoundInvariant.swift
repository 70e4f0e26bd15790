/// Never more accepted operations wait than the target's queue holds.
///
/// A history shows an operation as waiting until its body begins, a moment after it left the queue. The free slots of
/// that moment are allowed on top of the bound, so that a full queue is not mistaken for an overfull one.
enum DepthBoundInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The bound; without it, the target's `queueCapacity`.
        var max: Int?
    }

    static let id = "depth-bound"
    static let summary = "never more accepted operations wait than the bound"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 0, option: "max")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let bound = options.max ?? evidence.option("queueCapacity") else {
            return .unknown("the target's options have no 'queueCapacity'; give the invariant's 'max'")
        }
        let slots = evidence.slots
        var sweep = LevelSweep(history)
        var deepest = 0
        for event in history.events {
            sweep.apply(event)
            deepest = max(deepest, sweep.depth)
            guard sweep.depth > bound else { continue }
            let freeSlots = max(0, slots - sweep.inFlight)
            if sweep.depth > bound + freeSlots {
                return .fail(
                    "\(sweep.depth) accepted operations waited at \(FindingText.time(event.time)), the last of them "
                        + "#\(event.operation), with \(sweep.inFlight) of \(slots) slots busy; the bound is \(bound)"
                )
            }
        }
        guard deepest > 0 else { return .unknown("no operation had to wait") }
        return .pass("at most \(deepest) of \(bound) waited")
    }
}
