/// What a build says when it is started for a comparison.
public struct GateHello: Codable, Sendable {
    /// The version of the messages; both builds must speak the same.
    public static let version = 1

    /// The version that the build speaks.
    public var version: Int
    /// The build's machine, compiler and allocator.
    public var environment: EnvironmentInfo
    /// What it can run.
    public var subjects: [GateSubject]
    /// Files that it cannot read, with the first problem of each.
    public var problems: [String]

    /// Creates a greeting.
    public init(environment: EnvironmentInfo, subjects: [GateSubject], problems: [String]) {
        version = Self.version
        self.environment = environment
        self.subjects = subjects
        self.problems = problems
    }
}

/// One target of one scenario that two builds run.
public struct GateSubject: Codable, Sendable, Equatable {
    /// The scenario's name.
    public var scenario: String
    /// The target's id in it.
    public var target: String
    /// The digest of the plan.
    public var planDigest: String
    /// The clocks on which it runs.
    public var clocks: [RunClock]
    /// The scenario's seed.
    public var seed: UInt64
    /// What may not get worse.
    public var rules: RegressionRules
    /// How long a run on the real clock takes, or a trial of a search, in seconds; `nil` where the build does not tell.
    public var plannedSeconds: Double?

    /// Creates a subject.
    public init(
        scenario: String,
        target: String,
        planDigest: String,
        clocks: [RunClock],
        seed: UInt64,
        rules: RegressionRules
    ) {
        self.scenario = scenario
        self.target = target
        self.planDigest = planDigest
        self.clocks = clocks
        self.seed = seed
        self.rules = rules
    }

    /// The subject in words.
    public var name: String { "\(scenario), target '\(target)'" }
}

/// What a build is asked to run.
public struct GateRequest: Codable, Sendable {
    /// The number of the subject in its greeting.
    public var subject: Int
    /// The clock.
    public var clock: RunClock
    /// Whether a search shall answer every trial with a ``GateTrial``, as builds can that know of it; `nil` is no.
    public var tellsTrials: Bool?

    /// Creates a request.
    public init(subject: Int, clock: RunClock, tellsTrials: Bool? = nil) {
        self.subject = subject
        self.clock = clock
        self.tellsTrials = tellsTrials
    }
}

/// What a build says after each trial of a search: it is at work, and the run is still to come.
public struct GateTrial: Codable, Sendable, Equatable {
    /// The trial's number, from 1.
    public var trial: Int

    /// Creates a sign of life.
    public init(trial: Int) {
        self.trial = trial
    }
}

extension ScenarioRunner {
    /// Runs one target of a scenario once on one clock.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    ///   - target: The number of the target.
    ///   - clock: The clock.
    /// - Returns: The run with its invariants judged.
    @concurrent
    public func singleRun(of scenario: Scenario, plan: Plan, target: Int, clock: RunClock) async -> TargetRun {
        let turn = RunOrder.Turn(target: target, repetition: 0, clock: clock)
        if let search = scenario.load.search {
            return await capacity(turn, of: scenario, plan: plan, search).judged.run
        }
        return await run(turn, of: scenario, plan: plan).artifacts(scenario: scenario, registry: registry).run
    }

    /// The subjects of a scenario, one for each target.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - plan: Its plan.
    /// - Returns: The targets with the clocks that they can run on.
    public func gateSubjects(of scenario: Scenario, plan: Plan) async -> [GateSubject] {
        let skipped = await skippedRuns(of: scenario)
        return scenario.targets.map { target in
            var subject = GateSubject(
                scenario: scenario.name,
                target: target.id,
                planDigest: plan.digest,
                // A search makes many runs: there are no pairs of it.
                clocks: scenario.clocks.filter { clock in
                    (scenario.load.search == nil || clock == .virtual)
                        && !skipped.contains { $0.target == target.id && $0.clock == clock }
                },
                seed: scenario.seed,
                rules: scenario.regressionRules
            )
            subject.plannedSeconds = Double(plan.phases.last?.latestEnd ?? 0) / 1e9
            return subject
        }
    }
}
