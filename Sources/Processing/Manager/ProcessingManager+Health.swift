internal import Synchronization

/// How a manager's store, journal and critical operations are.
public struct ProcessingHealth: Sendable, Hashable {
    /// The store.
    public var store: StoreHealth
    /// The local journal, if there is one.
    public var journal: StoreHealth?
    /// Backups in the store; `nil` when it did not answer.
    public var emergencies: EmergencyCounts?
    /// Backups that wait in the journal to be copied up; `nil` without a journal or an answer.
    public var journaled: Int?
    /// Ends of critical runs that a store has not heard of, or may have to be told again.
    public var unsettled: Int

    /// What keeps jobs or critical operations from being processed.
    public var problems: [String] {
        var problems = store.problems.map { "store: \($0)" }
        problems += journal?.problems.map { "journal: \($0)" } ?? []
        return problems
    }

    /// What somebody should look at.
    public var warnings: [String] {
        var warnings = store.warnings.map { "store: \($0)" }
        warnings += journal?.warnings.map { "journal: \($0)" } ?? []
        if let count = emergencies?.expiredUnresolved, count > 0 {
            warnings.append("\(count) backups of critical operations were given up before anybody resolved them")
        }
        if let journaled, journaled > 0 {
            warnings.append("\(journaled) backups wait in the local journal for the store")
        }
        if unsettled > 0 {
            warnings.append(
                "\(unsettled) ends of critical operations are still to be told to a store; until then it may let somebody "
                    + "try one again that was done"
            )
        }
        return warnings
    }

    /// Whether nothing keeps jobs or critical operations from being processed.
    public var isHealthy: Bool { problems.isEmpty }
}

extension ProcessingManager {
    /// How store, journal and critical operations are; never throws.
    public func healthCheck() async -> ProcessingHealth {
        // A store that does not answer says so in its own health.
        ProcessingHealth(
            store: await store.health(),
            journal: await journal?.health(),
            emergencies: try? await store.emergencyCounts(),
            journaled: (try? await journal?.emergencyCounts())?.total,
            unsettled: unsettled.withLock { $0.reportCount }
        )
    }
}
