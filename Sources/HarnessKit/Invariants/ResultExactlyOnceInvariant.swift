/// Whoever waits for an accepted operation gets its result, once, and no other's; without a result, one answer that says so.
enum ResultExactlyOnceInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "result-exactly-once"
    static let summary = "whoever waits for an accepted operation is answered once, with its own result if it has one"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var answers: [Int32: Answers] = [:]
        for event in history.events where event.kind.isAnswer {
            answers[event.operation, default: Answers()].add(event)
        }
        guard !answers.isEmpty else { return .unknown("nobody was answered: the target has no results, or none ended") }
        let table = OperationTable(history)
        // The run may have been cut off between the end of an operation and the answer, but not for long: what keeps
        // a machine from it for seconds is more than a busy processor.
        let patience = evidence.slack(nil, orElse: .seconds(5))
        let forgiven = evidence.isCutOff ? (history.events.last?.time ?? 0) - patience : .max
        var unanswered = 0
        for (index, record) in table.records.enumerated() where record.isSeen {
            let answer = answers[Int32(index)] ?? Answers()
            if answer.count == 0, record.isAccepted, record.finish != OperationTable.never, record.finish >= forgiven {
                unanswered += 1
                continue
            }
            if let problem = contradiction(answer, of: record) { return .fail("operation #\(index) \(problem)") }
        }
        let results = answers.values.reduce(0) { $0 + $1.results }
        let open = table.records.count { $0.isAccepted && ($0.fate == .waiting || $0.fate == .running) }
        guard open == 0 else {
            return .unknown("\(FindingText.count(open, "accepted operation")) had not ended when the run did")
        }
        guard unanswered == 0 else {
            return .unknown(
                "the run was cut off before \(FindingText.count(unanswered, "operation")) could be answered"
            )
        }
        return .pass("\(FindingText.count(results, "result")) and \(answers.count - results) answers without one")
    }

    private static func contradiction(_ answers: Answers, of record: OperationTable.Record) -> String? {
        let time = FindingText.time
        if let wrong = answers.wrong { return "got the result of another operation at \(time(wrong))" }
        if answers.count > 1 {
            return "was answered \(answers.count) times, first at \(time(answers.first))"
        }
        switch record.fate {
        case .completed:
            guard answers.count > 0 else {
                // Acceptance is recorded after the answer: without it somebody may still be waiting.
                return record.isAccepted ? "completed at \(time(record.finish)) and its result reached nobody" : nil
            }
            if answers.results == 0 { return "completed at \(time(record.finish)) and was said to have no result" }
            if answers.first < record.finish {
                return "was answered at \(time(answers.first)), before it completed at \(time(record.finish))"
            }
        case .failed, .cancelled, .discarded:
            guard answers.count > 0 else {
                return record.isAccepted ? "ended at \(time(record.finish)) and nobody was told" : nil
            }
            if answers.results > 0 { return "gave a result at \(time(answers.first)) although it did not complete" }
        case .refused, .running, .betweenAttempts, .waiting, .unanswered:
            if answers.results > 0 { return "gave a result at \(time(answers.first)) without having completed" }
        }
        return nil
    }

    /// The answers of one operation.
    private struct Answers {
        var count = 0
        var results = 0
        var first = Int64.max
        var wrong: Int64?

        mutating func add(_ event: HistoryEvent) {
            count += 1
            first = min(first, event.time)
            if event.kind == .delivered { results += 1 }
            if event.kind == .misdelivered { wrong = wrong ?? event.time }
        }
    }
}

extension HistoryEvent.Kind {
    /// Whether it answers whoever waits for an operation.
    fileprivate var isAnswer: Bool {
        switch self {
        case .delivered, .deliveredNothing, .misdelivered: true
        default: false
        }
    }
}
