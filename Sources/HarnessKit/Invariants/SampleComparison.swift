/// Compares what a target said of itself with what the harness had seen by then.
///
/// Acceptance is recorded after the target took an operation, and the end of a body before the target knows of it. So a
/// reading lies between what was certain when it began and what was possible when it ended.
struct SampleComparison {
    private let history: History
    private let isPushed: Bool
    /// Whether every offer stands in the history, also those that were never answered.
    private let knowsAllOffers: Bool

    init(_ history: History, intake: TargetCapabilities.Intake, offered: Int) {
        self.history = history
        isPushed = intake == .push
        knowsAllOffers = history.events.reduce(0) { $0 + ($1.kind == .submitted ? 1 : 0) } >= offered
    }

    /// The first reading that cannot be.
    func contradiction() -> String? {
        if let problem = drainedTooEarly { return problem }
        guard isPushed else { return nil }
        let accepted = times(of: .accepted)
        let submitted = times(of: .submitted)
        let completed = times(of: .completed)
        for sample in history.samples {
            let place = "the reading at \(FindingText.time(sample.begin))"
            let counts = sample.sample.accounting
            if let enqueued = counts.enqueued {
                let least = accepted.count(before: sample.begin)
                if enqueued < least { return "\(place) counts \(enqueued) enqueued; \(least) were accepted before it" }
                let most = submitted.count(before: sample.end + 1)
                if knowsAllOffers, enqueued > most {
                    return "\(place) counts \(enqueued) enqueued; \(most) were submitted by then"
                }
            }
            let most = completed.count(before: sample.end + 1)
            if let count = counts.completed, count > most {
                return "\(place) counts \(count) completed; the bodies of \(most) had returned by then"
            }
        }
        return nil
    }

    /// A target that said it was drained while an accepted operation had not ended.
    private var drainedTooEarly: String? {
        guard let drained = history.samples.first(where: { $0.sample.isDrained == true }) else { return nil }
        let table = OperationTable(history)
        let late = table.records.firstIndex { record in
            // One without an attempt was dropped, which the target knows before the harness does.
            record.isAccepted && record.answered < drained.begin && record.attempts > 0
                && record.finish > drained.end && record.finish != OperationTable.never
        }
        guard let late else { return nil }
        return
            "the target said at \(FindingText.time(drained.begin)) that it was drained; #\(late), accepted at "
            + "\(FindingText.time(table.records[late].answered)), ended at \(FindingText.time(table.records[late].finish))"
    }

    private func times(of kind: HistoryEvent.Kind) -> SortedTimes {
        SortedTimes(history.events.lazy.filter { $0.kind == kind }.map(\.time))
    }
}

/// Ascending times, to be asked how many lie before another.
private struct SortedTimes {
    private let times: [Int64]

    init(_ times: some Sequence<Int64>) {
        self.times = times.sorted()
    }

    func count(before time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
