internal import EphemeralTime

extension FinishedRun {
    /// The share of the process's CPU time above which the load generator disturbs what it measures.
    private static let generatorShareLimit = 0.2

    /// Decides whether the run measured what it set out to measure, and says what else is odd.
    mutating func judgeValidity(report: Conductor.Report, ending: RunSession.Ending, cost: RunCost) {
        var invalid = ending.objections
        // What the end of a run objects to is a target that did not drain or shut down.
        var blamesTarget = !ending.objections.isEmpty
        let load = plan.scenario.load
        let rule = LatenessRule(policy: load.late, limit: load.latenessLimit?.clampedNanoseconds)
        if let lateness = report.lateness {
            let objection = rule.objection(p99: lateness.p99, largest: lateness.largest, samples: lateness.samples)
            invalid += [objection].compactMap(\.self)
            if lateness.dropped > 0 {
                notes.append("\(lateness.dropped) arrivals were too late to be submitted and count as refused")
            }
        }
        invalid += endedEarly(report)
        var inconclusive: [String] = []
        switch report.stopReason {
        case .interrupted:
            inconclusive.append("the run was interrupted")
        case .historyFull:
            inconclusive.append(
                "the load was ended when the history was full; record at level 'latency', or shorten the phases"
            )
        case .sourceLeft(let why):
            invalid.append("the target stopped pulling operations: \(why)")
            blamesTarget = true
        case nil:
            break
        }
        if course?.course == SteadyState.Course.none, plan.scenario.comparesFigures, identity.clock == .real {
            inconclusive.append("the response times came to no steady state; let the phases last longer")
        }
        if cost.generatorShare > Self.generatorShareLimit, cost.cpuSeconds > 0.1 {
            let percent = Int((cost.generatorShare * 100).rounded())
            notes.append(
                "the load generator's thread took \(percent) % of the CPU time; it is not part of cpu.perOperation"
            )
        }
        if cost.allocations != nil, identity.clock == .real {
            notes.append(
                "mallocs.perOperation and mallocBytes.perOperation are without the memory of recorded events, which is "
                    + "recorderBytes.perOperation, and with what the load generator allocates"
            )
        }
        notes += ending.notes + report.notes
        validity.blamesTarget = blamesTarget ? true : nil
        validity.reasons = invalid + inconclusive
        validity.verdict = invalid.isEmpty ? inconclusive.isEmpty ? .pass : .inconclusive : .invalid
    }

    /// Phases that were to end by an event and ended by their limit.
    private func endedEarly(_ report: Conductor.Report) -> [String] {
        report.passages.compactMap { passage in
            let phase = plan.scenario.load.phases[passage.phase]
            guard passage.ending == .limit, case .operations(let count, let limit) = phase.end else { return nil }
            let done = report.costs[passage.phase + 1].tally.finished - report.costs[passage.phase].tally.finished
            return "phase '\(phase.name)' ended at its limit of \(limit) after \(done) of \(count) operations"
        }
    }
}
