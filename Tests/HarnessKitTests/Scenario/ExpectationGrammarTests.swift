import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ExpectationGrammarTests {
    @Test(arguments: [
        (
            "response.p99 < 400ms", MetricPath.named("response.p99"),
            HarnessKit.Expectation.Condition.compare(.less, 0.4)
        ),
        ("response.p99.9<=1s", .named("response.p99.9"), .compare(.lessOrEqual, 1)),
        ("success.ratio >= 98%", .named("success.ratio"), .compare(.greaterOrEqual, 0.98)),
        ("attempts.perOperation.mean in 1.20...1.29", .named("attempts.perOperation.mean"), .within(1.2...1.29)),
        ("throughput > 60/m", .named("throughput"), .compare(.greater, 1)),
        ("unfinished == 0", .named("unfinished"), .compare(.equal, 0)),
        ("refused != 3", .named("refused"), .compare(.notEqual, 3)),
        ("rss.peak < 64MiB", .named("rss.peak"), .compare(.less, 67_108_864)),
        ("lateness.count > 5", .named("lateness.count"), .compare(.greater, 5)),
        ("signals[backpressure.*].count == 1", .signalCount(pattern: "backpressure.*"), .compare(.equal, 1)),
        ("signals[a [b]].count in 1...2", .signalCount(pattern: "a [b]"), .within(1...2)),
        ("time.until(start) < 5ms", .timeUntilStart(statistic: "max"), .compare(.less, 0.005)),
        ("time.until( start ).p99 < 5ms", .timeUntilStart(statistic: "p99"), .compare(.less, 0.005)),
        ("time.until(depth <= 8) < 3s", .timeUntilDepth(atMost: 8), .compare(.less, 3)),
        ("response.p50 in 1ms...2s", .named("response.p50"), .within(0.001...2)),
    ])
    func conditionsAreReadInBaseUnits(_ text: String, metric: MetricPath, condition: HarnessKit.Expectation.Condition)
        throws
    {
        #expect(try ExpectationGrammar(isRelative: false).parse(text) == .init(metric: metric, condition: condition))
    }

    @Test func relativeConditionsTakeRatios() throws {
        let parsed = try ExpectationGrammar(isRelative: true).parse("throughput >= 6x")
        #expect(parsed == .init(metric: .named("throughput"), condition: .compare(.greaterOrEqual, 6)))
    }

    @Test(arguments: [
        ("", false, "names no metric"),
        ("response < 1s", false, "\"response\" is a distribution"),
        ("respons.p99 < 1s", false, "did you mean \"response.p99\"?"),
        ("response.p99 1s", false, "lacks an operator"),
        ("response.p99 <", false, "lacks its value"),
        ("response.p99 < 400", false, "has no unit; write \"400ms\""),
        ("response.p99 < 400/s", false, "is not a duration"),
        ("success.ratio >= 0.98", false, "has no unit; write \"0.98%\""),
        ("unfinished == 0s", false, "is not a plain number"),
        ("unfinished == nan", false, "is not a plain number"),
        ("response.p50 in 2s...1s", false, "upside down"),
        ("throughput >= 6", true, "written as \"6x\""),
        ("throughput >= 6x", false, "is not a rate"),
        ("signals[].count == 1", false, "signals[<name or glob>].count"),
        ("signals[a] == 1", false, "signals[<name or glob>].count"),
        ("time.until(start < 5ms", false, "not closed"),
        ("time.until(stop) < 5ms", false, "is unknown"),
        ("time.until(depth < 8) < 5ms", false, "needs a bound"),
        ("time.until(start).p98 < 5ms", false, "has no statistic \"p98\""),
    ])
    func whatIsNoConditionIsSaidToBeNone(_ text: String, isRelative: Bool, words: String) {
        do throws(ExpectationGrammar.Mistake) {
            let parsed = try ExpectationGrammar(isRelative: isRelative).parse(text)
            Issue.record("\(text) was read as \(parsed)")
        } catch {
            #expect(error.message.contains(words), "\(error.message)")
        }
    }
}
