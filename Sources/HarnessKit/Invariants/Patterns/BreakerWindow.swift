internal import EphemeralTime

/// The options of invariants about a circuit breaker.
struct BreakerOptions: Codable, Sendable, Equatable {
    /// Names or globs of the signals that count as failures; the target's `failureSignal` when left out.
    var signal: SignalPatterns?
    /// From how many failures on it is open; the target's `threshold` when left out.
    var threshold: Int?
    /// How long a failure counts; the target's `windowSize` when left out.
    var window: DurationText?
    /// How much later than the breaker's decision an event may have been recorded on the machine's clock; 50 ms when left out.
    var slack: DurationText?

    func validate() throws { try InvariantOptions.require(threshold, atLeast: 1, option: "threshold") }
}

/// When a breaker was open, by the failures that a history shows.
struct BreakerWindow {
    let signals: [String]
    let threshold: Int
    let slack: Int64
    /// When it was open; the ends included.
    let open: [ClosedRange<Int64>]

    /// Judges a run by when the breaker was open; unknown when that is not known.
    static func judge(
        _ evidence: Evidence,
        _ options: BreakerOptions,
        _ judge: (_ history: History, _ breaker: BreakerWindow) -> Finding
    ) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        do {
            return judge(history, try BreakerWindow(history, evidence, options))
        } catch {
            return .unknown(error.text)
        }
    }

    private init(_ history: History, _ evidence: Evidence, _ options: BreakerOptions) throws(MissingEvidence) {
        guard let signals = options.signal?.patterns ?? evidence.patternsOption("failureSignal") else {
            throw MissingEvidence("the target's options have no 'failureSignal'; give the invariant's 'signal'")
        }
        guard let threshold = options.threshold ?? evidence.option("threshold") else {
            throw MissingEvidence("the target's options have no 'threshold'; give the invariant's 'threshold'")
        }
        guard let window = options.window?.duration.clampedNanoseconds ?? evidence.duration("windowSize") else {
            throw MissingEvidence("the target's options have no 'windowSize'; give the invariant's 'window'")
        }
        self.signals = signals
        self.threshold = threshold
        slack = evidence.slack(options.slack)
        open = SignalTimes(history, raised: signals).stretches(of: threshold, within: window)
    }

    /// The stretch that certainly holds at a time.
    func stretch(certainlyAt time: Int64) -> ClosedRange<Int64>? {
        // The failure that opens it may have come after the decision that is judged.
        open.first { $0.lowerBound + slack < time && time <= $0.upperBound - slack }
    }

    /// Whether it may have been open at a time.
    func mayBeOpen(at time: Int64) -> Bool {
        open.contains { $0.lowerBound - slack <= time && time <= $0.upperBound + slack }
    }

    /// Why nothing can be said where it never opened.
    var neverOpened: String {
        "there were never \(FindingText.count(threshold, "failure")) \(FindingText.names(signals)) within the window"
    }
}

/// Why an invariant cannot tell.
private struct MissingEvidence: Error {
    let text: String

    init(_ text: String) { self.text = text }
}
