import EphemeralTime
import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct VirtualRunTests {
    /// A minute of 50 operations per second that suspend for a while, a tenth of which fail.
    static func minute(of target: String, seed: UInt64 = 1) -> Scenario {
        var scenario = Scenario.open(target: target, rate: 50, for: .seconds(60))
        scenario.seed = seed
        scenario.load.model = .open(arrivals: .poisson)
        scenario.work = Work(time: .uniform(min: .milliseconds(1), max: .milliseconds(90)), kind: .suspend)
        scenario.faults = [
            FaultRule(id: "fault", scope: .attempt, rate: 0.1, active: .always, effect: .error("transient"))
        ]
        scenario.clocks = [.virtual]
        return scenario
    }

    /// Ten operations, one per second: enough for the fourth to do something wrong.
    static func short(_ target: String) -> Scenario {
        var scenario = Scenario.open(target: target, rate: 1, for: .seconds(10))
        scenario.clocks = [.virtual]
        return scenario
    }

    @Test(arguments: RecordingLevel.allCases)
    func aMinutePassesAtOnceAndNothingIsLost(level: RecordingLevel) async throws {
        var scenario = Self.minute(of: OrderlyTarget.id)
        scenario.record = level
        let plan = try Plan(scenario)
        let run = try await scenario.runVirtuallyOnce()
        #expect(run.validity.verdict == .pass, "\(run.validity.reasons)")
        #expect(run.identity.clock == .virtual)
        #expect(run.tally.offered == plan.intendedStarts.count)
        #expect(run.tally.completed + run.tally.failed == plan.intendedStarts.count)
        #expect(run.spans.first?.end == 60_000_000_000)
        #expect((run.virtual?.seconds ?? 0) > 60)
    }

    @Test
    func arrivalsAreHandedOverWhenTheyAreDue() async throws {
        let run = try await Self.minute(of: OrderlyTarget.id).runVirtuallyOnce()
        #expect(run.total["lateness.max"]?.value == 0)
    }

    @Test
    func theSameSeedGivesTheSameHistory() async throws {
        let first = try await Self.minute(of: OrderlyTarget.id).runVirtuallyOnce()
        let second = try await Self.minute(of: OrderlyTarget.id).runVirtuallyOnce()
        #expect(first.historyDigest != nil)
        #expect(first.historyDigest == second.historyDigest)
        #expect(first.history == second.history)
        #expect(first.virtual == second.virtual)
    }

    @Test
    func anotherSeedGivesAnotherHistory() async throws {
        let first = try await Self.minute(of: OrderlyTarget.id).runVirtuallyOnce()
        let second = try await Self.minute(of: OrderlyTarget.id, seed: 2).runVirtuallyOnce()
        #expect(first.historyDigest != second.historyDigest)
    }

    @Test
    func computingTakesVirtualTimeAndNoCPU() async throws {
        var scenario = Self.short(OrderlyTarget.id)
        scenario.work = Work(time: .constant(.milliseconds(700)), kind: .cpu)
        let run = try await scenario.runVirtuallyOnce()
        #expect(run.total["service.mean"]?.value == 0.7)
    }

    @Test
    func theTimelineSetsTheWorkTimeAndSetsItBack() async throws {
        var scenario = Self.short(OrderlyTarget.id)
        scenario.work = Work(time: .constant(.milliseconds(100)), kind: .suspend)
        let slower = TimelineEvent.Action.setWorkTime(.constant(.milliseconds(300)))
        var event = TimelineEvent(id: "slow", at: .milliseconds(4900), action: slower)
        event.duration = .seconds(2)
        scenario.timeline = [event]
        let run = try await scenario.runVirtuallyOnce()
        // Two of ten begin meanwhile.
        #expect(abs((run.total["service.mean"]?.value ?? 0) - 0.14) < 1e-9)
        #expect(run.total["service.max"]?.value == 0.3)
        #expect(run.events.map(\.kind) == ["set"])
        #expect(run.events.first?.end == 6.9)
    }

    @Test(arguments: [Work.Kind.suspend, .cpu])
    func aStallKeepsRunningBodiesFromGoingOn(kind: Work.Kind) async throws {
        var scenario = Self.short(OrderlyTarget.id)
        scenario.work = Work(time: .constant(.milliseconds(100)), kind: kind)
        var event = TimelineEvent(id: "stall", at: .milliseconds(4550), action: .stall)
        event.duration = .milliseconds(500)
        scenario.timeline = [event]
        let run = try await scenario.runVirtuallyOnce()
        #expect(run.total["service.max"]?.value == 0.6, "the operation that began at 4.5 s")
        #expect(abs((run.total["service.mean"]?.value ?? 0) - 0.15) < 1e-9)
    }

    @Test
    func workWithoutATimeIsStalledToo() async throws {
        var scenario = Self.short(OrderlyTarget.id)
        var event = TimelineEvent(id: "stall", at: .milliseconds(4400), action: .stall)
        event.duration = .milliseconds(500)
        scenario.timeline = [event]
        let run = try await scenario.runVirtuallyOnce()
        #expect(run.total["service.max"]?.value == 0.4)
    }

    @Test
    func closedLoadRunsInVirtualTime() async throws {
        var scenario = Scenario.closed(target: OrderlyTarget.id, producers: 3, awaiting: .finished, operations: 90)
        scenario.work = Work(time: .constant(.milliseconds(100)), kind: .suspend)
        scenario.clocks = [.virtual]
        let run = try await scenario.runVirtuallyOnce()
        #expect(run.validity.verdict == .pass, "\(run.validity.reasons)")
        #expect(run.highestConcurrency == 3)
        #expect(run.total["completed"]?.value == 90)
        #expect(run.total["throughput"]?.value == 30)
    }

    @Test
    func stepsAreCountedAndTimesOfTheMachineAreNot() async throws {
        let run = try await Self.minute(of: OrderlyTarget.id).runVirtuallyOnce()
        #expect((run.total["hops.perOperation"]?.value ?? 0) > 1)
        for metric in ["cpu.perOperation", "contextSwitches.perOperation", "rss.peak"] {
            #expect(run.total[metric] == nil)
        }
    }

    @Test
    func aTaskThatIsStartedOutsideIsNamed() async throws {
        let reasons = try await Self.short(EscapingTarget.id).reasons()
        #expect(
            reasons.contains { $0.contains("handed to the global pool") && $0.contains("task 'operation'") },
            "\(reasons)"
        )
    }

    @Test
    func aRealSleepIsNamed() async throws {
        // Long, because a busy pool is slow to end a sleep.
        let reasons = try await Self.short(SleepyTarget.id).reasons { $0.idleTimeout = .seconds(30) }
        #expect(reasons.contains { $0.contains("escaped") && $0.contains("made ready from outside") }, "\(reasons)")
    }

    @Test
    func aBlockedThreadIsNoticed() async throws {
        let reasons = try await Self.short(BlockingTarget.id).reasons()
        #expect(reasons.contains { $0.contains("the thread of virtual time was blocked for") }, "\(reasons)")
    }

    @Test
    func howLongAThreadMayBeBlockedIsALimit() async throws {
        var runner = ScenarioRunner(registry: try .virtual)
        runner.limits.blocking = .seconds(600)
        let scenario = Self.short(BlockingTarget.id)
        let run = try #require(await runner.runs(of: scenario, plan: try Plan(scenario)).first)
        #expect(!run.validity.reasons.contains { $0.contains("was blocked for") }, "\(run.validity.reasons)")
    }

    @Test
    func aStepThatKeepsItsThreadEndsTheRun() async throws {
        let reasons = try await Self.short(StuckTarget.id).reasons { $0.stepTimeout = .milliseconds(100) }
        #expect(reasons.contains { $0.contains("stepBlocked") }, "\(reasons)")
    }

    @Test
    func aTargetThatCannotRunVirtuallyIsNotRunAndSaysWhy() async throws {
        var scenario = Self.short(MachineBoundTarget.id)
        scenario.targets.append(TargetSpec(id: "other", use: OrderlyTarget.id))
        let result = try await scenario.virtualResult()
        #expect(result.runs.map(\.target) == ["other"])
        #expect(result.notRun?.map(\.reason) == ["it has threads of its own"])
        #expect(result.notes.contains { $0.contains("target was not run on the virtual clock") })
    }

    @Test
    func aTargetThatIsRunNowhereIsNoPass() async throws {
        let result = try await Self.short(MachineBoundTarget.id).virtualResult()
        #expect(result.verdict == .inconclusive)
    }

    @Test
    func verifyingDeterminismAcceptsARepeatableRun() async throws {
        var scenario = Self.minute(of: OrderlyTarget.id)
        scenario.runs.verifyDeterminism = true
        let result = try await scenario.virtualResult()
        #expect(result.verdict == .pass)
        #expect(result.runs.first?.virtual?.isRepeatable == true)
    }

    @Test
    func verifyingDeterminismNamesTheFirstDifference() async throws {
        var scenario = Self.short(FickleTarget.id)
        scenario.runs.verifyDeterminism = true
        let result = try await scenario.virtualResult()
        #expect(result.verdict == .invalid)
        #expect(result.runs.first?.virtual?.isRepeatable == false)
        let reasons = result.runs.flatMap(\.validity.reasons)
        #expect(reasons.contains { $0.contains("differed: event ") && $0.contains("started of #3") }, "\(reasons)")
    }

    @Test
    func everyTargetIsRunOnEachClock() async throws {
        var scenario = Scenario.open(target: OrderlyTarget.id, rate: 100, for: .milliseconds(50))
        scenario.clocks = [.virtual, .real]
        let result = try await scenario.virtualResult()
        #expect(result.runs.map(\.clock) == ["virtual", "real"])
        #expect(result.runs.map { $0.historyDigest == nil } == [false, true])
        #expect(result.targets.map(\.clock) == [.virtual, .real])
    }

    /// That five operations were completed, on a clock.
    static func allCompleted(on clock: RunClock?) -> HarnessKit.Expectation {
        var expectation = HarnessKit.Expectation(
            text: "completed == 5",
            metric: .named("completed"),
            condition: .compare(.equal, 5)
        )
        expectation.clock = clock
        return expectation
    }

    @Test
    func expectationsAreJudgedOnEachClockThatTheTargetCanRunOn() async throws {
        var scenario = Scenario.open(target: MachineBoundTarget.id, rate: 100, for: .milliseconds(50))
        scenario.targets.append(TargetSpec(id: "other", use: OrderlyTarget.id))
        scenario.clocks = [.virtual, .real]
        scenario.expectations = [Self.allCompleted(on: nil)]
        let result = try await scenario.virtualResult()
        #expect(result.expectations.map(\.target) == ["other", "target", "other"])
        #expect(result.expectations.map(\.clock) == [.virtual, .real, .real])
        #expect(result.expectations.allSatisfy { $0.verdict == .pass })
    }

    @Test
    func anExpectationThatCanBeJudgedNowhereIsNoPass() async throws {
        var scenario = Scenario.open(target: MachineBoundTarget.id, rate: 100, for: .milliseconds(50))
        scenario.clocks = [.virtual, .real]
        scenario.expectations = [Self.allCompleted(on: .virtual)]
        let result = try await scenario.virtualResult()
        #expect(result.expectations.map(\.verdict) == [.inconclusive])
        #expect(result.expectations.first?.detail == "the target was not run: it has threads of its own")
        #expect(result.verdict == .inconclusive)
    }

    @Test
    func anInterruptedRunIsInconclusiveAndNotSpoilt() async throws {
        let scenario = Self.minute(of: OrderlyTarget.id)
        var runner = ScenarioRunner(registry: try .virtual)
        runner.observer = InterruptingObserver(interruption: runner.interruption)
        let run = try #require(await runner.runs(of: scenario, plan: try Plan(scenario)).first)
        #expect(run.interrupted)
        #expect(run.validity.verdict == .inconclusive, "\(run.validity.reasons)")
    }
}

