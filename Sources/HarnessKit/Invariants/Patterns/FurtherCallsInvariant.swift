/// Every handled operation of some lanes leads to exactly one further call, whatever became of the first; others to none.
enum FurtherCallsInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The lanes whose operations lead to one; `error` and `perf` when left out.
        var lanes: [String]?
    }

    static let id = "further-calls"
    static let summary = "operations of some lanes lead to exactly one further call, whatever became of the first"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let lanes = options.lanes ?? ["error", "perf"]
        let wanted = Set(lanes.compactMap { history.laneNames.firstIndex(of: $0) })
        var calls: [Int32: Int] = [:]
        for event in history.events where event.kind == .delivered { calls[event.operation, default: 0] += 1 }
        var (count, afterFailure, missing) = (0, 0, 0)
        for (index, record) in OperationTable(history).records.enumerated() where record.ends > 0 {
            let isWanted = wanted.contains(Int(record.lane))
            let found = calls[Int32(index)] ?? 0
            // What comes after the end of the first call is cut off with the run.
            if isWanted, found == 0, evidence.isCutOff {
                missing += 1
                continue
            }
            guard found == (isWanted ? 1 : 0) else {
                return .fail(
                    "operation #\(index) led to \(FindingText.count(found, "further call")) instead of \(isWanted ? 1 : 0)"
                )
            }
            guard isWanted else { continue }
            count += 1
            if record.fate == .failed { afterFailure += 1 }
        }
        guard missing == 0 else {
            return .unknown("the run was cut off before \(FindingText.count(missing, "further call"))")
        }
        guard count > 0 else {
            return .unknown("no operation of the lanes \(FindingText.names(lanes)) ended")
        }
        return .pass("\(FindingText.count(count, "further call")), \(afterFailure) after a first one that failed")
    }
}
