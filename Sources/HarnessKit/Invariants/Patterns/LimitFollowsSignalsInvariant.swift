internal import EphemeralTime

/// A limit that signals double and halve is what their order makes of it, and never more bodies begin than it allows.
///
/// A start is judged by the highest limit within the slack around it: it was decided a moment earlier, and a signal may be
/// obeyed a moment before the run sees it.
enum LimitFollowsSignalsInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// How much later than the target's decision an event may have been recorded on the machine's clock; 50 ms when left
        /// out.
        var slack: DurationText?
    }

    static let id = "limit-follows-signals"
    static let summary = "the limit doubles and halves with each signal, within its bounds, and bounds what runs"
    static var needsSamples: Bool { true }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard evidence.highestLimit == nil else { return .unknown("the timeline sets the limit by hand") }
        guard let lowest = evidence.option("minConcurrency"), let highest = evidence.option("maxConcurrency"),
            lowest <= highest
        else { return .unknown("the target's options have no 'minConcurrency' and 'maxConcurrency'; give both") }
        let scale = ScaledLimit(
            history,
            bounds: lowest...highest,
            up: history.signalNumbers(evidence.patternsOption("scaleUpPattern") ?? ["load.high"]),
            down: history.signalNumbers(evidence.patternsOption("scaleDownPattern") ?? ["load.low"]),
            cooldown: evidence.duration("cooldown") ?? 0
        )
        let slack = evidence.slack(options.slack)
        if let problem = excess(in: history, scale, slack: slack) { return .fail(problem) }
        let limits = scale.steps.map(\.limit)
        guard limits.count > 1 else { return .unknown("no signal changed the limit") }
        let readings = history.samples.filter { $0.sample.limit != nil }
        for reading in readings {
            let allowed = scale.limits(from: reading.begin - slack, to: reading.end + slack)
            guard let limit = reading.sample.limit, !allowed.contains(limit) else { continue }
            return .fail(
                "the limit was \(limit) at \(FindingText.time(reading.begin)); the signals make it "
                    + allowed.map(String.init).joined(separator: " or ")
            )
        }
        return .pass(
            "\(FindingText.count(limits.count - 1, "change")) between \(limits.min() ?? lowest) and "
                + "\(limits.max() ?? highest), in \(FindingText.count(readings.count, "reading")) and at every start"
        )
    }

    private static func excess(in history: History, _ scale: ScaledLimit, slack: Int64) -> String? {
        var sweep = LevelSweep(history)
        for event in history.events {
            sweep.apply(event)
            guard event.kind == .started else { continue }
            let allowed = scale.limits(from: event.time - slack, to: event.time + slack).max() ?? 0
            guard sweep.inFlight > allowed else { continue }
            return
                "operation #\(event.operation) was number \(sweep.inFlight) to run at \(FindingText.time(event.time)); "
                + "the signals make the limit \(allowed)"
        }
        return nil
    }
}

/// The limit that signals make of its smallest value, step by step.
private struct ScaledLimit {
    private(set) var steps: [(time: Int64, limit: Int)]
    private let bounds: ClosedRange<Int>
    private let cooldown: Int64
    private var last: (isUp: Bool, until: Int64)?
    /// What is left to do when the cool-down is over.
    private var pending: Bool?

    init(_ history: History, bounds: ClosedRange<Int>, up: Set<Int32>, down: Set<Int32>, cooldown: Int64) {
        self.bounds = bounds
        self.cooldown = cooldown
        steps = [(.min, bounds.lowerBound)]
        for event in history.events where event.kind == .signalRaised {
            let isUp = up.contains(event.detail)
            guard isUp || down.contains(event.detail) else { continue }
            passCooldown(at: event.time)
            if let last, event.time < last.until {
                pending = isUp == last.isUp ? nil : isUp
            } else {
                step(isUp: isUp, at: event.time)
            }
        }
        passCooldown(at: .max)
    }

    /// The limits that hold at some time of a stretch.
    func limits(from begin: Int64, to end: Int64) -> [Int] {
        // What held just before its beginning belongs to it: events of one instant have an order.
        let first = max(0, steps.partitionPoint { $0.time >= begin } - 1)
        return steps[first..<steps.partitionPoint { $0.time > end }].map(\.limit)
    }

    private mutating func passCooldown(at time: Int64) {
        while let isUp = pending, let until = last?.until, until <= time {
            pending = nil
            step(isUp: isUp, at: until)
        }
    }

    private mutating func step(isUp: Bool, at time: Int64) {
        pending = nil
        last = cooldown > 0 ? (isUp, time.addingReportingOverflow(cooldown).partialValue) : nil
        let limit = steps[steps.count - 1].limit
        let wanted = isUp ? min(limit, .max / 2) * 2 : limit / 2
        let next = min(max(wanted, bounds.lowerBound), bounds.upperBound)
        if next != limit { steps.append((time, next)) }
    }
}
