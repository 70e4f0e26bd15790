import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct AnalyticNotesTests {
    /// Capacity 8 / 8 ms = 1 000/s under a base load of 300/s with two bursts.
    private static func backpressure() -> Scenario {
        var scenario = PlanFixture.open(
            [
                Phase(name: "warm", end: .after(.seconds(1)), rate: .constant(300), measure: false),
                Phase(name: "main", end: .after(.seconds(17)), rate: .constant(300)),
                Phase(name: "drain", end: .empty(limit: .seconds(5)), measure: false),
            ],
            bursts: [
                Burst(id: "spike", at: .seconds(4), count: 1500, over: .milliseconds(250)),
                Burst(id: "ripple", at: .seconds(12), count: 100, over: .seconds(1)),
            ]
        )
        scenario.targets = [TargetSpec(id: "bp", use: "x", options: .object(["maxConcurrency": .integer(8)]))]
        scenario.work = Work(time: .constant(.milliseconds(8)), kind: .suspend)
        scenario.load.keys = .zipf(count: 64, exponent: 1.1)
        return scenario
    }

    @Test(arguments: [
        "expected operations: 7000 (5400 by phases, 1600 by bursts), 6700 of them measured",
        "target 'bp': capacity 8 / 8 ms = 1000/s",
        "target 'bp': phase 'main' offers 300/s on average, 30 % of the capacity",
        "target 'bp': burst 'spike' takes about 2.14 s to clear, at 700/s above the 300/s of its phase",
        "target 'bp': burst 'ripple' stays below the capacity",
        "zipf(64, 1.1) gives the hottest key 25 % of the operations",
    ])
    func closedFormsOfTheLoadAreNoted(note: String) {
        #expect(AnalyticNotes.notes(for: Self.backpressure()).contains(note))
    }

    @Test func anOverloadedPhaseGrowsItsQueue() {
        var scenario = Self.backpressure()
        scenario.work.time = .constant(.milliseconds(40))
        let notes = AnalyticNotes.notes(for: scenario)
        #expect(
            notes.contains(
                "target 'bp': phase 'main' offers 300/s on average, 150 % of the capacity: the queue grows by 100/s"
            )
        )
        #expect(notes.contains("target 'bp': burst 'spike' never clears: the phase alone exceeds the capacity"))
    }

    @Test func theHottestKeyMayBeTooHot() {
        var scenario = Self.backpressure()
        scenario.targets[0].options = .object(["maxConcurrency": .integer(8), "maxConcurrencyPerKey": .integer(1)])
        scenario.load.phases[1].rate = .constant(600)
        let notes = AnalyticNotes.notes(for: scenario)
        #expect(notes.contains { $0.hasSuffix("its hottest key is 120 % busy and its queue grows") })
    }

    /// The first example of the harness' documentation: success 0.99 × (1 - 0.2⁴) = 98.84 % over 4 000 operations.
    private static func retry(limit: Double) -> Scenario {
        var scenario = PlanFixture.open([Phase(name: "hold", end: .after(.seconds(10)), rate: .constant(400))])
        scenario.targets = [TargetSpec(id: "retry", use: "x")]
        scenario.targets[0].maxAttempts = 4
        scenario.faults = [
            FaultRule(id: "transient", scope: .attempt, rate: 0.2, effect: .error("transient")),
            FaultRule(id: "permanent", scope: .operation, rate: 0.01, effect: .error("permanent")),
        ]
        scenario.expectations = [
            HarnessKit.Expectation(
                text: "success.ratio >= limit",
                metric: .named("success.ratio"),
                condition: .compare(.greaterOrEqual, limit)
            )
        ]
        return scenario
    }

    @Test func theExpectedSuccessIsNotedWithItsStandardError() {
        #expect(
            AnalyticNotes.notes(for: Self.retry(limit: 0.98)).contains(
                "target 'retry': phase 'hold' is expected to succeed in 98.84 %, standard error 0.17 points over "
                    + "4000 operations, with up to 4 attempts each"
            )
        )
    }

    @Test(arguments: [(0.98, nil), (0.986, "1.4 standard errors"), (0.995, "will be missed")] as [(Double, String?)])
    func expectationsThatChanceDecidesAreWarnedOf(limit: Double, words: String?) {
        let warnings = AnalyticNotes.notes(for: Self.retry(limit: limit)).filter { $0.hasPrefix("warning: ") }
        #expect(warnings.count == (words == nil ? 0 : 1))
        if let words { #expect(warnings.first?.contains(words) == true) }
    }

    @Test func aRuleForHalfAPhaseFailsHalfOfIt() {
        var scenario = PlanFixture.open(rate: 100, seconds: 10)
        scenario.faults = [
            FaultRule(
                id: "f",
                scope: .attempt,
                rate: 1,
                active: .between(.seconds(5), .seconds(20)),
                effect: .error("e")
            )
        ]
        let notes = AnalyticNotes.notes(for: scenario)
        #expect(notes.contains { $0.contains("phase 'main' is expected to succeed in 50 %, standard error 0 points") })
    }

    @Test func closedLoadHasACapacityAlone() {
        var scenario = PlanFixture.closed([Phase(name: "main", end: .after(.seconds(1)))])
        scenario.targets = [TargetSpec(id: "a", use: "x", options: .object(["maxConcurrency": .integer(4)]))]
        scenario.work = Work(time: .exponential(mean: .milliseconds(2)), kind: .suspend)
        #expect(AnalyticNotes.notes(for: scenario) == ["target 'a': capacity 4 / 2 ms = 2000/s"])
    }

    @Test func aLoadThatCannotBePlannedHasNoNotes() {
        let phase = Phase(name: "main", end: .after(.seconds(1)), rate: .constant(-1))
        #expect(AnalyticNotes.notes(for: PlanFixture.open([phase])).isEmpty)
    }
}
