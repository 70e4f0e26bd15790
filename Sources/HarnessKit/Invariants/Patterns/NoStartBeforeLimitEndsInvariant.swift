internal import EphemeralTime

/// While a signal says for how long nothing may start, no operation starts.
///
/// The time stands behind the colon of the signal's name, as in `rate-limit:500ms`, and is counted from when it was raised; of
/// several limits the one that ends last holds, and taking a signal back ends its limit. Further attempts of an operation
/// that had started are no starts.
enum NoStartBeforeLimitEndsInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs of the signals that limit; `rate-limit:*` when left out.
        var patterns: SignalPatterns?
        /// How much later than the target's decision an event may have been recorded on the machine's clock; 50 ms when left
        /// out.
        var slack: DurationText?
    }

    static let id = "no-start-before-limit-ends"
    static let summary = "no operation starts before the time that a signal asks for is over"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let patterns = options.patterns?.patterns ?? ["rate-limit:*"]
        var limits = TimedLimits(history, patterns: patterns, slack: evidence.slack(options.slack))
        for event in history.events {
            if let limit = limits.apply(event) {
                return .fail(
                    "operation #\(event.operation) started at \(FindingText.time(event.time)), although "
                        + "'\(history.signalNames[Int(limit.signal)])', raised at \(FindingText.time(limit.raised)), "
                        + "lets nothing start until \(FindingText.time(limit.until))"
                )
            }
        }
        guard limits.raised > 0 else {
            return .unknown("no signal \(FindingText.names(patterns)) with a time was raised")
        }
        guard limits.exercised > 0 else { return .unknown("nothing waited while there was a limit") }
        return .pass(
            "no start during \(FindingText.count(limits.raised, "limit")), \(limits.exercised) with operations waiting"
        )
    }
}

/// Follows the limits of a history.
private struct TimedLimits {
    struct Limit {
        var signal: Int32
        var raised: Int64
        var until: Int64
        var hasWaiting = false
    }

    /// How many limits there were, and during how many of them an operation waited.
    private(set) var raised = 0
    private(set) var exercised = 0

    /// The times that names ask for, by the numbers of the names.
    private let times: [Int32: Int64]
    private let slack: Int64
    private var limits: [Limit] = []
    private var sweep: LevelSweep

    init(_ history: History, patterns: [String], slack: Int64) {
        var times: [Int32: Int64] = [:]
        for number in history.signalNumbers(patterns) {
            times[number] = Self.time(in: history.signalNames[Int(number)])
        }
        self.times = times
        self.slack = slack
        sweep = LevelSweep(history)
    }

    private static func time(in name: String) -> Int64? {
        guard let colon = name.firstIndex(of: ":") else { return nil }
        let text = String(name[name.index(after: colon)...])
        return (try? Measure.duration.read(text)).map { Duration.rounded(seconds: $0).clampedNanoseconds }
    }

    /// Takes an event, and returns the limit that a start violates.
    mutating func apply(_ event: HistoryEvent) -> Limit? {
        limits.removeAll { $0.until <= event.time }
        if event.kind == .started, event.attempt <= 1 {
            let violated = limits.first { $0.raised + slack < event.time && event.time < $0.until - slack }
            if let violated { return violated }
        }
        if event.operation >= 0 {
            sweep.apply(event)
        } else if event.kind == .signalRaised, let time = times[event.detail] {
            limits.append(Limit(signal: event.detail, raised: event.time, until: event.time + time))
            raised += 1
        } else if event.kind == .signalRetracted {
            // Of several of one name nobody knows which one it was: the one that holds longest is given up.
            let ending = limits.indices.filter { limits[$0].signal == event.detail }.max {
                limits[$0].until < limits[$1].until
            }
            if let ending { limits.remove(at: ending) }
        }
        if sweep.depth > 0 {
            for place in limits.indices where !limits[place].hasWaiting {
                limits[place].hasWaiting = true
                exercised += 1
            }
        }
        return nil
    }
}
