/// Makes runs in processes of their own; what the harness executable does with itself.
public protocol RunIsolation: Sendable {
    /// Makes the runs of one target in a fresh process.
    ///
    /// - Parameters:
    ///   - target: The target's id in the scenario.
    ///   - process: The number of the process, from 0.
    ///   - interruption: How the user stops.
    ///   - deliver: Called with each run as it ends, from any thread.
    /// - Returns: Why runs are missing; `nil` when none is.
    func run(
        target: String,
        process: Int,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ run: JudgedRun) -> Void
    ) async -> String?
}

extension ScenarioRunner {
    /// Makes the runs of one target that belong into one process, in this one.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    ///   - target: The number of the target.
    ///   - process: The number of the process.
    ///   - visit: Called with each run as soon as it has ended, its history included.
    ///   - deliver: Called with each run once it is judged.
    @concurrent
    public func runProcess(
        of scenario: Scenario,
        plan: Plan,
        target: Int,
        process: Int,
        visit: @Sendable (_ run: FinishedRun) async -> Void = { _ in },
        deliver: @Sendable (_ run: JudgedRun) async -> Void
    ) async {
        for number in 0..<scenario.runs.repetitionsPerRound where !interruption.isFired {
            let turn = RunOrder.Turn(
                target: target,
                repetition: process * scenario.runs.repetitionsPerRound + number,
                process: process
            )
            let run = await run(turn, of: scenario, plan: plan)
            await visit(run)
            await deliver(run.judged(by: scenario, registry: registry))
        }
    }

    /// The runs of one target in a process of its own, those that are missing included.
    func isolatedRuns(
        _ turns: [RunOrder.Turn],
        of scenario: Scenario,
        plan: Plan,
        in isolation: any RunIsolation
    ) async -> [JudgedRun] {
        guard let first = turns.first else { return [] }
        let spec = scenario.targets[first.target]
        observer.runStarted(identity(of: first, in: scenario))
        let delivered = Deliveries()
        let problem = await isolation.run(
            target: spec.id,
            process: first.process,
            interruption: interruption
        ) { delivered.append($0) }
        var runs = delivered.all
        for run in runs {
            let turn = turns.first { $0.repetition == run.run.repetition } ?? first
            observer.runFinished(identity(of: turn, in: scenario), result: run.run)
        }
        guard runs.count < turns.count, !interruption.isFired else { return runs }
        for turn in turns where !runs.contains(where: { $0.run.repetition == turn.repetition }) {
            var missing = TargetRun(
                target: spec.id,
                use: spec.use,
                options: spec.options,
                clock: RunClock.real.rawValue,
                seed: scenario.seed,
                repetition: turn.repetition
            )
            missing.process = turn.process
            missing.planDigest = plan.digest
            missing.validity.verdict = .invalid
            missing.validity.reasons = [problem ?? "the run's process ended without telling what came of it"]
            runs.append(JudgedRun(run: missing))
        }
        return runs
    }
}

extension FinishedRun {
    /// The run as it leaves its process.
    func judged(by scenario: Scenario, registry: PluginRegistry) -> JudgedRun {
        let artifacts = artifacts(scenario: scenario, registry: registry)
        var judged = JudgedRun(artifacts, expectations: scenario.expectations)
        judged.notes = notes
        judged.histograms = histograms
        return judged
    }
}
