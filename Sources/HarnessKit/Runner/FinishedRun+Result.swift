extension FinishedRun {
    /// What a judge of invariants may look at.
    public var evidence: Evidence {
        var evidence = Evidence(
            history: history,
            accounting: accounting,
            tally: tally,
            targetOptions: target.options,
            capabilities: capabilities,
            highestConcurrency: highestConcurrency ?? 0
        )
        evidence.clock = identity.clock
        evidence.leftovers = leftovers
        evidence.isCutOff = closing != .drained
        return evidence
    }

    /// The run as results hold it, judged by the scenario's invariants.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - registry: Where invariants are looked up.
    /// - Returns: The run with what its expectations are judged by.
    func artifacts(scenario: Scenario, registry: PluginRegistry) -> RunArtifacts {
        var run = TargetRun(
            target: target.id,
            use: target.use,
            options: target.options,
            clock: identity.clock.rawValue,
            seed: scenario.seed,
            repetition: identity.repetition
        )
        run.process = identity.process
        run.planDigest = plan.digest
        run.phases = phases
        run.total = total
        run.validity = validity
        run.series = series
        run.events = events
        run.spectra = spectra
        run.interrupted = interrupted
        run.contention = contention
        run.virtual = virtual
        run.course = course
        run.checks = checks.isEmpty ? nil : checks
        run.historyDigest = historyDigest
        if !spans.isEmpty {
            var evidence = evidence
            registry.target(target.use)?.explainOptions(in: &evidence)
            run.invariants = Judge.invariants(scenario: scenario, registry: registry, evidence: evidence)
        }
        return RunArtifacts(run: run, history: history, plan: plan, spans: spans, closing: closing)
    }
}
