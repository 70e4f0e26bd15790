/// What became of each operation of a history, by its index.
struct OperationTable: Sendable {
    private(set) var records: [Record]

    /// A time that was never reached.
    static let never = Int64.max

    /// One operation.
    struct Record: Sendable {
        var submitted = OperationTable.never
        /// When the target accepted or refused it.
        var answered = OperationTable.never
        var firstStart = OperationTable.never
        /// When its last attempt ended, or it was discarded.
        var finish = OperationTable.never
        var key: Int32 = 0
        var lane: UInt8 = 0
        /// Attempts that began.
        var attempts: Int32 = 0
        /// Attempts that ended.
        var ends: Int32 = 0
        var completions: Int32 = 0
        var isAccepted = false
        var isRefused = false
        var isDiscarded = false
        var lastEnd: HistoryEvent.Kind?
        /// How often the target told that it had come to its end.
        var endings: Int32 = 0
        /// What it told first.
        var ending: HistoryEvent.Kind?
        /// Whether an attempt began after that.
        var isReopened = false
        /// Whether attempts that end say nothing, because the target tells of the end.
        var awaitsEnding = false

        var isSeen: Bool { submitted != OperationTable.never || answered != OperationTable.never || attempts > 0 }

        var fate: Fate {
            if completions > 0, ending == nil { return .completed }
            if attempts > ends { return .running }
            if awaitsEnding, endings == 0, attempts > 0 { return .betweenAttempts }
            switch ending ?? lastEnd {
            case .completed: return .completed
            case .failed: return .failed
            case .cancelled: return .cancelled
            default: break
            }
            if isDiscarded { return .discarded }
            return isRefused ? .refused : isAccepted ? .waiting : .unanswered
        }
    }

    /// What became of an operation by the end of the history.
    enum Fate: Sendable {
        case completed
        /// Its last attempt failed, or the target told that it had.
        case failed
        /// Its last attempt was cancelled.
        case cancelled
        /// It never started, and the target said that it dropped it.
        case discarded
        case refused
        /// An attempt has begun and not ended.
        case running
        /// All attempts so far have ended, and the target has not told that it was the last.
        case betweenAttempts
        /// It was accepted, and nothing more was seen.
        case waiting
        /// It was submitted, and the target has not answered.
        case unanswered
    }

    /// Reads a history.
    ///
    /// - Parameters:
    ///   - history: Events ordered by time.
    ///   - end: Events after this time are not seen.
    init(_ history: History, until end: Int64 = .max) {
        let count = history.events.reduce(0) { max($0, Int($1.operation) + 1) }
        var record = Record()
        let cancellation = history.errorNames.firstIndex(of: "\(CancellationError.self)").map { UInt16($0) }
        record.awaitsEnding = history.events.contains { $0.kind == .ended }
        records = Array(repeating: record, count: count)
        for event in history.events where event.operation >= 0 {
            guard event.time <= end else { break }
            Self.apply(event, to: &records[Int(event.operation)], cancellation: cancellation)
        }
    }

    private static func apply(_ event: HistoryEvent, to record: inout Record, cancellation: UInt16?) {
        if event.kind != .assigned, event.kind != .emitted { record.key = event.detail }
        record.lane = event.lane
        switch event.kind {
        case .submitted:
            record.submitted = min(record.submitted, event.time)
        case .accepted:
            record.isAccepted = true
            record.answered = min(record.answered, event.time)
        case .refused:
            record.isRefused = true
            record.answered = min(record.answered, event.time)
        case .started:
            record.attempts += 1
            if record.endings > 0 { record.isReopened = true }
            record.firstStart = min(record.firstStart, event.time)
        case .completed:
            // The response ends with the first success; a second one is a duplicate.
            if record.completions == 0, record.ending == nil { record.finish = event.time }
            record.completions += 1
            record.ends += 1
            record.lastEnd = .completed
        case .failed, .cancelled:
            if record.completions == 0, record.ending == nil { record.finish = event.time }
            record.ends += 1
            record.lastEnd = event.kind
        case .discarded:
            record.isDiscarded = true
            if record.finish == never { record.finish = event.time }
        case .assigned, .emitted:
            break
        case .ended:
            record.endings += 1
            guard record.ending == nil else { return }
            record.ending = event.error == 0 ? .completed : event.error == cancellation ? .cancelled : .failed
            record.finish = event.time
        case .signalSent, .signalRaised, .signalRetracted, .delivered, .deliveredNothing, .misdelivered:
            break
        }
    }
}
