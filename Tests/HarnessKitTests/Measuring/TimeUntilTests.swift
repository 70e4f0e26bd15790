import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct TimeUntilTests {
    /// Operations 0 to 3 arrive from 100 ms on; nothing starts before 300 ms, then one every 50 ms.
    private static let history = HistoryScript.make {
        for operation in 0..<4 as Range<Int32> {
            let start = 300 + Double(operation) * 50
            $0.run(operation, submitted: 100 + Double(operation), started: start, completed: start + 10)
        }
    }

    private func judge(
        _ metric: MetricPath,
        _ condition: HarnessKit.Expectation.Condition,
        after: String?,
        timeline: [TimelineEvent] = [],
        bursts: [Burst] = [],
        marks: [EventMark] = []
    ) throws -> ExpectationResult {
        var expectation = JudgeFixture.expect("time", metric, condition)
        expectation.after = after
        var scenario = JudgeFixture.scenario(expectations: [expectation])
        scenario.timeline = timeline
        scenario.load.bursts = bursts
        var run = JudgeFixture.run([])
        run.events = marks
        let artifacts = try JudgeFixture.artifacts(run, scenario: scenario, history: Self.history)
        return try #require(Judge.expectations(scenario: scenario, artifacts: [artifacts]).first)
    }

    private static func signal(at: Int, for duration: Int? = nil) -> TimelineEvent {
        var event = TimelineEvent(id: "deferred", at: .milliseconds(at), action: .raise("backpressure.x"))
        event.duration = duration.map { .milliseconds($0) }
        return event
    }

    @Test func theFirstStartAfterAnEventCounts() throws {
        let result = try judge(
            .timeUntilStart(statistic: "max"),
            .compare(.less, 0.02),
            after: "deferred.end",
            timeline: [Self.signal(at: 110, for: 180)]
        )
        #expect(result.measured == Metric(value: 0.01, unit: .seconds, n: 1))
        #expect(result.verdict == .pass)
        #expect(result.scope == "after deferred.end")
    }

    @Test func theRunnersMarksCountBeforeThePlannedTimes() throws {
        let result = try judge(
            .timeUntilStart(statistic: "max"),
            .compare(.less, 0.02),
            after: "deferred.end",
            timeline: [Self.signal(at: 110, for: 180)],
            marks: [EventMark(id: "deferred", kind: "signal", label: "backpressure.x", at: 0.111, end: 0.295)]
        )
        #expect(result.measured?.value == 0.005)
    }

    @Test(arguments: [("p50", 0.04), ("max", 0.18)])
    func theStatisticIsOverAllOccurrences(statistic: String, value: Double) throws {
        var event = TimelineEvent(id: "probe", at: .milliseconds(120), action: .mark("probe"))
        event.every = .milliseconds(70)
        event.times = 4
        let result = try judge(
            .timeUntilStart(statistic: statistic),
            .compare(.less, 1),
            after: "probe",
            timeline: [event]
        )
        #expect(result.measured == Metric(value: value, unit: .seconds, n: 4))
    }

    @Test(arguments: [(0.1, .fail), (2.0, .inconclusive)] as [(Double, Verdict)])
    func whatNeverComesIsALowerBound(limit: Double, verdict: Verdict) throws {
        let result = try judge(
            .timeUntilStart(statistic: "max"),
            .compare(.less, limit),
            after: "deferred",
            timeline: [Self.signal(at: 600)]
        )
        #expect(result.verdict == verdict)
        #expect(result.measured?.value == 0.4)
        #expect(result.detail == "at least this: it had not happened when the run ended")
    }

    @Test func theDepthAfterABurstIsTimedFromItsBeginning() throws {
        let burst = Burst(id: "spike", at: .milliseconds(100), count: 4, over: .milliseconds(10))
        let result = try judge(.timeUntilDepth(atMost: 2), .compare(.less, 0.3), after: "spike", bursts: [burst])
        #expect(result.measured?.value == 0.25)
        #expect(result.verdict == .pass)
    }

    @Test(arguments: [(4, 0), (3, 0.05), (0, 0.2)] as [(Int, Double)])
    func theDepthIsWaitedForFromTheEventOn(depth: Int, seconds: Double) throws {
        let result = try judge(
            .timeUntilDepth(atMost: depth),
            .compare(.less, 1),
            after: "deferred",
            timeline: [Self.signal(at: 250)]
        )
        #expect(result.measured?.value == seconds)
    }

    @Test(arguments: [nil, "unknown"])
    func anEventThatDidNotHappenIsInconclusive(after: String?) throws {
        let result = try judge(.timeUntilStart(statistic: "max"), .compare(.less, 1), after: after)
        #expect(result.verdict == .inconclusive)
    }
}
