/// Never more attempts run at once than the target is limited to.
enum ConcurrencyBoundInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The bound; without it, the target's `maxConcurrency`, or the highest limit that the timeline sets.
        var max: Int?
    }

    static let id = "concurrency-bound"
    static let summary = "never more attempts run at once than the bound"
    static var needsHistory: Bool { false }

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.max, atLeast: 1, option: "max")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let bound = options.max ?? evidence.allowedConcurrency else {
            return .unknown("the target's options have no 'maxConcurrency'; give the invariant's 'max'")
        }
        guard let history = evidence.history else {
            let highest = evidence.highestConcurrency
            guard highest > 0 else { return .unknown("no attempt started") }
            return highest > bound
                ? .fail("\(highest) attempts ran at once; the bound is \(bound)")
                : .pass("at most \(highest) of \(bound) at once")
        }
        return check(history, bound: bound)
    }

    private static func check(_ history: History, bound: Int) -> Finding {
        var sweep = LevelSweep(history)
        var highest = 0
        var starts = 0
        for (position, event) in history.events.enumerated() {
            sweep.apply(event)
            guard event.kind == .started else { continue }
            starts += 1
            highest = max(highest, sweep.inFlight)
            if sweep.inFlight > bound {
                let running = running(after: history.events[...position])
                return .fail(
                    "\(sweep.inFlight) attempts ran at once at \(FindingText.time(event.time)) "
                        + "(\(FindingText.list(running))); the bound is \(bound)"
                )
            }
        }
        guard starts > 0 else { return .unknown("no attempt started") }
        return .pass("at most \(highest) of \(bound) at once, over \(FindingText.count(starts, "start"))")
    }

    private static func running(after events: ArraySlice<HistoryEvent>) -> [Int32] {
        var running: [Int32: Int] = [:]
        for event in events {
            switch event.kind {
            case .started: running[event.operation, default: 0] += 1
            case .completed, .failed, .cancelled: running[event.operation, default: 0] -= 1
            default: break
            }
        }
        return running.filter { $0.value > 0 }.map(\.key)
    }
}

/// Checks that several invariants' options share.
enum InvariantOptions {
    static func require(_ value: Int?, atLeast lowest: Int, option: String) throws {
        guard let value, value < lowest else { return }
        throw PluginOptionError(option: option, message: "\(value) is too small; give \(lowest) or more")
    }
}
