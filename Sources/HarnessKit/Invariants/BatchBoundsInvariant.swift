internal import EphemeralTime

/// Batches are of bounded size, keep the order of acceptance, and none waits longer than the interval to be handled.
///
/// The interval counts from the acceptance of a batch's first operation, or from the end of the batch before it when that
/// comes later: one that is being handled holds up the next.
enum BatchBoundsInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The most operations in a batch; without it, the target's `maxBatchSize`.
        var maxSize: Int?
        /// The longest wait; without it, the target's `flushInterval`.
        var maxWait: DurationText?
        /// How much later a batch may begin; 100 ms when left out.
        var slack: DurationText?
    }

    static let id = "batch-bounds"
    static let summary = "batches are of bounded size, in order, and handled within the interval"

    static func validate(_ options: Options) throws {
        try InvariantOptions.require(options.maxSize, atLeast: 1, option: "maxSize")
        try InvariantOptions.requireNotNegative(options.maxWait, option: "maxWait")
        try InvariantOptions.requireNotNegative(options.slack, option: "slack")
    }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard let maxSize = options.maxSize ?? evidence.option("maxBatchSize") else {
            return .unknown("the target's options have no 'maxBatchSize'; give the invariant's 'maxSize'")
        }
        guard let maxWait = options.maxWait?.duration.clampedNanoseconds ?? evidence.duration("flushInterval") else {
            return .unknown("the target's options have no 'flushInterval'; give the invariant's 'maxWait'")
        }
        let table = BatchTable(history)
        guard let largest = table.batches.map(\.operations.count).max() else { return .unknown("no batch was handled") }
        if let (operation, batches) = table.doubled {
            return .fail("#\(operation) was handled in batch \(batches[0]) and in batch \(batches[1])")
        }
        if let batch = table.batches.first(where: { $0.operations.count > maxSize }) {
            return .fail(
                "batch \(batch.number) at \(FindingText.time(batch.begin)) had \(batch.operations.count) operations "
                    + "(\(FindingText.list(batch.operations))); the bound is \(maxSize)"
            )
        }
        let operations = OperationTable(history)
        let slack = evidence.slack(options.slack, orElse: .milliseconds(100))
        if let problem = overtaking(table.batches, operations)
            ?? lateness(table.batches, operations, maxWait: maxWait, slack: slack)
        {
            return .fail(problem)
        }
        return .pass("\(FindingText.count(table.batches.count, "batch", "batches")) of up to \(largest) of \(maxSize)")
    }

    /// An operation in a later batch than one that was submitted after its acceptance.
    private static func overtaking(_ batches: [BatchTable.Batch], _ table: OperationTable) -> String? {
        var latest: (operation: Int32, submitted: Int64, batch: Int32)?
        for batch in batches {
            for operation in batch.operations {
                let accepted = table.records[Int(operation)].answered
                guard let latest, accepted < latest.submitted else { continue }
                return
                    "#\(operation) was accepted at \(FindingText.time(accepted)), before #\(latest.operation) was submitted, "
                    + "and handled in batch \(batch.number), after it in batch \(latest.batch)"
            }
            for operation in batch.operations {
                let submitted = table.records[Int(operation)].submitted
                guard submitted != OperationTable.never, submitted > latest?.submitted ?? .min else { continue }
                latest = (operation, submitted, batch.number)
            }
        }
        return nil
    }

    private static func lateness(
        _ batches: [BatchTable.Batch],
        _ table: OperationTable,
        maxWait: Int64,
        slack: Int64
    ) -> String? {
        var previousEnd = Int64.min
        for batch in batches {
            let accepted = batch.operations.map { table.records[Int($0)].answered }.min() ?? OperationTable.never
            if accepted != OperationTable.never, batch.begin > max(accepted.plus(maxWait), previousEnd).plus(slack) {
                return
                    "batch \(batch.number) (\(FindingText.list(batch.operations))) began at \(FindingText.time(batch.begin)), "
                    + "\(FindingText.time(batch.begin - accepted)) after its first operation was accepted; the bound is "
                    + "\(FindingText.time(maxWait))"
            }
            previousEnd = max(previousEnd, batch.end)
        }
        return nil
    }
}
