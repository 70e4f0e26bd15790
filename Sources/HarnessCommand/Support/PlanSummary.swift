internal import HarnessKit

/// A plan as a table of its phases.
struct PlanSummary {
    let plan: Plan

    var text: String {
        let scenario = plan.scenario
        var lines = ["\(scenario.name): seed \(scenario.seed), plan digest \(plan.digest)"]
        if let search = scenario.load.search {
            lines.append(
                "search from \(Self.perSecond(search.from)) to \(Self.perSecond(search.to)), at most \(search.mostTrials) trials "
                    + "of each target; what follows is the trial at the highest rate"
            )
        }
        switch scenario.load.model {
        case .open(let arrivals):
            lines.append("open load, \(arrivals.rawValue) arrivals, \(plan.intendedStarts.count) operations")
        case .closed(let producers, _, let awaiting):
            lines.append("closed load, \(producers) producers that wait until \(awaiting.rawValue)")
        }
        if scenario.load.lanes != .none { lines.append("lanes: \(Self.lanes(scenario.load.lanes))") }
        lines.append("")
        let header = ["phase", "from", "to", "operations", "rate", "measured"]
        lines.append(TextTable(header: header, rows: plan.phases.indices.map(row)).text)
        return lines.joined(separator: "\n")
    }

    private static func lanes(_ lanes: LaneDistribution) -> String {
        switch lanes {
        case .none: "none"
        case .shares(let shares):
            shares.map { "\($0.lane) \(FixedDecimal.text($0.share * 100, digits: 4))%" }.joined(separator: ", ")
        case .inTurn(let names): "\(names.joined(separator: ", ")), in turn"
        }
    }

    private func row(_ index: Int) -> [String] {
        let planned = plan.phases[index]
        let phase = planned.phase
        return [
            phase.name, Self.seconds(planned.start), Self.end(of: planned), operations(index),
            Self.rate(of: phase, plan),
            phase.measure ? "yes" : "no",
        ]
    }

    private static func end(of planned: PlannedPhase) -> String {
        switch planned.phase.end {
        case .after: seconds(planned.latestEnd)
        case .empty: "empty, by \(seconds(planned.latestEnd))"
        case .operations: "done, by \(seconds(planned.latestEnd))"
        }
    }

    /// How many operations are due within a phase, bursts included.
    private func operations(_ index: Int) -> String {
        if case .operations(let count, _) = plan.phases[index].phase.end { return String(count) }
        guard !plan.intendedStarts.isEmpty else { return "-" }
        let start = plan.phases[index].start
        let isLast = index == plan.phases.count - 1
        let end = isLast ? Int64.max : plan.phases[index + 1].start
        return String(position(of: end) - position(of: start))
    }

    /// The number of operations due before a time.
    private func position(of time: Int64) -> Int {
        var (low, high) = (0, plan.intendedStarts.count)
        while low < high {
            let middle = (low + high) / 2
            if plan.intendedStarts[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func rate(of phase: Phase, _ plan: Plan) -> String {
        if case .closed = plan.scenario.load.model { return "-" }
        if case .empty = phase.end { return "-" }
        switch phase.rate {
        case .constant(let rate): return perSecond(rate)
        case .linear(let from, let to): return "\(perSecond(from)) to \(perSecond(to))"
        case .steps(let steps): return steps.map { perSecond($0.rate) }.joined(separator: ", ")
        case .spike(let base, let peak): return "\(perSecond(base)), spike \(perSecond(peak))"
        }
    }

    private static func perSecond(_ rate: Double) -> String { "\(FixedDecimal.text(rate, digits: 3))/s" }

    private static func seconds(_ nanoseconds: Int64) -> String {
        "\(FixedDecimal.text(Double(nanoseconds) / 1e9, digits: 3))s"
    }
}

/// Numbers without exponent and without trailing zeros.
enum FixedDecimal {
    static func text(_ value: Double, digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let scaled = (value * scale).rounded()
        guard scaled.magnitude < 1e18 else { return String(value) }
        let whole = Int64(scaled)
        let fraction = String(whole.magnitude % UInt64(scale))
        var padded = Substring(String(repeating: "0", count: max(0, digits - fraction.count)) + fraction)
        while padded.last == "0" { padded.removeLast() }
        let sign = whole < 0 ? "-" : ""
        return "\(sign)\(whole.magnitude / UInt64(scale))" + (padded.isEmpty ? "" : ".\(padded)")
    }
}
