import EphemeralTime
import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SearchRunTests {
    /// A search over work of eight milliseconds that never waits: a rate breaks where the bound says so, or never.
    private static func search(
        target: String = OrderlyTarget.id,
        clocks: [RunClock] = [.virtual],
        expecting condition: HarnessKit.Expectation.Condition = .compare(.less, 0.02)
    ) -> Scenario {
        var scenario = Scenario.open(target: target, rate: 1600, for: .seconds(1))
        scenario.load.model = .open(arrivals: .poisson)
        scenario.load.search = RateSearch(from: 100, to: 1600)
        scenario.clocks = clocks
        scenario.work = Work(time: .constant(.milliseconds(8)), kind: .suspend)
        scenario.expectations = [
            HarnessKit.Expectation(text: "response.p50 < 20ms", metric: .named("response.p50"), condition: condition)
        ]
        return scenario
    }

    /// A search whose rates break from the one on at which more than so many operations come in the second of a trial.
    private static func bounded(by operations: Double) -> Scenario {
        var scenario = search()
        scenario.expectations = [
            HarnessKit.Expectation(
                text: "offered <= \(Int(operations))",
                metric: .named("offered"),
                condition: .compare(.lessOrEqual, operations)
            )
        ]
        return scenario
    }

    private static func capacity(_ comparator: HarnessKit.Expectation.Comparator, _ limit: Double)
        -> HarnessKit.Expectation
    {
        HarnessKit.Expectation(
            text: "throughput.capacity \(comparator.rawValue) \(Int(limit))/s",
            metric: .named(MetricCatalogue.capacity),
            condition: .compare(comparator, limit)
        )
    }

    @Test func theRateAtWhichTheExpectationBreaksIsFoundWithItsInterval() async throws {
        let result = try await Self.bounded(by: 700).virtualResult()
        let search = try #require(result.searches?.first)
        #expect(search.outcome == .found)
        #expect(search.completed == 3)
        let rate = try #require(search.rate)
        let interval = try #require(search.interval)
        #expect((600...750).contains(rate))
        #expect(interval.low <= rate && rate < interval.high)
        #expect(search.conditions == ["offered <= 700"])
        let run = try #require(result.runs.first)
        #expect(run.total[MetricCatalogue.capacity] == Metric(value: rate, unit: .perSecond, n: 3))
        #expect(run.total["offered"].map { $0.value <= 700 } == true)
        #expect(result.targets.first?.intervals?[MetricCatalogue.capacity] == interval)
        #expect(result.verdict == .pass)
    }

    @Test func repetitionsHaveSeedsOfTheirOwnAndTrialsOfOneShareIt() async throws {
        let search = try #require(try await Self.bounded(by: 700).virtualResult().searches?.first)
        for trial in search.trials { #expect(trial.seed == 1 + UInt64(trial.repetition)) }
        #expect(Set(search.trials.map(\.repetition)) == [0, 1, 2])
        #expect(search.trials.map(\.number) == Array(1...search.trials.count))
    }

    @Test func equalSearchesHaveEqualTrialsAndDigests() async throws {
        let first = try await Self.bounded(by: 700).virtualResult()
        let second = try await Self.bounded(by: 700).virtualResult()
        #expect(first.searches == second.searches)
        #expect(first.runs.first?.historyDigest == second.runs.first?.historyDigest)
        #expect(first.runs.first?.historyDigest != nil)
        var other = Self.bounded(by: 700)
        other.seed = 99
        #expect(try await other.virtualResult().runs.first?.historyDigest != first.runs.first?.historyDigest)
    }

    @Test func thePlanDigestIsOfTheSearchAndNotOfTheRateThatWasFound() async throws {
        let low = try await Self.bounded(by: 300).virtualResult()
        let high = try await Self.bounded(by: 700).virtualResult()
        #expect(low.searches?.first?.rate != high.searches?.first?.rate)
        #expect(low.runs.first?.planDigest == high.runs.first?.planDigest)
    }

    @Test func aRangeThatHoldsThroughoutGivesALowerBound() async throws {
        var scenario = Self.search()
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 1000))
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 5000))
        let result = try await scenario.virtualResult()
        #expect(result.searches?.first?.outcome == .atLeast)
        #expect(result.searches?.first?.rate == 1600)
        #expect(result.expectations.map(\.verdict) == [.pass, .pass, .inconclusive])
        #expect(result.expectations.last?.detail == "at least this: no rate that was tried broke")
    }

    @Test func aRangeThatNowhereHoldsFails() async throws {
        var scenario = Self.search(expecting: .compare(.less, 0.001))
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 1000))
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 50))
        let result = try await scenario.virtualResult()
        let search = try #require(result.searches?.first)
        #expect(search.outcome == .below)
        #expect(search.rate == nil)
        #expect(search.trials.allSatisfy { $0.rate == 100 && !$0.holds })
        #expect(search.trials.first?.broken.first == "response.p50 < 20ms: measured 8 ms")
        #expect(result.runs.first?.total[MetricCatalogue.capacity] == nil)
        #expect(result.expectations.map(\.verdict) == [.fail, .fail, .inconclusive])
        #expect(result.verdict == .fail)
    }

    @Test func everyTargetIsSearchedUnderTheSameSeeds() async throws {
        var scenario = Self.bounded(by: 700)
        scenario.targets.append(TargetSpec(id: "second", use: OrderlyTarget.id))
        let searches = try #require(try await scenario.virtualResult().searches)
        #expect(searches.map(\.target) == ["target", "second"])
        #expect(searches[0].trials.map(\.planDigest) == searches[1].trials.map(\.planDigest))
    }

    @Test func aTargetThatDiffersFromRunToRunEndsTheSearch() async throws {
        var scenario = Self.search(target: FickleTarget.id)
        scenario.runs.verifyDeterminism = true
        let result = try await scenario.virtualResult()
        #expect(result.verdict == .invalid)
        #expect(result.searches?.first?.endedEarly?.contains("a second run with the seed") == true)
    }

    @Test func determinismIsVerifiedTrialByTrial() async throws {
        var scenario = Self.bounded(by: 700)
        scenario.runs.verifyDeterminism = true
        let result = try await scenario.virtualResult()
        #expect(result.verdict == .pass)
        #expect(result.runs.first?.virtual?.isRepeatable == true)
        let plain = try await Self.bounded(by: 700).virtualResult()
        #expect(result.searches == plain.searches)
    }

    @Test func furtherSeedsAreNotTriedAndThatIsSaid() async throws {
        var scenario = Self.bounded(by: 700)
        scenario.runs.virtualSeeds = 20
        let result = try await scenario.virtualResult()
        #expect(result.seeds == nil)
        #expect(result.notes.contains { $0.hasPrefix("no further seeds were tried") })
    }

    @Test func aTargetThatCannotBeMadeMakesTheSearchInvalid() async throws {
        var scenario = Self.search(target: ImpossibleTarget.id)
        scenario.clocks = [.real]
        let runner = ScenarioRunner(registry: try .fakes)
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        #expect(result.verdict == .invalid)
        #expect(result.searches?.first?.outcome == .unknown)
    }

    @Test func anInterruptionKeepsWhatIsKnown() async throws {
        let scenario = Self.bounded(by: 700)
        var runner = ScenarioRunner(registry: try .virtual)
        runner.observer = EndingObserver(interruption: runner.interruption, trials: 6)
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        let search = try #require(result.searches?.first)
        #expect(result.interrupted)
        #expect(search.trials.count == 6)
        #expect(search.endedEarly == "it was interrupted")
        #expect(search.rate != nil)
        #expect(result.verdict == .inconclusive)
        #expect(ExitStatus(result) == .interrupted)
    }

    @Test func aRateThatIsNotSettledIsOnlyALowerBoundToAnExpectation() async throws {
        var scenario = Self.bounded(by: 700)
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 600))
        scenario.expectations.append(Self.capacity(.greaterOrEqual, 300))
        var runner = ScenarioRunner(registry: try .virtual)
        runner.observer = EndingObserver(interruption: runner.interruption, trials: 4)
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        let search = try #require(result.searches?.first)
        #expect(search.rate == 400)
        #expect(search.interval == ConfidenceInterval(low: 400, high: 800))
        #expect(result.expectations.map(\.verdict) == [.pass, .inconclusive, .pass])
    }

    @Test func aSpentBudgetEndsTheSearchOnTheRealClock() async throws {
        var scenario = Self.search(target: EagerTarget.id, clocks: [.real])
        scenario.load.phases[0].end = .after(.milliseconds(300))
        scenario.load.search?.budget = .nanoseconds(1)
        let runner = ScenarioRunner(registry: try .fakes)
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        let search = try #require(result.searches?.first)
        #expect(search.trials.count == 1)
        #expect(search.endedEarly == "the budget of 1ns was spent")
        #expect(result.notes.contains { $0.contains("the search ended after 1 trial:") })
    }

    @Test func virtualTimeHasNoBudget() async throws {
        var scenario = Self.bounded(by: 700)
        scenario.load.search?.budget = .nanoseconds(1)
        let result = try await scenario.virtualResult()
        #expect(result.searches?.first?.endedEarly == nil)
        #expect(result.searches?.first?.completed == 3)
    }

    @Test func aGateRunsSearchesInVirtualTimeAlone() async throws {
        let scenario = Self.bounded(by: 700)
        let runner = ScenarioRunner(registry: try .virtual)
        let plan = try Plan(scenario)
        let run = await runner.singleRun(of: scenario, plan: plan, target: 0, clock: .virtual)
        #expect(run.total[MetricCatalogue.capacity] != nil)
        var both = scenario
        both.clocks = [.virtual, .real]
        let subjects = await runner.gateSubjects(of: both, plan: plan)
        #expect(subjects.map(\.clocks) == [[.virtual]])
        #expect(subjects[0].rules.paired.isEmpty)
        #expect(subjects[0].rules.exact.contains(MetricCatalogue.capacity))
    }

    @Test func anImprovedCapacityIsNoRegressionByTheStandardRules() async throws {
        let (slow, fast) = (Self.bounded(by: 300), Self.bounded(by: 700))
        let rows = try await Self.rows(base: slow, head: fast)
        #expect(rows.count { $0.verdict == .improved } == 1)
        #expect(!rows.contains { $0.verdict == .regressed })
        let reverse = try await Self.rows(base: fast, head: slow)
        #expect(reverse.filter { $0.verdict == .regressed }.map(\.quantity) == [MetricCatalogue.capacity])
    }

    @Test func aCapacityThatFellBelowTheRangeIsARegression() async throws {
        let head = Self.search(expecting: .compare(.less, 0.001))
        let rows = try await Self.rows(base: Self.bounded(by: 700), head: head)
        #expect(rows.filter(\.isBlocking).map(\.quantity) == [MetricCatalogue.capacity])
    }

    /// What a gate makes of one run of each scenario.
    private static func rows(base: Scenario, head: Scenario) async throws -> [RegressionRow] {
        let runner = ScenarioRunner(registry: try .virtual)
        func record(_ scenario: Scenario) async throws -> ExactRecord {
            ExactRecord(await runner.singleRun(of: scenario, plan: try Plan(scenario), target: 0, clock: .virtual))
        }
        return ExactComparison(scenario: "s", target: "t")
            .rows(base.regressionRules.exact, base: try await record(base), head: try await record(head))
    }

    @Test func ratesThatCannotBeDecidedAreNotSaidToBreak() async throws {
        var scenario = Self.search()
        // A second of 100/s has too few operations for a p99, and a second of 1600/s enough.
        scenario.expectations = [
            HarnessKit.Expectation(
                text: "response.p99 < 20ms",
                metric: .named("response.p99"),
                condition: .compare(.less, 0.02)
            ), Self.capacity(.greaterOrEqual, 50),
        ]
        let result = try await scenario.virtualResult()
        let search = try #require(result.searches?.first)
        #expect(search.outcome == .unknown)
        #expect(search.trials.map(\.rate) == [100, 100, 100])
        #expect(search.trials.allSatisfy { $0.isUndecided && !$0.holds })
        let note = try #require(search.notes.first)
        #expect(note.hasPrefix("there was too little to decide by, which ended 3 of 3 repetitions"))
        #expect(result.expectations.map(\.verdict) == [.inconclusive, .inconclusive])
        let detail = try #require(result.expectations.last?.detail)
        #expect(detail.hasPrefix("the search found no rate: at 100/s response.p99 < 20ms"))
        #expect(result.verdict == .inconclusive)
    }
}

/// Interrupts a search after so many trials.
private struct EndingObserver: RunObserver {
    let interruption: Interruption
    let trials: Int

    func trialEnded(_ trial: CapacitySearch.Trial, target: String, of count: Int) {
        if trial.number == trials { interruption.fire() }
    }
}
