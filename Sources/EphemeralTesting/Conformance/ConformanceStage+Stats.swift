internal import Ephemeral

extension ConformanceStage {
    /// Fails the check unless every operation is counted exactly once.
    func requireConsistency(_ coordinator: any Coordinator) throws {
        let stats = coordinator.stats
        let parts = [stats.pending, stats.active, stats.completed, stats.failed, stats.cancelled]
        try require(parts.allSatisfy { $0 >= 0 } && stats.overflowed >= 0, "a number is negative in \(stats)")
        try require(parts.reduce(0, +) == stats.enqueued, "the numbers do not add up in \(stats)")
    }

    /// The identity of the only operation that runs.
    func runningOperation(_ coordinator: any Coordinator) throws -> OperationID {
        let running = coordinator.operations(in: .running)
        guard let operation = running.first, running.count == 1 else {
            throw failure("\(running.count) operations are shown as running while one body runs")
        }
        return operation.id
    }

    /// Brings items and lets each end before the next one starts; the identities are in the order of the items.
    func complete(_ items: ClosedRange<Int>, by subject: Subject) throws -> [OperationID] {
        try items.map { item in
            try enqueue([item], to: subject)
            let id = try runningOperation(subject.coordinator)
            try release()
            return id
        }
    }
}

/// An observer that notes what it is told, and may act on it.
final class ConformanceObserver: CoordinatorObserver {
    let finalized = Journal<OperationSnapshot>()
    private let reaction: @Sendable () -> Void

    init(reaction: @escaping @Sendable () -> Void = {}) {
        self.reaction = reaction
    }

    func operationFinalized(_ snapshot: OperationSnapshot) {
        finalized.record(snapshot)
        reaction()
    }
}

extension OperationOutcome {
    /// A short name for comparisons.
    var name: String {
        switch self {
        case .running: "running"
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .skipped(let signal): "skipped by \(signal)"
        @unknown default: "unknown"
        }
    }
}
