/// Between the signal that an update begins and the one that it is over, nothing but the update runs.
///
/// No operation of another lane than the updates' starts then, and none that had started still runs; nor does another
/// update. Where the timeline raises the signal, nobody waits for the reads that run: only starts are judged.
enum NoReadDuringUpdateInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The lane of the updates; `update` when left out.
        var lane: String?
        /// The signal that an update begins; `update.in-progress` when left out.
        var begins: String?
        /// The signal that it is over, beside the retraction of the first one; `update.done` when left out.
        var ends: String?
        /// How long after a signal of the timeline a start may still be recorded on the machine's clock; 50 ms when left out.
        var slack: DurationText?
    }

    static let id = "no-read-during-update"
    static let summary = "no read starts or runs between the beginning and the end of an update"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var watch = UpdateWatch(
            history,
            lane: options.lane ?? "update",
            begins: options.begins ?? "update.in-progress",
            ends: options.ends ?? "update.done",
            slack: evidence.slack(options.slack)
        )
        for event in history.events {
            if let problem = watch.apply(event) { return .fail(problem) }
        }
        guard watch.updates > 0 else { return .unknown("there was no update") }
        guard watch.reads > 0 else { return .unknown("there was no read") }
        guard watch.exercised > 0 else { return .unknown("no read waited during an update") }
        return .pass(
            "no read during \(FindingText.count(watch.updates, "update")), \(watch.exercised) of them with reads waiting"
        )
    }
}

/// Follows updates and reads of a history.
private struct UpdateWatch {
    private(set) var updates = 0
    private(set) var reads = 0
    /// Updates during which a read waited.
    private(set) var exercised = 0

    private let names: [String]
    private let updateLane: Int?
    private let begins: String
    private let ends: String
    private let slack: Int64
    private var running: [Int32: Bool] = [:]
    /// Accepted reads that have not begun.
    private var waiting: Set<Int32> = []
    private var begun: Set<Int32> = []
    /// Signals of the timeline that nobody has seen yet, by name.
    private var sent: [String: Int] = [:]
    private var announcements = UpdateAnnouncements()

    init(_ history: History, lane: String, begins: String, ends: String, slack: Int64) {
        names = history.signalNames
        updateLane = history.laneNames.firstIndex(of: lane)
        self.begins = begins
        self.ends = ends
        self.slack = slack
    }

    /// Takes an event, and returns what is wrong.
    mutating func apply(_ event: HistoryEvent) -> String? {
        if event.operation < 0 { return apply(signal: names[Int(event.detail)], event) }
        let isUpdate = updateLane == Int(event.lane)
        switch event.kind {
        case .accepted where !isUpdate && !begun.contains(event.operation):
            waiting.insert(event.operation)
        case .started:
            if !isUpdate {
                reads += 1
                waiting.remove(event.operation)
                begun.insert(event.operation)
            }
            if let problem = start(event, isUpdate: isUpdate) { return problem }
            running[event.operation] = isUpdate
        case .completed, .failed, .cancelled:
            running[event.operation] = nil
        case .discarded:
            waiting.remove(event.operation)
        default:
            break
        }
        noteWaiting()
        return nil
    }

    private mutating func apply(signal: String, _ event: HistoryEvent) -> String? {
        switch (event.kind, signal) {
        case (.signalSent, _):
            sent[signal, default: 0] += 1
        case (.signalRaised, begins):
            let isTimeline = takeSent(signal)
            updates += 1
            announcements.begin(at: event.time, isTimeline: isTimeline)
            noteWaiting()
            return isTimeline ? nil : disturbance(at: event.time)
        case (.signalRaised, ends):
            announcements.end(ofTimeline: takeSent(signal))
        case (.signalRetracted, begins):
            announcements.retract()
        default:
            break
        }
        return nil
    }

    /// Whether a signal that was raised is one of the timeline.
    private mutating func takeSent(_ signal: String) -> Bool {
        guard let count = sent[signal], count > 0 else { return false }
        sent[signal] = count - 1
        return true
    }

    /// What still runs when an update begins.
    private func disturbance(at time: Int64) -> String? {
        guard let operation = running.keys.min() else { return nil }
        let what = running[operation] == true ? "another update" : "a read"
        return "'\(begins)' was raised at \(FindingText.time(time)), while \(what) was running: #\(operation)"
    }

    private func start(_ event: HistoryEvent, isUpdate: Bool) -> String? {
        if isUpdate, !running.values.contains(true) { return nil }
        let forbidding = announcements.open.first { update in
            // Further attempts of a read that had started are no starts, and some were decided already.
            !(update.isTimeline && (event.attempt > 1 || event.time <= update.begin + slack))
        }
        guard let forbidding else { return nil }
        return "#\(event.operation) started at \(FindingText.time(event.time)), while '\(begins)' was raised since "
            + FindingText.time(forbidding.begin)
    }

    private mutating func noteWaiting() {
        guard !waiting.isEmpty else { return }
        exercised += announcements.markWaiting()
    }
}
