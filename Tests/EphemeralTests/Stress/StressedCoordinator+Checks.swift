import EphemeralTesting

@testable import Ephemeral

extension StressedCoordinator {
    /// What does not hold although nothing is left after a drain.
    func violationsAfterDrain() -> [String] {
        let ended = Set(ledger.runs.keys).union(ledger.discarded.keys)
        ledger.expect(ended == ledger.accepted, "lost: \(ledger.accepted.subtracting(ended).sorted())")
        ledger.expect(
            ledger.discarded.count == coordinator.stats.cancelled,
            "\(ledger.discarded.count) were discarded, \(coordinator.stats.cancelled) are counted"
        )
        return violationsWhenNothingIsLeft()
    }

    /// What does not hold after a shutdown.
    func violationsAfterShutdown() -> [String] {
        // A coordinator with results has nobody to tell what it discards.
        kind == .result ? violationsWhenNothingIsLeft() : violationsAfterDrain()
    }

    private func violationsWhenNothingIsLeft() -> [String] {
        let stats = coordinator.stats
        ledger.expect(coordinator.isDrained, "not drained")
        ledger.expect(stats.isConsistent && stats.pending == 0 && stats.active == 0, "left: \(stats)")
        ledger.expect(
            ledger.accepted.count == stats.enqueued,
            "\(ledger.accepted.count) were accepted, \(stats.enqueued) are counted"
        )
        ledger.expect(
            ledger.runs.count == stats.completed + stats.failed,
            "\(ledger.runs.count) ran, \(stats.completed + stats.failed) are counted"
        )
        let twice = ledger.runs.merging(ledger.discarded, uniquingKeysWith: +).filter { $0.value != 1 }
        ledger.expect(twice.isEmpty, "ran or were discarded more than once: \(twice.keys.sorted())")
        ledger.expect(ledger.mostRunning <= StressLoad.highestLimit, "\(ledger.mostRunning) ran at once")
        if let limit = limitPerKey {
            ledger.expect(ledger.mostRunningOfAKey <= limit, "\(ledger.mostRunningOfAKey) of a key ran at once")
        }
        for (limit, most) in zip(limitPerLane, ledger.mostRunningByLane) {
            ledger.expect(most <= limit ?? .max, "\(most) of a lane ran at once")
        }
        // Two bodies of a key that may run at once also may tell the ledger in either order.
        if limitPerKey == 1 { ledger.expect(ledger.overtaken == 0, "\(ledger.overtaken) overtook one of their key") }
        ledger.expect(ledger.unansweredWaiters == 0, "\(ledger.unansweredWaiters) wait in vain")
        ledger.expect(keptKeys == 0, "\(keptKeys) keys are kept")
        ledger.expect(coordinator.snapshot().count <= 32, "\(coordinator.snapshot().count) are visible")
        return ledger.violations.elements
    }
}
