extension CapacitySearch.Trial {
    /// Decides whether everything held in a trial.
    ///
    /// - Parameters:
    ///   - run: The trial's run with its invariants judged.
    ///   - expectations: What came of its expectations.
    ///   - unanswerable: How many of those that must hold the load gave no occasion to answer.
    mutating func judge(_ run: TargetRun, _ expectations: [ExpectationResult], unanswerable: Int = 0) {
        let missed = expectations.filter { $0.level == .fail && $0.verdict != .pass }.map { result in
            let measured = result.measured.map { "measured \(NoteText.metric($0))" }
            return "\(result.that): \(measured ?? result.detail ?? "unknown")"
        }
        let violated = run.invariants.filter { $0.verdict == .fail }.map { "\($0.use) is violated: \($0.detail)" }
        let unstable = run.phases.filter { $0.measured && $0.isUnstable == true }.map { phase in
            "unstable: the queue grew throughout phase '\(phase.name)'"
        }
        let verdict = run.validity.verdict
        let reasons = run.validity.reasons.isEmpty ? ["the run is \(verdict.rawValue)"] : run.validity.reasons
        let invalid = verdict == .pass ? [] : reasons
        // What a late generator or a busy machine makes of a target says nothing about it: only a violation does.
        isInvalid = !invalid.isEmpty && run.validity.blamesTarget != true && violated.isEmpty
        // The one sentence that says most comes first: percentiles of an unstable phase are missing for its sake.
        broken = isInvalid ? invalid + unstable + missed : violated + unstable + missed + invalid
        if broken.isEmpty, run.total["offered"]?.value ?? 0 == 0 {
            broken = ["nothing was offered"]
            isInvalid = true
        }
        holds = broken.isEmpty
        isUndecided = !isInvalid && unanswerable > 0 && unanswerable == broken.count
        throughput = run.total["throughput"]?.value
        p50 = run.total["response.p50"]?.value
        p99 = run.total["response.p99"]?.value
        lateness = run.total["lateness.p99"]?.value
    }
}

extension NoteText {
    /// A measured value with its unit.
    static func metric(_ metric: Metric) -> String {
        switch metric.unit {
        case .count: number(metric.value)
        case .seconds: time(metric.value)
        case .perSecond: "\(number(metric.value))/s"
        case .ratio: percent(metric.value)
        case .bytes: "\(number(metric.value)) B"
        }
    }
}
