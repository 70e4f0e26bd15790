import HarnessKit

/// The options of an invariant that has none.
struct NoOptions: Codable, Sendable {}

/// What became of each operation, as the bodies saw it.
struct OperationRuns {
    struct Record {
        var isAccepted = false
        var starts = 0
        var completions = 0
        var failures = 0
        var cancellations = 0
        /// Whether the last attempt was cut off.
        var isCutOff = false
        /// How often an attempt began after one that was cut off.
        var resumptions = 0
        /// Whether the target has told why it need not have run to success.
        var isExplained = false
    }

    private(set) var records: [Int32: Record] = [:]

    init(_ history: History) {
        let explanations = Set(
            history.signalNames.indices.filter { Explanation(rawValue: history.signalNames[$0]) != nil }
        )
        for event in history.events where event.operation >= 0 {
            switch event.kind {
            case .accepted: records[event.operation, default: Record()].isAccepted = true
            case .started:
                records[event.operation, default: Record()].starts += 1
                if records[event.operation]?.isCutOff == true { records[event.operation]?.resumptions += 1 }
                records[event.operation]?.isCutOff = false
            case .completed:
                records[event.operation, default: Record()].completions += 1
            case .failed:
                records[event.operation, default: Record()].failures += 1
            case .cancelled:
                records[event.operation, default: Record()].cancellations += 1
                records[event.operation]?.isCutOff = true
            case .emitted where explanations.contains(Int(event.detail)):
                records[event.operation, default: Record()].isExplained = true
            default: break
            }
        }
    }

    var accepted: Int { records.values.count { $0.isAccepted } }

    /// Fails when an operation of a kind is not explained; the explanation of another one does not count.
    ///
    /// - Parameters:
    ///   - condition: The kind.
    ///   - text: What is wrong, by how many there are.
    /// - Returns: The failure, which names the lowest of them; `nil` when all are explained.
    func failure(where condition: (Record) -> Bool, _ text: (_ count: Int) -> String) -> Finding? {
        let unexplained = records.filter { condition($0.value) && !$0.value.isExplained }
        guard let example = unexplained.keys.min() else { return nil }
        return .fail("\(text(unexplained.count)): #\(example) is one of them")
    }

    /// Why nobody knows what became of every job: some are in the store still, or are dead letters that nobody has listed.
    ///
    /// - Parameter accounting: What the target has counted.
    /// - Returns: That it is unknown; `nil` when all is known.
    func openQuestion(_ accounting: TargetAccounting) -> Finding? {
        let left = (accounting.pending ?? 0) + (accounting.active ?? 0)
        if left > 0 { return .unknown("\(left) jobs were still in the store when the run ended") }
        let (dead, explained) = (accounting.failed ?? 0, count(where: \.isExplained))
        guard explained < dead else { return nil }
        return .unknown("of \(dead) dead letters only \(explained) are known by their operations")
    }

    func count(where condition: (Record) -> Bool) -> Int { records.values.count(where: condition) }
}

extension Evidence {
    /// Judges the runs, when there is something to judge.
    func requireRuns(_ judge: (OperationRuns) -> Finding) -> Finding {
        guard let history else { return .unknown("needs the history, which this recording level does not keep") }
        let runs = OperationRuns(history)
        guard runs.accepted > 0 else { return .unknown("no operation was accepted") }
        return judge(runs)
    }
}
