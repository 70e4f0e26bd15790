internal import EphemeralTime

/// A throttled stage is let go again as soon as what waits has come down and its cool-down is over, whether or not anything new
/// arrives, and not before the cool-down is over.
enum ReliefInTimeInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Signals that throttle; `stage2.backpressure` and `stage2.failed` when left out.
        var reasons: SignalPatterns?
        /// The signal that it is over; `stage2.relieved` when left out.
        var relief: SignalPatterns?
        /// Down to how many operations may wait; the target's `reliefThreshold` when left out.
        var threshold: Int?
        /// How long it stays throttled at least; the target's `adjustCooldown` when left out.
        var cooldown: DurationText?
        /// How much later than the target's decision an event may have been recorded on the machine's clock; 50 ms when left
        /// out.
        var slack: DurationText?
    }

    static let id = "relief-in-time"
    static let summary = "a throttled stage is let go when what waits has come down, also without new arrivals"

    /// The last reading shows how long nothing has happened.
    static var needsSamples: Bool { true }

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.threshold, atLeast: 0, option: "threshold")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let threshold = options.threshold ?? evidence.option("reliefThreshold") else {
            return .unknown("the target's options have no 'reliefThreshold'; give the invariant's 'threshold'")
        }
        guard let cooldown = options.cooldown?.duration.clampedNanoseconds ?? evidence.duration("adjustCooldown")
        else { return .unknown("the target's options have no 'adjustCooldown'; give the invariant's 'cooldown'") }
        var throttle = Throttle(
            history,
            reasons: history.signalNumbers(options.reasons?.patterns ?? ["stage2.backpressure", "stage2.failed"]),
            reliefs: history.signalNumbers(options.relief?.patterns ?? ["stage2.relieved"]),
            threshold: threshold,
            cooldown: cooldown,
            slack: evidence.slack(options.slack)
        )
        for event in history.events {
            if let problem = throttle.apply(event) { return .fail(problem) }
        }
        if let problem = throttle.end(at: max(history.events.last?.time ?? 0, history.samples.last?.end ?? 0)) {
            return .fail(problem)
        }
        guard throttle.throttled > 0 else { return .unknown("nothing throttled the target") }
        guard !throttle.isHeld else { return .unknown("the run ended while the target was throttled") }
        return .pass(
            "\(FindingText.count(throttle.relieved, "relief")), \(throttle.quiet) of them without new arrivals"
        )
    }
}

/// Follows the throttling of a history.
private struct Throttle {
    private(set) var throttled = 0
    private(set) var relieved = 0
    /// Reliefs before which nothing had been submitted since the last reason.
    private(set) var quiet = 0

    private let names: [String]
    private let reasons: Set<Int32>
    private let reliefs: Set<Int32>
    private let threshold: Int
    private let cooldown: Int64
    private let slack: Int64
    private var sweep: LevelSweep
    /// The last reason to throttle; `nil` when it is not throttled.
    private var reason: (time: Int64, signal: Int32)?
    /// Since when so little waits that it may be let go.
    private var calmSince: Int64?
    private var isQuiet = false

    init(
        _ history: History,
        reasons: Set<Int32>,
        reliefs: Set<Int32>,
        threshold: Int,
        cooldown: Int64,
        slack: Int64
    ) {
        names = history.signalNames
        self.reasons = reasons
        self.reliefs = reliefs
        self.threshold = threshold
        self.cooldown = cooldown
        self.slack = slack
        sweep = LevelSweep(history)
    }

    /// Takes an event, and returns what is wrong.
    mutating func apply(_ event: HistoryEvent) -> String? {
        if let problem = end(at: event.time) { return problem }
        sweep.apply(event)
        switch event.kind {
        case .submitted:
            isQuiet = false
        case .signalRaised where reasons.contains(event.detail):
            if reason == nil { throttled += 1 }
            reason = (event.time, event.detail)
            isQuiet = true
        case .signalRaised where reliefs.contains(event.detail):
            if let problem = relieve(at: event.time) { return problem }
        default:
            break
        }
        calmSince = reason != nil && sweep.depth <= threshold ? calmSince ?? event.time : nil
        return nil
    }

    /// Whether it is throttled.
    var isHeld: Bool { reason != nil }

    /// What is wrong when nothing has happened up to a time.
    func end(at time: Int64) -> String? {
        guard let reason, let calmSince else { return nil }
        let due = max(calmSince, reason.time + cooldown)
        guard time > due + slack else { return nil }
        return
            "throttled by '\(names[Int(reason.signal)])' at \(FindingText.time(reason.time)), the target was to be let go at "
            + "\(FindingText.time(due)) and was not by \(FindingText.time(time))"
    }

    private mutating func relieve(at time: Int64) -> String? {
        guard let reason else { return nil }
        if time < reason.time + cooldown - slack {
            return
                "the target was let go at \(FindingText.time(time)), too early after '\(names[Int(reason.signal)])' at "
                + FindingText.time(reason.time)
        }
        self.reason = nil
        calmSince = nil
        relieved += 1
        if isQuiet { quiet += 1 }
        return nil
    }
}
