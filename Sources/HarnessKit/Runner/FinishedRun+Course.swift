extension FinishedRun {
    /// Looks at how the run went: whether it came to rest, whether its queue grew, and what its closed forms say.
    mutating func judgeCourse(_ metrics: HistoryMetrics) {
        let scenario = plan.scenario
        let load = scenario.load
        let isQuiet = scenario.timeline.isEmpty && load.bursts.isEmpty && load.isOpen
        for (index, growth) in metrics.growingQueues(where: { isQuiet && load.phases[$0].constantRate != nil }) {
            let phase = load.phases[index]
            phases[index].isUnstable = true
            phases[index].metrics.withholdPercentiles()
            if phase.measure { total.withholdPercentiles() }
            notes.append(
                "unstable: phase '\(phase.name)' offers more than '\(target.id)' can do; its queue grew by "
                    + "\(NoteText.number(growth))/s throughout, so that percentiles only tell how long the phase was"
            )
        }
        let comparison = AnalyticComparison(
            plan: plan,
            target: target,
            metrics: metrics,
            clock: identity.clock,
            unstable: Set(phases.indices.filter { phases[$0].isUnstable == true })
        )
        checks = comparison.checks()
        notes += checks.filter { !$0.holds }.map(\.sentence)
        guard scenario.isSteady, !phases.contains(where: { $0.isUnstable == true }) else { return }
        course = metrics.course()
        guard let course, course.course != .flat else { return }
        let from = "window \(course.steadyFrom + 1) of \(course.windows)"
        switch course.course {
        case .flat: break
        case .warmUp: notes.append("\(target.id) was slower at first: its response times are steady from \(from) on")
        case .slowdown: notes.append("\(target.id) became slower: its response times are steady from \(from) on")
        case .none:
            notes.append("\(target.id) came to no steady state: its response times changed as late as in \(from)")
        }
    }
}

extension MetricTable {
    /// Leaves out what depends on how long a queue has been growing.
    mutating func withholdPercentiles() {
        for family in ["response", "queueWait"] {
            for (statistic, _) in DurationSamples.percentiles { self["\(family).\(statistic)"] = nil }
        }
    }
}
