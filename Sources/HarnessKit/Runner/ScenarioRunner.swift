public import EphemeralTime

/// Runs a scenario: every target, repetition by repetition, each on a fresh instance, one after another.
///
/// ```swift
/// let runner = ScenarioRunner(registry: registry)
/// let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
/// ```
public struct ScenarioRunner: Sendable {
    /// Where targets come from.
    public var registry: PluginRegistry
    /// Who hears of progress.
    public var observer: any RunObserver = SilentObserver()
    /// How the user stops the runs.
    public var interruption = Interruption()
    /// How long targets are waited for and how much is kept.
    public var limits = RunLimits()
    /// The clock that bodies and limits use; the load itself is paced by the machine's clock.
    public var time: any TimeSource = .system
    /// The executor of submitters and targets; `nil` is the global pool.
    ///
    /// Runs in virtual time use neither this nor ``time``.
    public var executor: (any TaskExecutor)?
    /// Who tries further seeds in virtual time; this process when `nil`.
    public var swarm: (any SeedSwarm)?
    /// Who makes runs in processes of their own, where the scenario asks for them; this process when `nil`.
    public var isolation: (any RunIsolation)?
    /// When a run in virtual time is given up.
    public var virtualLimits = VirtualRunLimits()

    /// Creates a runner with default settings.
    ///
    /// - Parameter registry: Where targets come from.
    public init(registry: PluginRegistry) {
        self.registry = registry
    }

    /// Runs a scenario and leaves judging to the caller.
    ///
    /// A load that is a search is run once, at its highest rate: to look for a rate, trials must be judged.
    ///
    /// Never fails: a target that cannot be made, hangs or leaves yields an invalid run that says so.
    ///
    /// **Cancellation**: not heeded; fire ``interruption`` to stop, which still drains and accounts.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    /// - Returns: The runs in the order in which they were made; fewer than asked for when interrupted, and none of targets
    ///   on a clock that they cannot run on, or without what they require.
    @concurrent
    public func runs(of scenario: Scenario, plan: Plan) async -> [FinishedRun] {
        var finished: [FinishedRun] = []
        let skipped = await skippedRuns(of: scenario)
        for turn in turns(of: scenario, without: skipped) where !interruption.isFired {
            finished.append(await run(turn, of: scenario, plan: plan))
        }
        return finished
    }

    /// The runs to be made.
    func turns(of scenario: Scenario, without skipped: [SkippedRun]) -> [RunOrder.Turn] {
        let turns = RunOrder.turns(
            targets: scenario.targets.count,
            clocks: scenario.clocks,
            settings: scenario.runs,
            seed: scenario.seed,
            doubled: scenario.targets.firstIndex { $0.id == scenario.noiseTarget?.id }
        )
        return turns.filter { turn in
            !skipped.contains { $0.clock == turn.clock && $0.target == scenario.targets[turn.target].id }
        }
    }

    func run(_ turn: RunOrder.Turn, of scenario: Scenario, plan: Plan) async -> FinishedRun {
        let spec = scenario.targets[turn.target]
        let identity = identity(of: turn, in: scenario)
        guard let plugin = registry.target(spec.use) else {
            return FinishedRun(
                target: spec,
                capabilities: TargetCapabilities(),
                identity: identity,
                plan: plan,
                objection: "no target plugin is registered as '\(spec.use)'"
            )
        }
        let runner = TargetRunner(
            plan: plan,
            spec: spec,
            plugin: plugin,
            registry: registry,
            identity: identity,
            observer: observer,
            interruption: interruption,
            limits: limits,
            machine: .machine(time: time, executor: executor),
            virtualLimits: virtualLimits,
            wantsSamples: wantsSamples(scenario, plugin)
        )
        return await runner.run()
    }

    func identity(of turn: RunOrder.Turn, in scenario: Scenario) -> RunIdentity {
        RunIdentity(
            scenario: scenario.name,
            target: scenario.targets[turn.target].id,
            repetition: turn.repetition,
            repetitions: turn.clock == .real ? scenario.repetitions(of: scenario.targets[turn.target]) : 1,
            clock: turn.clock,
            process: turn.process
        )
    }

    private func wantsSamples(_ scenario: Scenario, _ plugin: any Target.Type) -> Bool {
        let specs =
            switch scenario.invariants {
            case .all: plugin.capabilities.invariants
            case .listed(let specs): specs
            }
        return specs.contains { registry.invariant($0.use)?.needsSamples == true }
    }
}
