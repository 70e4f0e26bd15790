import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SearchTrialTests {
    /// A trial of a run whose response times missed their limit.
    private static func trial(
        missing: Bool = true,
        unanswerable: Int = 0,
        change: (inout TargetRun) -> Void = { _ in }
    ) -> CapacitySearch.Trial {
        var run = JudgeFixture.run([("offered", 2000, .count)])
        change(&run)
        var result = ExpectationResult(that: "response.p99 < 20ms", target: "a", level: .fail, verdict: .fail)
        result.measured = Metric(value: 0.09, unit: .seconds, n: 2000)
        if unanswerable > 0 {
            result.verdict = .inconclusive
            result.measured = nil
            result.detail = "40 samples; the p99 needs 1000"
        }
        var trial = CapacitySearch.Trial(number: 1, repetition: 0, seed: 1, rate: 100, planDigest: "")
        trial.judge(run, missing ? [result] : [], unanswerable: unanswerable)
        return trial
    }

    private static func makeLate(_ run: inout TargetRun) {
        run.validity.verdict = .invalid
        run.validity.reasons = ["the load generator was late"]
    }

    @Test func aTargetThatMissesIsBroken() {
        let trial = Self.trial()
        #expect(trial.answer == .broken)
        #expect(trial.broken == ["response.p99 < 20ms: measured 90 ms"])
    }

    @Test func aLateGeneratorIsToBlameForWhatTheTargetMissed() {
        let trial = Self.trial(change: Self.makeLate)
        #expect(trial.answer == .spoiled)
        #expect(trial.broken == ["the load generator was late", "response.p99 < 20ms: measured 90 ms"])
    }

    @Test func aLateGeneratorIsNoExcuseForAViolation() {
        let trial = Self.trial { run in
            Self.makeLate(&run)
            run.invariants = [InvariantResult(use: "conservation", options: [:], verdict: .fail, detail: "#7 was lost")]
        }
        #expect(trial.answer == .broken)
        #expect(trial.broken.first == "conservation is violated: #7 was lost")
    }

    @Test func aTargetThatDidNotDrainHasItselfToBlame() {
        let trial = Self.trial { run in
            Self.makeLate(&run)
            run.validity.blamesTarget = true
        }
        #expect(trial.answer == .broken)
    }

    @Test func tooFewSamplesDecideNothing() {
        let trial = Self.trial(unanswerable: 1)
        #expect(trial.answer == .undecided)
        #expect(trial.broken == ["response.p99 < 20ms: 40 samples; the p99 needs 1000"])
    }

    @Test func aTargetThatBreaksBesideWhatHasTooFewSamplesIsBroken() {
        let trial = Self.trial(unanswerable: 1) { run in
            run.phases = [PhaseResult(name: "main", measured: true, start: 0, seconds: 1, metrics: MetricTable())]
            run.phases[0].isUnstable = true
        }
        #expect(trial.answer == .broken)
    }

    @Test func whereNothingWasOfferedNothingTellsAgainstTheTarget() {
        let trial = Self.trial(missing: false) { $0.total["offered"] = nil }
        #expect(trial.answer == .spoiled)
        #expect(trial.broken == ["nothing was offered"])
    }

    @Test(arguments: [(40.0, true), (999, true), (1000, false), (5000, false)])
    func aPercentileLacksOccasionWhereTooLittleWasOffered(offered: Double, lacks: Bool) throws {
        let expectation = JudgeFixture.expect("response.p99 < 1s", .named("response.p99"), .compare(.less, 1))
        let run = JudgeFixture.run([("offered", offered, .count), ("response.count", 3, .count)])
        let scenario = JudgeFixture.scenario(expectations: [expectation])
        var reader = ExpectationReader(try JudgeFixture.artifacts(run, scenario: scenario))
        let reading = reader.read(expectation)
        #expect(reading.missing == "3 samples; the p99 needs 1000")
        #expect(reading.lacksOccasion == lacks)
    }
}
