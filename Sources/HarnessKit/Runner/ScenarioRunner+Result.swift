/// Where a scenario came from, as results tell it.
public struct ScenarioSource: Sendable, Equatable {
    /// The file; `nil` for a scenario made in code.
    public var file: String?
    /// The digest of the resolved scenario.
    public var digest: String
    /// The command line that asked for the run.
    public var command: String

    /// Creates a description of a scenario's origin.
    public init(file: String? = nil, digest: String, command: String = "") {
        self.file = file
        self.digest = digest
        self.command = command
    }
}

extension ScenarioRunner {
    /// Runs a scenario and judges it.
    ///
    /// Never fails; see ``runs(of:plan:)``.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    ///   - source: Where it came from.
    ///   - visit: Called with each run as soon as it has ended, its history included.
    /// - Returns: The result that every report shows.
    @concurrent
    public func result(
        of scenario: Scenario,
        plan: Plan,
        source: ScenarioSource,
        visit: @Sendable (_ run: FinishedRun) async -> Void = { _ in }
    ) async -> RunResult {
        let machine = MachineReading()
        var artifacts: [RunArtifacts] = []
        var notes = NoteCollection()
        let skipped = await skippedRuns(of: scenario)
        let turns = turns(of: scenario, without: skipped)
        observer.scenarioStarted(scenario, runs: turns.count)
        for turn in turns where !interruption.isFired {
            let run = await verifiedRun(turn, of: scenario, plan: plan)
            await visit(run)
            let judged = run.artifacts(scenario: scenario, registry: registry)
            observer.runFinished(run.identity, result: judged.run)
            notes.add(run.notes, of: run.label)
            artifacts.append(judged)
        }
        let runs = artifacts.map(\.run)
        let seeds = await trySeeds(of: scenario, after: runs)
        let interrupted = interruption.isFired
        let expectations = Judge.expectations(scenario: scenario, artifacts: artifacts, skipped: skipped)
        let summaries = Judge.summaries(scenario: scenario, runs: runs)
        var result = RunResult(
            scenario: ScenarioInfo(scenario, source: source),
            environment: machine.environment(command: source.command),
            verdict: Judge.verdict(runs: runs, expectations: expectations, interrupted: interrupted),
            runs: runs,
            targets: summaries,
            expectations: expectations
        )
        result.interrupted = interrupted
        result.seeds = seeds.summaries.isEmpty ? nil : seeds.summaries
        for summary in seeds.summaries { result.verdict = result.verdict.worse(summary.verdict) }
        if !seeds.objections.isEmpty {
            result.verdict = result.verdict.worse(.invalid)
            result.objections = seeds.objections
        }
        result.comparison = Judge.comparison(scenario: scenario, summaries: summaries)
        result.notRun = skipped.isEmpty ? nil : skipped
        result.notes = AnalyticNotes.notes(for: scenario) + skipped.map(\.note) + seeds.objections + notes.texts
        if scenario.clocks.contains(.real), result.environment.build == "debug" {
            result.notes.append("a debug build: the figures say nothing about a release build")
        }
        observer.scenarioFinished(result)
        return result
    }
}

extension FinishedRun {
    /// The run in a sentence.
    fileprivate var label: String {
        if identity.clock == .virtual { return "\(identity.target), in virtual time" }
        return identity.repetitions > 1 ? "\(identity.target), repetition \(identity.repetition + 1)" : identity.target
    }
}

extension ScenarioInfo {
    fileprivate init(_ scenario: Scenario, source: ScenarioSource) {
        self.init(
            name: scenario.name,
            summary: scenario.summary,
            digest: source.digest,
            seed: scenario.seed,
            record: scenario.record
        )
        title = scenario.report.title
        file = source.file
        tags = scenario.tags
    }
}
