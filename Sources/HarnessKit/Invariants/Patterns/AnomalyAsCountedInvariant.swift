internal import EphemeralTime

/// A detector says that signals are too many exactly while as many as its threshold lie no further back than its window.
///
/// The target asks it whenever an operation ends, and raises a signal when the answer has changed.
enum AnomalyAsCountedInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// Names or globs of the signals that count; the target's `pattern` when left out.
        var pattern: SignalPatterns?
        /// From how many on they are too many; the target's `threshold` when left out.
        var threshold: Int?
        /// How long a signal counts; the target's `window` when left out.
        var window: DurationText?
        /// The signal that they are too many; `anomaly.detected` when left out.
        var begins: String?
        /// The signal that they are no longer; `anomaly.cleared` when left out.
        var ends: String?
        /// How much later than the detector's answer an event may have been recorded on the machine's clock; 50 ms when left
        /// out.
        var slack: DurationText?
    }

    static let id = "anomaly-as-counted"
    static let summary = "a detector says that signals are too many exactly while there are too many in its window"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.threshold, atLeast: 1, option: "threshold")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let pattern = options.pattern?.patterns ?? evidence.patternsOption("pattern"),
            let threshold = options.threshold ?? evidence.option("threshold"),
            let window = options.window?.duration.clampedNanoseconds ?? evidence.duration("window")
        else {
            return .unknown("the target's options lack 'pattern', 'threshold' or 'window'; give the invariant's")
        }
        let answers = DetectorAnswers(
            history,
            begins: options.begins ?? "anomaly.detected",
            ends: options.ends ?? "anomaly.cleared"
        )
        let counts = SignalTimes(history, raised: pattern)
        let slack = evidence.slack(options.slack)
        var (positive, negative) = (0, 0)
        for time in answers.asked {
            let said = answers.isAnomalous(at: time + slack)
            let counted = counts.count(from: time - window, to: time)
            // On the machine's clock the answer is only certain where the slack does not change it.
            let most = counts.count(from: time - window - slack, to: time + slack)
            let least = counts.count(from: time - window + slack, to: time - slack)
            guard (most >= threshold) == (least >= threshold) else { continue }
            guard said != (counted >= threshold) else {
                if said { positive += 1 } else { negative += 1 }
                continue
            }
            return .fail(
                "at \(FindingText.time(time)) there were \(counted) signals \(FindingText.names(pattern)) in the window, and "
                    + "the detector said that \(said ? "\(threshold) or more" : "fewer than \(threshold)") were there"
            )
        }
        // An answer that is always the same proves nothing: a detector that never looks gives it too.
        guard positive > 0 else { return .unknown("the detector was never certain to see too many") }
        guard negative > 0 else { return .unknown("the detector was never certain to see few enough") }
        return .pass(
            "right \(FindingText.count(positive, "time")) when there were too many and \(FindingText.count(negative, "time")) "
                + "when there were not; \(FindingText.count(answers.changes, "change")) of the answer"
        )
    }
}

/// What a detector was asked and said.
private struct DetectorAnswers {
    /// When operations ended, each time once.
    private(set) var asked: [Int64] = []
    private var answers: [(time: Int64, isAnomalous: Bool)] = []

    init(_ history: History, begins: String, ends: String) {
        let (beginning, ending) = (history.signalNumbers([begins]), history.signalNumbers([ends]))
        for event in history.events {
            switch event.kind {
            case .completed, .failed:
                if asked.last != event.time { asked.append(event.time) }
            case .signalRaised where beginning.contains(event.detail): answers.append((event.time, true))
            case .signalRaised where ending.contains(event.detail): answers.append((event.time, false))
            default: break
            }
        }
    }

    /// How often the answer has changed.
    var changes: Int { answers.count }

    /// The last answer up to a time; of one instant, the last.
    func isAnomalous(at time: Int64) -> Bool {
        let next = answers.partitionPoint { $0.time > time }
        return next > 0 && answers[next - 1].isAnomalous
    }
}
