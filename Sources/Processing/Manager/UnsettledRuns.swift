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

    private(set) var underWay: Set<EmergencyID> = []
    private var reports: [Report] = []

    mutating func begin(_ id: EmergencyID) { underWay.insert(id) }

    mutating func end(_ id: EmergencyID) { underWay.remove(id) }

    mutating func remember(_ report: Report) { reports.append(report) }

    mutating func takeReports() -> [Report] {
        defer { reports = [] }
        return reports
    }

    var reportCount: Int { reports.count }
}
