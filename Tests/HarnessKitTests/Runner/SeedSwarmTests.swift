import EphemeralTime
import HarnessKit
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SeedSwarmTests {
    /// Ten times two operations at once, for a target that means to run one at a time.
    static func pairs(seeds: Int) -> Scenario {
        var scenario = Scenario.open(target: HastyTarget.id, rate: 1, for: .seconds(1))
        scenario.load.bursts = (1...10).map { number in
            Burst(id: "pair-\(number)", at: .milliseconds(number * 90), count: 2, over: .zero)
        }
        scenario.work = Work(time: .constant(.milliseconds(5)), kind: .suspend)
        scenario.clocks = [.virtual]
        scenario.invariants = .listed([InvariantSpec(use: "concurrency-bound", options: .object(["max": .integer(1)]))])
        scenario.runs.virtualSeeds = seeds
        return scenario
    }

    @Test
    func seedsFindAScheduleThatBreaksAnInvariant() async throws {
        let result = try await Self.pairs(seeds: 12).virtualResult()
        let summary = try #require(result.seeds?.first)
        #expect(result.verdict == .fail)
        #expect(ExitStatus(result) == .invariantViolated)
        #expect(summary.tried == 12)
        #expect(summary.failed > 0)
        let report = try #require(summary.reports.first)
        let violation = try #require(report.violations.first)
        #expect(violation.detail.contains("2 attempts ran at once"))
        let example = try #require(violation.counterExample)
        #expect(example.events.contains { $0.event == "started" })
        #expect(Set(example.events.map(\.subject)).count == 2)
    }

    @Test
    func theSeedOfAReportGivesTheSameRunAgain() async throws {
        let result = try await Self.pairs(seeds: 12).virtualResult()
        let report = try #require(result.seeds?.first?.reports.first)
        var scenario = Self.pairs(seeds: 1)
        scenario.seed = report.seed
        let again = try await scenario.virtualResult()
        #expect(again.runs.first?.historyDigest == report.digest)
        #expect(again.runs.first?.invariants.first?.verdict == .fail)
    }

    @Test
    func everySeedHasItsOwnPlanAndHistory() async throws {
        var scenario = VirtualRunTests.minute(of: OrderlyTarget.id)
        scenario.runs.virtualSeeds = 5
        let result = try await scenario.virtualResult()
        let summary = try #require(result.seeds?.first)
        #expect(result.verdict == .pass, "\(summary.reports.flatMap(\.reasons))")
        #expect(summary.passed == 5)
        #expect(summary.histories == 5)
    }

    @Test
    func missedExpectationsFailASeed() async throws {
        var scenario = VirtualRunTests.short(OrderlyTarget.id)
        scenario.runs.virtualSeeds = 3
        scenario.expectations = [
            Expectation(text: "completed > 1000", metric: .named("completed"), condition: .compare(.greater, 1000))
        ]
        let result = try await scenario.virtualResult()
        #expect(result.seeds?.first?.failed == 3)
        #expect(result.seeds?.first?.reports.first?.misses.first?.that == "completed > 1000")
        #expect(ExitStatus(result) == .expectationFailed)
    }

    @Test
    func aHistoryThatDiffersInAnotherProcessIsNoticed() async throws {
        var scenario = VirtualRunTests.short(OrderlyTarget.id)
        scenario.runs.virtualSeeds = 2
        var runner = ScenarioRunner(registry: try .virtual)
        runner.swarm = ScriptedSwarm { seed in
            SeedReport(target: "target", seed: seed, digest: "other", steps: 1, seconds: 1, operations: 1)
        }
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        #expect(result.verdict == .invalid)
        #expect(result.notes.contains { $0.contains("differs from process to process") }, "\(result.notes)")
    }

    @Test
    func seedsThatWereNotTriedAreNoPass() async throws {
        var scenario = VirtualRunTests.short(OrderlyTarget.id)
        scenario.runs.virtualSeeds = 2
        var runner = ScenarioRunner(registry: try .virtual)
        runner.swarm = ScriptedSwarm { _ in nil }
        let result = await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
        #expect(result.verdict == .inconclusive)
        #expect(result.seeds?.first?.tried == 0)
    }

    @Test(arguments: [(200, 2), (7, 3), (1, 4), (2, 2)])
    func dealtSeedsAreAllSeedsOnce(count: Int, players: Int) {
        let range = SeedRange(first: .max - 3, count: count)
        let dealt = range.dealt(to: players)
        #expect(dealt.count == min(count, players))
        #expect(Set(dealt.flatMap(\.seeds)) == Set(range.seeds))
        #expect(dealt.reduce(0) { $0 + $1.count } == count)
    }
}

/// Makes up what came of seeds.
private struct ScriptedSwarm: SeedSwarm {
    let report: @Sendable (UInt64) -> SeedReport?

    func run(
        _ scenario: Scenario,
        seeds: SeedRange,
        interruption: Interruption,
        deliver: @escaping @Sendable (SeedReport) -> Void
    ) async -> SeedSwarmOutcome {
        for seed in seeds.seeds {
            if let report = report(seed) { deliver(report) }
        }
        return SeedSwarmOutcome(processes: 1)
    }
}
