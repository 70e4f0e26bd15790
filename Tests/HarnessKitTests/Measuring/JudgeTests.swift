import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct JudgeTests {
    private enum Declared: Invariant {
        struct Options: Codable, Sendable { var limit: Int }
        static let id = "test.declared"
        static let summary = "Says which limits it was given."
        static func check(_ evidence: Evidence, options: Options) -> Finding {
            .pass("limit \(options.limit), highest limit \(evidence.highestLimit ?? -1)")
        }
    }

    private func invariants(
        _ selection: InvariantSelection,
        evidence: Evidence,
        change: (inout Scenario) -> Void = { _ in }
    ) throws -> [InvariantResult] {
        var scenario = JudgeFixture.scenario()
        scenario.invariants = selection
        change(&scenario)
        let registry = try PluginRegistry(targets: [], invariants: [Declared.self])
        return Judge.invariants(scenario: scenario, registry: registry, evidence: evidence)
    }

    @Test func allTakesWhatTheTargetDeclares() throws {
        var evidence = Evidence.of(History())
        evidence.capabilities.invariants = [
            InvariantSpec(use: "test.declared", options: .object(["limit": .integer(3)]))
        ]
        let results = try invariants(.all, evidence: evidence) {
            $0.timeline = [TimelineEvent(id: "grow", at: .seconds(1), action: .setMaxConcurrency(12))]
        }
        #expect(results.map(\.detail) == ["limit 3, highest limit 12"])
        #expect(results.map(\.verdict) == [.pass])
    }

    @Test(arguments: [
        (InvariantSpec(use: "test.absent"), "no invariant 'test.absent' is registered"),
        (InvariantSpec(use: "test.declared"), "the options cannot be used"),
        (InvariantSpec(use: "concurrency-bound", options: .object(["max": .integer(0)])), "the options cannot be used"),
    ])
    func whatCannotBeJudgedIsUnknownWithItsReason(spec: InvariantSpec, reason: String) throws {
        let result = try #require(try invariants(.listed([spec]), evidence: .of(History())).first)
        #expect(result.verdict == .unknown)
        #expect(result.detail.hasPrefix(reason))
    }

    @Test func anInvariantThatNeedsAHistorySaysSo() throws {
        let spec = InvariantSpec(use: "starts-in-order")
        let result = try #require(try invariants(.listed([spec]), evidence: .of(nil)) { $0.record = .counts }.first)
        #expect(result.verdict == .unknown)
        #expect(result.detail == "needs the history; the scenario records \"counts\"")
    }

    @Test func everyBuiltInInvariantHasItsFixedName() throws {
        let ids = BuiltInInvariants.all.map { $0.id }
        let expected = [
            "conservation", "concurrency-bound", "concurrency-bound-per-key", "depth-bound", "fifo-per-key",
            "starts-in-order", "fifo-per-lane", "lane-priority", "result-exactly-once", "accounting-identity",
            "window-bound", "signal-delivery",
            "no-start-while-deferred", "attempts-at-most", "never-retried", "backoff-within",
            "no-slot-while-backing-off", "batch-bounds", "one-flush-at-a-time", "failover-only-when-unhealthy",
            "no-task-leak",
            "no-start-while-open", "refused-only-while-open", "signals-paired", "signal-sequence",
            "no-start-before-limit-ends", "limit-follows-signals", "relief-in-time", "no-read-during-update",
            "anomaly-as-counted", "window-filled", "further-calls",
        ]
        #expect(ids == expected)
    }

    @Test func summariesAreMediansWithTheirSpread() throws {
        let scenario = JudgeFixture.scenario(targets: ["a", "b"])
        let runs = [
            JudgeFixture.run([("throughput", 7, .perSecond)], of: "b"),
            JudgeFixture.run([("throughput", 30, .perSecond)], of: "a"),
            JudgeFixture.run([("throughput", 10, .perSecond), ("rss.peak", 5, .bytes)], of: "a"),
            JudgeFixture.run([("throughput", 20, .perSecond)], of: "a"),
        ]
        let summaries = Judge.summaries(scenario: scenario, runs: runs.map { JudgedRun(run: $0) })
        #expect(summaries.map(\.target) == ["a", "b"])
        #expect(summaries[0].repetitions == 3)
        #expect(summaries[0].total["throughput"] == Metric(value: 20, unit: .perSecond, n: 3000))
        #expect(summaries[0].total["rss.peak"]?.value == 5)
        #expect(summaries[0].spread == ["throughput": .init(min: 10, max: 30)])
        #expect(summaries[1].spread.isEmpty)
    }

    @Test func aComparisonDividesByTheBaseline() throws {
        var scenario = JudgeFixture.scenario(targets: ["a", "b"])
        var comparison = Comparison(baseline: "b")
        comparison.metrics = ["throughput", "rss.peak"]
        scenario.comparison = comparison
        let runs = [("a", 30), ("b", 10)].map { JudgeFixture.run([("throughput", $0.1, .perSecond)], of: $0.0) }
        let summaries = Judge.summaries(scenario: scenario, runs: runs.map { JudgedRun(run: $0) })
        let result = try #require(Judge.comparison(scenario: scenario, summaries: summaries))
        #expect(result.rows.map(\.metric) == ["throughput", "rss.peak"])
        #expect(result.rows[0].cells.map(\.ratio) == [3, 1])
        #expect(result.rows[1].cells.map(\.value) == [nil, nil])
        #expect(Judge.comparison(scenario: JudgeFixture.scenario(), summaries: summaries) == nil)
    }

    struct Case: Sendable {
        var invariant = InvariantVerdict.pass
        var expectation = Verdict.pass
        var level = HarnessKit.Expectation.Level.fail
        var validity = Verdict.pass
        var offered = 10.0
        var interrupted = false
        var verdict: Verdict
        var status: HarnessKit.ExitStatus
    }

    @Test(arguments: [
        Case(verdict: .pass, status: .pass),
        Case(invariant: .unknown, verdict: .pass, status: .pass),
        Case(invariant: .fail, verdict: .fail, status: .invariantViolated),
        Case(expectation: .fail, verdict: .fail, status: .expectationFailed),
        Case(invariant: .fail, expectation: .fail, verdict: .fail, status: .invariantViolated),
        Case(expectation: .fail, level: .warn, verdict: .pass, status: .pass),
        Case(expectation: .inconclusive, verdict: .inconclusive, status: .invalidOrInconclusive),
        Case(expectation: .inconclusive, level: .warn, verdict: .pass, status: .pass),
        Case(validity: .invalid, verdict: .invalid, status: .invalidOrInconclusive),
        Case(expectation: .inconclusive, validity: .invalid, verdict: .invalid, status: .invalidOrInconclusive),
        Case(expectation: .fail, validity: .invalid, verdict: .fail, status: .expectationFailed),
        Case(validity: .inconclusive, verdict: .inconclusive, status: .invalidOrInconclusive),
        Case(offered: 0, verdict: .inconclusive, status: .invalidOrInconclusive),
        Case(interrupted: true, verdict: .inconclusive, status: .interrupted),
    ])
    func theGravestFindingDecides(given: Case) {
        var run = JudgeFixture.run([("offered", given.offered, .count)])
        run.invariants = [
            InvariantResult(use: "conservation", options: .object([:]), verdict: given.invariant, detail: "")
        ]
        run.validity.verdict = given.validity
        let expectation = ExpectationResult(that: "x", target: "a", level: given.level, verdict: given.expectation)
        let verdict = Judge.verdict(runs: [run], expectations: [expectation], interrupted: given.interrupted)
        #expect(verdict == given.verdict)
        #expect(
            HarnessKit.ExitStatus(result(run, expectation, verdict: verdict, interrupted: given.interrupted))
                == given.status
        )
    }

    private func result(
        _ run: TargetRun,
        _ expectation: HarnessKit.ExpectationResult,
        verdict: Verdict,
        interrupted: Bool
    ) -> RunResult {
        let scenario = ScenarioInfo(name: "x", summary: "", digest: "", seed: 1, record: .history)
        let environment = EnvironmentInfo(
            cpu: "",
            cores: 1,
            memoryBytes: 1,
            kernel: "",
            swift: "",
            build: "debug",
            revision: nil,
            load: 0,
            allocator: "system",
            startedAt: "",
            seconds: 1,
            command: ""
        )
        var result = RunResult(
            scenario: scenario,
            environment: environment,
            verdict: verdict,
            runs: [run],
            targets: [],
            expectations: [expectation]
        )
        result.interrupted = interrupted
        return result
    }

    @Test func statusesOfASuiteCombineByTheirRank() {
        #expect(HarnessKit.ExitStatus.gravest(of: [.pass, .invalidOrInconclusive, .regression]) == .regression)
        #expect(HarnessKit.ExitStatus.gravest(of: [.expectationFailed, .invariantViolated]) == .invariantViolated)
        #expect(HarnessKit.ExitStatus.gravest(of: []) == .pass)
        #expect(HarnessKit.ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 130])
    }
}
