import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct PairedSamplesTests {
    private static let rules = RegressionRules(
        exact: [],
        paired: [.init("throughput", 0.05), .init("cpu.perOperation", 0.03)],
        observe: []
    )

    private static func table(throughput: Double?, cost: Double? = 1e-6, completed: Double = 100) -> MetricTable {
        var table = MetricTable()
        table["completed"] = Metric(value: completed, unit: .count, n: 100)
        if let throughput { table["throughput"] = Metric(value: throughput, unit: .perSecond, n: 100) }
        if let cost { table["cpu.perOperation"] = Metric(value: cost, unit: .seconds, n: 100) }
        return table
    }

    /// Five processes of four pairs; `head` gives the new build's figures of a pair.
    private static func rows(head: (_ process: Int, _ pair: Int) -> MetricTable) -> [RegressionRow] {
        var samples = PairedSamples()
        for process in 0..<5 {
            samples.beginProcess()
            for pair in 0..<4 { samples.append(base: table(throughput: 1000), head: head(process, pair)) }
        }
        return samples.rows(rules: rules, scenario: "s", target: "t", confidence: 0.95, seed: 1)
    }

    @Test func aThroughputOfZeroInOnePairIsARegression() {
        let rows = Self.rows { process, pair in Self.table(throughput: process == 1 && pair == 2 ? 0 : 1000) }
        #expect(rows.map(\.verdict) == [.regressed, .same])
        #expect(rows.first?.detail?.contains("in 1 of 20 pairs") == true)
        #expect(rows.first?.pairs == 20)
    }

    @Test func aFigureThatIsMissingInSomePairsIsARegression() {
        let rows = Self.rows { _, pair in Self.table(throughput: 1000, cost: pair == 0 ? nil : 1e-6) }
        #expect(rows.map(\.verdict) == [.same, .regressed])
    }

    @Test func aBuildThatGetsNothingDoneIsWorseInEveryFigure() {
        let rows = Self.rows { _, _ in Self.table(throughput: 0, cost: nil, completed: 0) }
        #expect(rows.map(\.verdict) == [.regressed, .regressed])
    }

    @Test func aFigureThatTheBuildDoesNotKnowIsLeftOpen() {
        let rows = Self.rows { _, _ in Self.table(throughput: 1000, cost: nil) }
        #expect(rows.map(\.verdict) == [.same, .inconclusive])
        #expect(rows.last?.detail == "the head build does not measure it")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct DiscardedRunsTests {
    private static func row(base: Int, head: Int, both: Int = 0) -> RegressionRow? {
        var runs = DiscardedRuns()
        for _ in 0..<base { runs.count(base: ["late"], head: []) }
        for _ in 0..<head { runs.count(base: [], head: ["ended at its limit"]) }
        for _ in 0..<both { runs.count(base: ["late"], head: ["late"]) }
        return runs.row(of: GateMatchingTests.subject("s", "t"))
    }

    @Test func runsOfTheNewBuildAloneThatDoNotCountAreARegression() throws {
        let row = try #require(Self.row(base: 0, head: 8))
        #expect(row.isBlocking)
        #expect(row.quantity == RegressionRow.validity)
        #expect(row.detail?.contains("8 of 8 runs of the head build do not count") == true)
        #expect(row.detail?.hasSuffix("ended at its limit") == true)
    }

    @Test func aBusyMachineIsNoRegression() {
        #expect(Self.row(base: 6, head: 9) == nil)
        #expect(Self.row(base: 0, head: 3) == nil)
        #expect(Self.row(base: 0, head: 0, both: 40) == nil)
    }

    // At least 8 of 10 heads come in 56 of 1024 throws of ten coins.
    @Test func theChanceIsThatOfCoins() {
        var runs = DiscardedRuns()
        for _ in 0..<8 { runs.count(base: [], head: ["x"]) }
        for _ in 0..<2 { runs.count(base: ["x"], head: []) }
        #expect(abs(runs.chance - 56.0 / 1024) < 1e-12)
    }
}
