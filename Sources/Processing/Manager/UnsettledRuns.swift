internal import EphemeralTime

/// Runs of critical operations of this process: those under way, and ends that no store has heard of yet.
struct UnsettledRuns: Sendable {
    /// An end that a store is still to be told.
    enum End: Sendable {
        case resolved(remembering: Duration)
        case failed(String)
    }

    struct Report: Sendable {
        let id: EmergencyID
        let token: LeaseToken
        let end: End
        let place: CriticalRun.Place
        /// Whether the place has acknowledged the backup; one that has not may come to have it yet.
        let isSure: Bool
        /// Until when it may; nobody else can try the operation before.
        var mayComeUntil: ContinuousClock.Instant?
    }

    /// How many reports are kept; of more the oldest are given up.
    static let capacity = 10_000

    private(set) var underWay: Set<EmergencyID> = []
    /// By number, of which each has its own.
    private var reports: [Int: Report] = [:]
    private var nextNumber = 0
    private var oldest = 0
    /// What tells the reports again; `nil` while there is none.
    private(set) var teller: Task<Void, Never>?
    private var isTelling = false

    mutating func begin(_ id: EmergencyID) { underWay.insert(id) }

    mutating func end(_ id: EmergencyID) { underWay.remove(id) }

    /// Keeps a report.
    ///
    /// - Returns: Whether somebody has to begin to tell the reports again.
    mutating func remember(_ report: Report) -> Bool {
        reports[nextNumber] = report
        nextNumber += 1
        while reports.count > Self.capacity {
            reports[oldest] = nil
            oldest += 1
        }
        defer { isTelling = true }
        return !isTelling
    }

    /// Takes a report out.
    ///
    /// - Returns: Whether it was there; only one of those who tell it at the same time takes it out.
    mutating func forget(_ number: Int) -> Bool { reports.removeValue(forKey: number) != nil }

    /// Takes out what a place was to be told that is shut down.
    mutating func forgetAll(for place: CriticalRun.Place) { reports = reports.filter { $0.value.place != place } }

    /// Operations whose backups in the journal are not to be copied up: they run, or their end is known here.
    var ownInJournal: Set<EmergencyID> {
        underWay.union(reports.values.filter { $0.place == .journal }.map(\.id))
    }

    /// The reports for a place, oldest first.
    func reports(for place: CriticalRun.Place) -> [(number: Int, report: Report)] {
        reports.filter { $0.value.place == place }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    mutating func note(_ teller: Task<Void, Never>) { self.teller = teller }

    /// Whether nothing is left to be told, so that whoever tells it ends.
    mutating func endTelling() -> Bool {
        guard reports.isEmpty else { return false }
        isTelling = false
        return true
    }

    var reportCount: Int { reports.count }
}
