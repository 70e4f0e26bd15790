/// After the target's shutdown nothing of the run is left.
///
/// On every clock no body may still run. In virtual time, where all of a run is in one place, no task may still sleep once
/// nothing is ready any more: a timer or a worker that nobody ended.
enum NoTaskLeakInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "no-task-leak"
    static let summary = "after the target's shutdown no body runs, and in virtual time no task sleeps"
    static var needsHistory: Bool { false }

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let leftovers = evidence.leftovers else { return .unknown("nobody looked after the target's shutdown") }
        if leftovers.bodies > 0 {
            return .fail(
                "\(FindingText.count(leftovers.bodies, "body", "bodies")) still ran after the target's shutdown"
            )
        }
        if let sleepers = leftovers.sleepers, sleepers > 0 {
            return .fail(
                "\(FindingText.count(sleepers, "task")) still slept after the target's shutdown, and nothing else was left "
                    + "to do"
            )
        }
        guard evidence.tally.started > 0 else { return .unknown("no attempt started") }
        return .pass(leftovers.sleepers == nil ? "no body was left" : "no body and no sleeping task was left")
    }
}
