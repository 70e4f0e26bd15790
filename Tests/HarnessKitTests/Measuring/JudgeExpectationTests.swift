import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct JudgeExpectationTests {
    private func judge(
        _ expectation: HarnessKit.Expectation,
        targets: [String] = ["a"],
        runs: [TargetRun],
        history: History? = nil,
        change: (inout Scenario) -> Void = { _ in }
    ) throws -> [ExpectationResult] {
        var scenario = JudgeFixture.scenario(targets: targets, expectations: [expectation])
        change(&scenario)
        let artifacts = try runs.map { try JudgeFixture.artifacts($0, scenario: scenario, history: history) }
        return Judge.expectations(scenario: scenario, artifacts: artifacts)
    }

    private static let fast = JudgeFixture.expect(
        "response.p99 < 400ms",
        .named("response.p99"),
        .compare(.less, 0.4)
    )

    @Test func theMedianOverTheRunsCounts() throws {
        let runs = [0.1, 0.3, 0.9].map { JudgeFixture.run([("response.p99", $0, .seconds)]) }
        let result = try #require(try judge(Self.fast, runs: runs).first)
        #expect(result.verdict == .pass)
        #expect(result.measured == Metric(value: 0.3, unit: .seconds, n: 3000))
        #expect(abs(try #require(result.margin) - 0.25) < 1e-12)
    }

    @Test func countsMustHoldInEveryRun() throws {
        let lost = JudgeFixture.expect("lost == 0", .named("lost"), .compare(.equal, 0))
        let runs = [0, 1, 0].map { JudgeFixture.run([("lost", $0, .count)]) }
        let result = try #require(try judge(lost, runs: runs).first)
        #expect(result.verdict == .fail)
        #expect(result.measured?.value == 1)
        #expect(result.detail == "missed in 1 of 3 runs")
    }

    @Test func aMetricWithoutSamplesIsInconclusive() throws {
        let runs = [JudgeFixture.run([("response.count", 40, .count)])]
        let result = try #require(try judge(Self.fast, runs: runs).first)
        #expect(result.verdict == .inconclusive)
        #expect(result.measured == nil)
        #expect(result.detail == "40 samples; the p99 needs 1000")
    }

    @Test func aRunWithoutAValueLeavesAPassOpen() throws {
        let runs = [JudgeFixture.run([("response.p99", 0.1, .seconds)]), JudgeFixture.run([])]
        let result = try #require(try judge(Self.fast, runs: runs).first)
        #expect(result.verdict == .inconclusive)
        #expect(result.detail == "1 of 2 runs without a value: nothing was measured")
    }

    @Test func globsChooseTheTargets() throws {
        var expectation = Self.fast
        expectation.target = "peer-*"
        let runs = ["a", "peer-x", "peer-y"].map { JudgeFixture.run([("response.p99", 0.1, .seconds)], of: $0) }
        let results = try judge(expectation, targets: ["a", "peer-x", "peer-y"], runs: runs)
        #expect(results.map(\.target) == ["peer-x", "peer-y"])
    }

    @Test func aTargetThatWasNotRunIsInconclusive() throws {
        let result = try #require(try judge(Self.fast, runs: []).first)
        #expect(result.verdict == .inconclusive)
        #expect(result.detail == "the target was not run")
    }

    @Test func versusComparesWithTheBestOther() throws {
        var expectation = JudgeFixture.expect("throughput >= 6x", .named("throughput"), .compare(.greaterOrEqual, 6))
        expectation.target = "a"
        expectation.versus = "peer-*"
        let runs = [("a", 900), ("peer-x", 100), ("peer-y", 200), ("other", 5000)].map {
            JudgeFixture.run([("throughput", $0.1, .perSecond)], of: $0.0)
        }
        let targets = ["a", "peer-x", "peer-y", "other"]
        let result = try #require(try judge(expectation, targets: targets, runs: runs).first)
        #expect(result.measured?.value == 4.5)
        #expect(result.verdict == .fail)
        #expect(result.detail == "against 'peer-y', the best of 2 other targets")
        #expect(result.scope == "versus peer-*")
    }

    @Test func versusTakesTheLowestWhereLessIsBetter() throws {
        var expectation = JudgeFixture.expect("response.p99 <= 1x", .named("response.p99"), .compare(.lessOrEqual, 1))
        expectation.target = "a"
        expectation.versus = "*"
        let runs = [("a", 0.2), ("b", 0.1), ("c", 0.4)].map {
            JudgeFixture.run([("response.p99", $0.1, .seconds)], of: $0.0)
        }
        let result = try #require(try judge(expectation, targets: ["a", "b", "c"], runs: runs).first)
        #expect(result.measured?.value == 2)
        #expect(result.verdict == .fail)
    }

    @Test func versusWithoutOthersIsInconclusive() throws {
        var expectation = Self.fast
        expectation.versus = "peer-*"
        let runs = [JudgeFixture.run([("response.p99", 0.1, .seconds)])]
        #expect(try judge(expectation, runs: runs).map(\.verdict) == [.inconclusive])
    }

    @Test func aPhasesOwnFiguresCount() throws {
        var expectation = Self.fast
        expectation.phase = "main"
        var run = JudgeFixture.run([("response.p99", 9, .seconds)])
        var table = MetricTable()
        table["response.p99"] = Metric(value: 0.1, unit: .seconds, n: 1000)
        run.phases = [PhaseResult(name: "main", measured: true, start: 0, seconds: 1, metrics: table)]
        #expect(try judge(expectation, runs: [run]).map(\.verdict) == [.pass])
        expectation.phase = "other"
        #expect(try judge(expectation, runs: [run]).map(\.verdict) == [.inconclusive])
    }

    @Test func aWindowIsReadFromTheHistory() throws {
        var expectation = JudgeFixture.expect("offered == 2", .named("offered"), .compare(.equal, 2))
        expectation.window = .milliseconds(100)...(.milliseconds(300))
        let history = HistoryScript.make {
            for operation in 0..<10 as Range<Int32> {
                let due = Double(operation) * 100 + 50
                $0.run(operation, submitted: due, started: due, completed: due + 1)
            }
        }
        let run = JudgeFixture.run([])
        #expect(try judge(expectation, runs: [run], history: history).map(\.verdict) == [.pass])
        let blind = try #require(try judge(expectation, runs: [run]).first)
        #expect(blind.verdict == .inconclusive)
        #expect(blind.scope == "window 100ms...300ms")
    }

    @Test func signalsAreCountedByGlob() throws {
        let history = HistoryScript.make {
            $0.signal("backpressure.a", at: 10)
            $0.signal("backpressure.a", .signalRetracted, at: 20)
            $0.signal("backpressure.b", at: 30)
            $0.signal("other", at: 40)
        }
        let expectation = JudgeFixture.expect(
            "signals[backpressure.*].count == 2",
            .signalCount(pattern: "backpressure.*"),
            .compare(.equal, 2)
        )
        let results = try judge(expectation, runs: [JudgeFixture.run([])], history: history)
        #expect(results.map(\.verdict) == [.pass])
        #expect(results.first?.measured?.value == 2)
    }

    @Test(
        arguments: [
            (HarnessKit.Expectation.Condition.compare(.less, 2), 1.0, true, 0.5), (.compare(.less, 2), 2, false, 0),
            (.compare(.lessOrEqual, 2), 2, true, 0), (.compare(.greater, 2), 3, true, 0.5),
            (.compare(.greaterOrEqual, 2), 1, false, -0.5), (.compare(.equal, 2), 2, true, 0),
            (.compare(.notEqual, 2), 3, true, 0.5), (.within(2...4), 3.5, true, 0.125),
            (.within(2...4), 1, false, -0.5),
            (.compare(.equal, 0), 1, false, nil),
        ] as [(HarnessKit.Expectation.Condition, Double, Bool, Double?)]
    )
    func conditionsHoldAndHaveMargins(
        condition: HarnessKit.Expectation.Condition,
        value: Double,
        holds: Bool,
        margin: Double?
    ) {
        #expect(condition.holds(for: value) == holds)
        #expect(condition.margin(of: value) == margin)
    }
}
