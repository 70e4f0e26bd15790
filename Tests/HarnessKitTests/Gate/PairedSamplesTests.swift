import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct PairedSamplesTests {
    private static let rules = RegressionRules(
        exact: [],
        paired: [.init("throughput", 0.05), .init("cpu.perOperation", 0.03)],
        observe: [.init("response.p99", 0.25)]
    )

    private static func table(
        throughput: Double? = 1000,
        cost: Double? = 1e-6,
        completed: Double = 100,
        p99: Double? = 0.01
    ) -> MetricTable {
        var table = MetricTable()
        table["completed"] = Metric(value: completed, unit: .count, n: 100)
        if let throughput { table["throughput"] = Metric(value: throughput, unit: .perSecond, n: 100) }
        if let cost { table["cpu.perOperation"] = Metric(value: cost, unit: .seconds, n: 100) }
        if let p99 { table["response.p99"] = Metric(value: p99, unit: .seconds, n: 1000) }
        return table
    }

    /// Five processes of four pairs; `base` and `head` give the figures of a pair.
    private static func rows(
        base: (_ process: Int, _ pair: Int) -> MetricTable = { _, _ in table() },
        head: (_ process: Int, _ pair: Int) -> MetricTable
    ) -> [RegressionRow] {
        var samples = PairedSamples()
        for process in 0..<5 {
            samples.beginProcess()
            for pair in 0..<4 { samples.append(base: base(process, pair), head: head(process, pair)) }
        }
        return samples.rows(rules: rules, scenario: "s", target: "t", confidence: 0.95, seed: 1)
    }

    @Test func aThroughputOfZeroInOnePairIsARegression() {
        let rows = Self.rows { process, pair in Self.table(throughput: process == 1 && pair == 2 ? 0 : 1000) }
        #expect(rows.map(\.verdict) == [.regressed, .same, .same])
        #expect(rows.first?.detail?.contains("in 1 of 20 pairs") == true)
        #expect(rows.first?.pairs == 20)
    }

    @Test func aFigureThatIsMissingInSomePairsIsARegression() {
        let rows = Self.rows { _, pair in Self.table(throughput: 1000, cost: pair == 0 ? nil : 1e-6) }
        #expect(rows.map(\.verdict) == [.same, .regressed, .same])
    }

    @Test func aPercentileThatARunIsTooShortForIsNoRegression() {
        let rows = Self.rows(
            base: { process, pair in Self.table(p99: process == 3 && pair == 0 ? nil : 0.01) },
            head: { process, pair in Self.table(p99: process == 1 && pair == 2 ? nil : 0.01) }
        )
        #expect(rows.map(\.verdict) == [.same, .same, .same])
        #expect(rows.last?.pairs == 18)
        let remark = "missing in 1 run of the head build alone and in 1 run of the base build alone"
        #expect(rows.last?.detail == remark)
    }

    @Test func aPercentileThatTheNewBuildLacksMoreOftenThanByChanceIsLeftOpen() {
        let rows = Self.rows { _, pair in Self.table(p99: pair == 0 ? nil : 0.01) }
        #expect(rows.map(\.verdict) == [.same, .same, .inconclusive])
        let remark = "in 0 runs of the base build alone, which is more than chance explains"
        #expect(rows.last?.detail?.hasSuffix(remark) == true)
    }

    @Test func aBuildThatGetsNothingDoneIsWorseInEveryFigure() {
        let rows = Self.rows { _, _ in Self.table(throughput: 0, cost: nil, completed: 0, p99: nil) }
        #expect(rows.map(\.verdict) == [.regressed, .regressed, .regressed])
    }

    @Test func aFigureThatTheBuildDoesNotKnowIsLeftOpen() {
        let rows = Self.rows { _, _ in Self.table(throughput: 1000, cost: nil) }
        #expect(rows.map(\.verdict) == [.same, .inconclusive, .same])
        #expect(rows[1].detail == "the head build does not measure it")
    }
}
