import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RunProcessTests {
    @Test func everyProcessOfATargetRunsAllItsRepetitions() {
        var settings = RunSettings()
        settings.processes = 3
        settings.repetitions = 2
        let turns = RunOrder.turns(targets: 2, settings: settings, seed: 1)
        #expect(turns.count == 12)
        #expect(Set(turns).count == 12)
        #expect(turns.map(\.process) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
        for target in 0..<2 {
            #expect(turns.filter { $0.target == target }.map(\.repetition) == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test func fixedInterleavingKeepsTheOrderOfTheScenario() {
        var settings = RunSettings()
        settings.repetitions = 3
        settings.order = .interleaved
        let turns = RunOrder.turns(targets: 3, settings: settings, seed: 1)
        #expect(turns.map(\.target) == [0, 1, 2, 0, 1, 2, 0, 1, 2])
    }

    @Test func aSpentBudgetLetsTheRoundEndAndNoOtherBegin() {
        var settings = RunSettings()
        settings.repetitions = 3
        settings.budget = .seconds(10)
        var budget = RoundBudget(settings)
        func admits(_ repetition: Int, _ seconds: Int, clock: RunClock = .real) -> Bool {
            let turn = RunOrder.Turn(target: 0, repetition: repetition, clock: clock)
            return budget.admits(turn, after: .seconds(seconds))
        }
        #expect(admits(0, 0))
        #expect(admits(0, 99))
        #expect(!admits(1, 10))
        #expect(!admits(2, 11))
        #expect(admits(0, 12, clock: .virtual))
        #expect(budget.remark == "the budget of 10s ended the runs after 1 of 3 rounds")
    }

    @Test func runsOfOtherProcessesAreJudgedLikeOnesOfThisProcess() async throws {
        var scenario = Self.scenario(processes: 3)
        scenario.expectations = [
            Expectation(text: "completed == 20", metric: .named("completed"), condition: .compare(.equal, 20))
        ]
        let isolation = ScriptedIsolation(scenario: scenario)
        let result = try await Self.result(of: scenario, isolation: isolation)
        #expect(result.verdict == .pass, "\(result.runs.flatMap(\.validity.reasons))")
        #expect(result.runs.map(\.process) == [0, 1, 2])
        #expect(result.expectations.map(\.verdict) == [.pass])
        let summary = try #require(result.targets.first)
        #expect(summary.repetitions == 3)
        #expect(summary.intervals?["throughput"] != nil)
        #expect(summary.merged?["response.count"]?.value == 60)
    }

    @Test func aProcessThatDiesMakesItsRunInvalid() async throws {
        let scenario = Self.scenario(processes: 2)
        let isolation = ScriptedIsolation(scenario: scenario, failing: [1])
        let result = try await Self.result(of: scenario, isolation: isolation)
        #expect(result.verdict == .invalid)
        #expect(result.runs.map(\.validity.verdict) == [.pass, .invalid])
        #expect(result.runs.last?.validity.reasons == ["the process was killed"])
    }

    @Test func withoutAnExecutableOneProcessMakesAllRunsAndSaysSo() async throws {
        let result = try await Self.result(of: Self.scenario(processes: 2), isolation: nil)
        #expect(result.runs.count == 2)
        #expect(result.notes.contains { $0.contains("one process") })
    }

    static func scenario(processes: Int) -> Scenario {
        var scenario = Scenario.closed(target: InlineTarget.id, producers: 1, awaiting: .finished, operations: 20)
        scenario.runs.processes = processes
        return scenario
    }

    static func result(of scenario: Scenario, isolation: (any RunIsolation)?) async throws -> RunResult {
        var runner = ScenarioRunner(registry: try PluginRegistry(targets: [InlineTarget.self]))
        runner.isolation = isolation
        return await runner.result(of: scenario, plan: try Plan(scenario), source: ScenarioSource(digest: ""))
    }
}

/// Makes runs in this process, as if it were another one.
private struct ScriptedIsolation: RunIsolation {
    let scenario: Scenario
    var failing: Set<Int> = []

    func run(
        target: String,
        process: Int,
        interruption: Interruption,
        deliver: @escaping @Sendable (_ run: JudgedRun) -> Void
    ) async -> String? {
        guard !failing.contains(process) else { return "the process was killed" }
        do {
            let runner = ScenarioRunner(registry: try PluginRegistry(targets: [InlineTarget.self]))
            await runner.runProcess(of: scenario, plan: try Plan(scenario), target: 0, process: process) { run in
                deliver(run)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }
}