extension PluginRegistry {
    /// Targets for runs in virtual time.
    static var virtual: PluginRegistry {
        get throws {
            try PluginRegistry(targets: [
                OrderlyTarget.self, EscapingTarget.self, SleepyTarget.self, BlockingTarget.self, StuckTarget.self,
                FickleTarget.self, MachineBoundTarget.self, HastyTarget.self,
            ])
        }
    }
}

extension Scenario {
    /// Runs the scenario's only target once in virtual time.
    func runVirtuallyOnce(limits: VirtualRunLimits = VirtualRunLimits()) async throws -> FinishedRun {
        var runner = ScenarioRunner(registry: try .virtual)
        runner.virtualLimits = limits
        let runs = await runner.runs(of: self, plan: try Plan(self))
        return try #require(runs.first, "the scenario has a target")
    }

    /// Why a run in virtual time does not count.
    fileprivate func reasons(_ change: (inout VirtualRunLimits) -> Void = { _ in }) async throws -> [String] {
        var limits = VirtualRunLimits()
        change(&limits)
        let run = try await runVirtuallyOnce(limits: limits)
        #expect(run.validity.verdict == .invalid)
        return run.validity.reasons
    }

    /// Runs and judges the scenario.
    func virtualResult() async throws -> RunResult {
        let runner = ScenarioRunner(registry: try .virtual)
        return await runner.result(of: self, plan: try Plan(self), source: ScenarioSource(digest: ""))
    }
}
