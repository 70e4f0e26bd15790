/// Where a scenario came from, as results tell it.
public struct ScenarioSource: Sendable, Equatable {
    /// The file; `nil` for a scenario made in code.
    public var file: String?
    /// The digest of the resolved scenario.
    public var digest: String
    /// The command line that asked for the run.
    public var command: String
    /// The scenario with all references, settings and defaults put in; `nil` where it was made in code.
    public var resolved: JSONValue?

    /// Creates a description of a scenario's origin.
    public init(file: String? = nil, digest: String, command: String = "", resolved: JSONValue? = nil) {
        self.file = file
        self.digest = digest
        self.command = command
        self.resolved = resolved
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
    ///   - visit: Called with each run of this process as soon as it has ended, its history included.
    ///   - deliver: Called with every run, whichever process made it.
    /// - Returns: The result that every report shows.
    @concurrent
    public func result(
        of scenario: Scenario,
        plan: Plan,
        source: ScenarioSource,
        visit: @Sendable (_ run: FinishedRun) async -> Void = { _ in },
        deliver: @Sendable (_ run: JudgedRun) -> Void = { _ in }
    ) async -> RunResult {
        let machine = MachineReading()
        let skipped = await skippedRuns(of: scenario)
        let made = await madeRuns(of: scenario, plan: plan, without: skipped, visit: visit)
        let judged = made.runs
        var notes = NoteCollection()
        for run in judged {
            notes.add(run.notes, of: run.run.label(among: scenario.runs.totalRepetitions))
            deliver(run)
        }
        let runs = judged.map(\.run)
        let seeds = await trySeeds(of: scenario, after: runs)
        let interrupted = interruption.isFired
        let expectations = Judge.expectations(scenario: scenario, runs: judged, skipped: skipped)
        let summaries = Judge.summaries(scenario: scenario, runs: judged).map { $0.adding(made.searches) }
        var result = RunResult(
            scenario: ScenarioInfo(scenario, source: source),
            environment: machine.environment(command: source.command),
            verdict: Judge.verdict(runs: runs, expectations: expectations, interrupted: interrupted),
            runs: runs,
            targets: summaries,
            expectations: expectations
        )
        result.interrupted = interrupted
        result.searches = made.searches.isEmpty ? nil : made.searches
        result.seeds = seeds.summaries.isEmpty ? nil : seeds.summaries
        for summary in seeds.summaries { result.verdict = result.verdict.worse(summary.verdict) }
        if !seeds.objections.isEmpty {
            result.verdict = result.verdict.worse(.invalid)
            result.objections = seeds.objections
        }
        result.comparison = Judge.comparison(scenario: scenario, summaries: summaries)
        result.notRun = skipped.isEmpty ? nil : skipped
        result.notes =
            AnalyticNotes.notes(for: scenario) + made.remarks + skipped.map(\.note) + seeds.objections + notes.texts
            + [scenario.noiseNote].compactMap(\.self)
        if scenario.clocks.contains(.real), let note = result.environment.busyNote { result.notes.append(note) }
        if scenario.clocks.contains(.real), result.environment.build == "debug" {
            result.notes.append("a debug build: the figures say nothing about a release build")
        }
        result.noise = Judge.noise(scenario: scenario, runs: runs)
        result.compare(as: scenario, resolved: source.resolved)
        observer.scenarioFinished(result)
        return result
    }
}

extension RunResult {
    /// Sets the figures side by side as the scenario asks for; a note says why where that cannot be done.
    fileprivate mutating func compare(as scenario: Scenario, resolved: JSONValue?) {
        guard let comparison = scenario.comparison, comparison.isDetailed || scenario.runs.totalRepetitions > 1,
            comparison.columns != "target" || scenario.targets.count > 1
        else { return }
        do throws(ComparisonError) {
            sideBySide = try SideBySide(
                [ComparedResult(label: scenario.name, result: self, scenario: resolved)],
                by: comparison,
                seeksNoise: scenario.seeksNoise,
                seed: scenario.seed
            )
        } catch {
            notes.append("not set side by side: \(error)")
        }
    }
}

extension ScenarioRunner {
    /// What was run, before it is summed up.
    struct MadeRuns {
        /// In the order in which they were made.
        var runs: [JudgedRun] = []
        /// What else there is to say of them.
        var remarks: [String] = []
        /// What searches came to; each has one of the runs.
        var searches: [CapacitySearch] = []
    }

    private func madeRuns(
        of scenario: Scenario,
        plan: Plan,
        without skipped: [SkippedRun],
        visit: @Sendable (_ run: FinishedRun) async -> Void
    ) async -> MadeRuns {
        if let search = scenario.load.search {
            return await searchedRuns(of: scenario, plan: plan, search, without: skipped, visit: visit)
        }
        let (runs, remarks) = await judgedRuns(of: scenario, plan: plan, without: skipped, visit: visit)
        return MadeRuns(runs: runs, remarks: remarks)
    }
}

extension TargetRun {
    /// The run in a sentence.
    fileprivate func label(among repetitions: Int) -> String {
        if clock == RunClock.virtual.rawValue { return "\(target), in virtual time" }
        return repetitions > 1 ? "\(target), repetition \(repetition + 1)" : target
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
