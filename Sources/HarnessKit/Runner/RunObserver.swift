/// Hears the moments of a run as they come; every member has an empty default.
///
/// Members are called from several threads, one at a time for each run; they return quickly, because the load waits
/// for nobody.
public protocol RunObserver: Sendable {
    /// A suite of scenarios begins.
    func suiteStarted(scenarios: Int)
    /// A scenario begins, with this many runs over targets and repetitions.
    func scenarioStarted(_ scenario: Scenario, runs: Int)
    /// A run of one target begins.
    func runStarted(_ run: RunIdentity)
    /// A phase of a run begins.
    func phaseStarted(_ phase: String, of run: RunIdentity)
    /// Some time has passed.
    func progressed(_ progress: RunProgress)
    /// A run of one target has ended, shut down included.
    func runFinished(_ run: RunIdentity, result: TargetRun)
    /// One more rate has been tried for a target, of which there will be `count` at most.
    func trialEnded(_ trial: CapacitySearch.Trial, target: String, of count: Int)
    /// A target has been run under one more seed.
    func seedTried(_ report: SeedReport, number: Int, of count: Int)
    /// All runs of a scenario have ended and are judged.
    func scenarioFinished(_ result: RunResult)
    /// All scenarios of a suite have ended.
    func suiteFinished(_ results: [RunResult])
    /// Something is odd, in one sentence.
    func warned(_ message: String)
}

extension RunObserver {
    /// Does nothing.
    public func suiteStarted(scenarios: Int) {}
    /// Does nothing.
    public func scenarioStarted(_ scenario: Scenario, runs: Int) {}
    /// Does nothing.
    public func runStarted(_ run: RunIdentity) {}
    /// Does nothing.
    public func phaseStarted(_ phase: String, of run: RunIdentity) {}
    /// Does nothing.
    public func progressed(_ progress: RunProgress) {}
    /// Does nothing.
    public func runFinished(_ run: RunIdentity, result: TargetRun) {}
    /// Does nothing.
    public func trialEnded(_ trial: CapacitySearch.Trial, target: String, of count: Int) {}
    /// Does nothing.
    public func seedTried(_ report: SeedReport, number: Int, of count: Int) {}
    /// Does nothing.
    public func scenarioFinished(_ result: RunResult) {}
    /// Does nothing.
    public func suiteFinished(_ results: [RunResult]) {}
    /// Does nothing.
    public func warned(_ message: String) {}
}

/// An observer that hears nothing.
public struct SilentObserver: RunObserver {
    /// Creates an observer.
    public init() {}
}

/// Which run of which scenario.
public struct RunIdentity: Sendable, Hashable {
    /// The scenario's name.
    public var scenario: String
    /// The target's id in the scenario.
    public var target: String
    /// The repetition, from 0.
    public var repetition: Int
    /// How many repetitions there are.
    public var repetitions: Int
    /// The clock of the run.
    public var clock: RunClock
    /// The process of the run, from 0.
    public var process: Int

    /// Creates an identity.
    public init(
        scenario: String,
        target: String,
        repetition: Int,
        repetitions: Int,
        clock: RunClock = .real,
        process: Int = 0
    ) {
        self.scenario = scenario
        self.target = target
        self.repetition = repetition
        self.repetitions = repetitions
        self.clock = clock
        self.process = process
    }
}

/// How far a run is.
public struct RunProgress: Sendable, Equatable {
    /// The run.
    public var run: RunIdentity
    /// The phase that it is in; `draining` after the last one.
    public var phase: String
    /// Seconds since the run's start.
    public var elapsed: Double
    /// Seconds that the phases take at most.
    public var expected: Double
    /// The counts so far.
    public var tally: Tally

    /// Accepted operations that have not ended.
    public var inFlight: Int { max(0, tally.inFlight) }

    /// Creates a progress report.
    public init(run: RunIdentity, phase: String, elapsed: Double, expected: Double, tally: Tally) {
        self.run = run
        self.phase = phase
        self.elapsed = elapsed
        self.expected = expected
        self.tally = tally
    }
}
