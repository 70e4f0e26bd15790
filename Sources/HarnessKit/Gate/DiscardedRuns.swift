/// How often runs of each build did not count while the other build's did.
///
/// A machine that is busy hits both alike: where the new build's runs alone do not count, the build is the reason.
public struct DiscardedRuns: Sendable, Equatable {
    private var processes = 0
    private var pairs = 0
    private var runs = OneSidedRuns()
    private var reason: String?

    /// Creates an empty count.
    public init() {}

    /// Begins a new process of each build.
    public mutating func beginProcess() {
        processes += 1
    }

    /// Counts a pair of the process that was begun last.
    ///
    /// - Parameters:
    ///   - base: Why the former build's run does not count; empty when it does.
    ///   - head: Why the new build's does not.
    public mutating func count(base: [String], head: [String]) {
        pairs += 1
        runs.count(base: !base.isEmpty, head: !head.isEmpty, in: processes)
        if base.isEmpty { reason = reason ?? head.first }
    }

    /// What the counts say of a target; `nil` where there are no pairs.
    ///
    /// Regressed where the new build's runs do not count more often than chance explains. That is a suspicion, as that of a
    /// figure is: its probability is to be adjusted for the number of targets, and it has to be seen again.
    public func row(of subject: GateSubject) -> RegressionRow? {
        guard pairs > 0 else { return nil }
        var row = RegressionRow(
            scenario: subject.scenario,
            target: subject.target,
            tier: .statistical,
            quantity: RegressionRow.validity,
            verdict: chance <= OneSidedRuns.suspicion ? .regressed : .same
        )
        row.probability = chance
        row.pairs = pairs
        row.processes = processes
        guard let reason else { return row }
        row.detail =
            "\(runs.head) of \(pairs) runs of the head build do not count while the base build's do (\(runs.base) the other "
            + "way round), more of the head build's in \(runs.headProcesses) of \(processes) processes: \(reason)"
        return row
    }

    /// Whether runs that were made after a suspicion bear it out.
    public var confirms: Bool { chance <= OneSidedRuns.repetition }

    /// The probability of so many processes in which the new build's runs fare worse, if both builds were alike.
    var chance: Double { runs.chance }
}
