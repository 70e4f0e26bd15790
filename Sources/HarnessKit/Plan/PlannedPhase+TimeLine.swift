internal import EphemeralTime

extension PlannedPhase {
    /// Places phases one after another.
    ///
    /// Under open load everything is placed before the run, so a draining phase that another one follows takes its whole
    /// limit. Under closed load a phase may end early, and the next one starts as soon as it has.
    static func timeLine(of load: Load) throws(PlanError) -> [PlannedPhase] {
        var phases: [PlannedPhase] = []
        var start: Int64 = 0
        var latestStart: Int64 = 0
        for phase in load.phases {
            let shortest: Int64
            let longest: Int64
            switch phase.end {
            case .after(let duration):
                longest = duration.clampedNanoseconds
                shortest = longest
            case .empty(let limit):
                longest = limit.clampedNanoseconds
                shortest = load.isOpen ? longest : 0
            case .operations(let count, let limit):
                guard !load.isOpen else {
                    throw PlanError(
                        message:
                            "phase '\(phase.name)' ends after a number of operations, which only closed load can do; "
                            + "give it a time ('for') or make the load closed"
                    )
                }
                guard count > 0 else {
                    throw PlanError(message: "phase '\(phase.name)' has \(count) operations; give it one or more")
                }
                longest = limit.clampedNanoseconds
                shortest = 0
            }
            guard longest >= 0, longest <= Self.longestPhase else {
                throw PlanError(
                    message: "phase '\(phase.name)' lasts \(Double(longest) / 1e9) s; give it between 0 s and 1000 days"
                )
            }
            phases.append(PlannedPhase(phase: phase, start: start, latestEnd: latestStart + longest))
            start += shortest
            latestStart += longest
            guard latestStart <= Self.longestPhase else {
                throw PlanError(message: "the phases up to '\(phase.name)' last longer than 1000 days; shorten them")
            }
        }
        return phases
    }

    private static let longestPhase: Int64 = 1000 * 86_400 * 1_000_000_000
}

extension Load {
    /// Whether arrivals are planned before the run.
    var isOpen: Bool {
        if case .open = model { true } else { false }
    }
}

extension Phase {
    /// Whether the phase only waits for what is in flight.
    var isDraining: Bool {
        if case .empty = end { true } else { false }
    }
}
