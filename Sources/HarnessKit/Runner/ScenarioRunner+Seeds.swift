/// Tries targets under many seeds; what the harness executable does with processes of its own.
public protocol SeedSwarm: Sendable {
    /// Tries every target of a scenario under every seed.
    ///
    /// - Parameters:
    ///   - scenario: A scenario on the virtual clock alone, with the targets that are to be tried.
    ///   - seeds: The seeds.
    ///   - interruption: How the user stops.
    ///   - deliver: Called with each report as it comes, from any thread.
    /// - Returns: How many processes shared the seeds, and what went wrong with them.
    func run(
        _ scenario: Scenario,
        seeds: SeedRange,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ report: SeedReport) -> Void
    ) async -> SeedSwarmOutcome
}

/// How a swarm ended.
public struct SeedSwarmOutcome: Sendable, Equatable {
    /// How many processes shared the seeds.
    public var processes: Int
    /// Why seeds were not tried, in sentences.
    public var problems: [String]

    /// Creates an outcome.
    public init(processes: Int, problems: [String] = []) {
        self.processes = processes
        self.problems = problems
    }
}

/// Tries seeds one after the other in this process.
public struct LocalSeedSwarm: SeedSwarm {
    private let runner: ScenarioRunner

    /// Creates a swarm.
    ///
    /// - Parameter runner: Its registry and limits count.
    public init(runner: ScenarioRunner) {
        self.runner = runner
    }

    /// Tries every target of a scenario under every seed.
    public func run(
        _ scenario: Scenario,
        seeds: SeedRange,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ report: SeedReport) -> Void
    ) async -> SeedSwarmOutcome {
        for seed in seeds.seeds {
            for target in scenario.targets.indices where !interruption.isFired {
                deliver(await runner.seedReport(of: scenario, target: target, seed: seed))
            }
        }
        return SeedSwarmOutcome(processes: 1)
    }
}

extension ScenarioRunner {
    /// Runs one target of a scenario in virtual time under another seed, and judges it.
    ///
    /// The seed stands in for the scenario's own: it decides arrivals, keys, work and scripted faults as well as the order
    /// in which the executor takes what is ready.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - target: The number of the target.
    ///   - seed: The seed.
    /// - Returns: What came of it.
    @concurrent
    func seedReport(of scenario: Scenario, target: Int, seed: UInt64) async -> SeedReport {
        var scenario = scenario
        scenario.seed = seed
        scenario.targets = [scenario.targets[target]]
        let spec = scenario.targets[0]
        scenario.expectations.removeAll { $0.versus != nil || !Glob($0.target).matches(spec.id) }
        let plan: Plan
        do {
            plan = try Plan(scenario)
        } catch {
            var report = SeedReport(target: spec.id, seed: seed, digest: "", steps: 0, seconds: 0, operations: 0)
            report.verdict = .invalid
            report.reasons = ["there is no plan with this seed: \(error)"]
            return report
        }
        var runner = self
        runner.observer = SilentObserver()
        let run = await runner.run(
            RunOrder.Turn(target: 0, repetition: 0, clock: .virtual),
            of: scenario,
            plan: plan
        )
        let artifacts = run.artifacts(scenario: scenario, registry: registry)
        let expectations = Judge.expectations(scenario: scenario, artifacts: [artifacts])
        var report = SeedReport(
            target: spec.id,
            seed: seed,
            digest: run.digest,
            steps: run.virtual?.steps ?? 0,
            seconds: run.virtual?.seconds ?? 0,
            operations: run.tally.offered
        )
        report.verdict = Judge.verdict(
            runs: [artifacts.run],
            expectations: expectations,
            interrupted: run.interrupted
        )
        report.violations = artifacts.run.invariants.filter { $0.verdict == .fail }
        report.misses = expectations.filter { $0.verdict != .pass && $0.level == .fail }
        report.reasons = run.validity.reasons
        return report
    }
}

extension FinishedRun {
    /// What tells runs in virtual time apart: the history's digest, or the schedule's where there is no history.
    var digest: String { historyDigest ?? virtual?.scheduleDigest ?? "" }
}
