import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct GateReportTests {
    static func row(
        _ verdict: RegressionRow.Verdict,
        tier: RegressionRow.Tier = .statistical,
        quantity: String = "cpu.perOperation",
        probability: Double? = nil
    ) -> RegressionRow {
        var row = RegressionRow(scenario: "s", target: "t", tier: tier, quantity: quantity, verdict: verdict)
        row.probability = probability
        return row
    }

    private static func status(_ rows: RegressionRow...) -> HarnessKit.ExitStatus {
        let side = GateReport.Side(executable: "x", build: "y")
        let environment = MachineReading().environment(command: "")
        return GateReport(base: side, head: side, rows: rows, environment: environment, notes: []).status
    }

    @Test func theGravestRowDecides() {
        #expect(Self.status(Self.row(.same), Self.row(.improved)) == .pass)
        #expect(Self.status(Self.row(.same), Self.row(.inconclusive)) == .invalidOrInconclusive)
        #expect(Self.status(Self.row(.regressed), Self.row(.inconclusive)) == .regression)
        let violated = Self.row(.regressed, tier: .exact, quantity: RegressionRow.invariants)
        #expect(Self.status(violated, Self.row(.regressed)) == .invariantViolated)
    }

    @Test func whatIsOnlyObservedBlocksNothing() {
        #expect(Self.status(Self.row(.same), Self.row(.regressed, tier: .observational)) == .pass)
        #expect(Self.status(Self.row(.same), Self.row(.inconclusive, tier: .observational)) == .pass)
    }

    @Test func nothingMeasuredIsNoPass() {
        #expect(Self.status(Self.row(.unmeasured)) == .invalidOrInconclusive)
        #expect(Self.status() == .invalidOrInconclusive)
    }

    @Test func oneOfManyRowsMustStandOutMore() {
        let alone = [Self.row(.regressed, probability: 0.04)].controlled()
        #expect(alone.map(\.verdict) == [.regressed])
        let many = ([Self.row(.regressed, probability: 0.04)] + (0..<9).map { _ in Self.row(.same, probability: 0.9) })
            .controlled()
        #expect(many.first?.verdict == .inconclusive)
        #expect(many.first?.probability.map { abs($0 - 0.4) < 1e-12 } == true)
    }

    @Test func theAverageIsTheGeometricMeanOfTheRatios() {
        var rows = [Self.row(.same), Self.row(.same)]
        rows[0].ratio = 2
        rows[1].ratio = 0.5
        #expect(rows.geometricMeans == [RegressionMean(quantity: "cpu.perOperation", ratio: 1, rows: 2)])
        #expect([rows[0]].geometricMeans == [])
    }

    @Test func manyLooksMustEachBeSurer() {
        let schedule = GateSchedule(pairs: 10, processes: 12, budget: nil)
        #expect(schedule.looks == [5, 8, 12])
        #expect(abs(schedule.confidence - (1 - 0.05 / 3)) < 1e-12)
        #expect(GateSchedule(pairs: 10, processes: 2, budget: nil).looks == [2])
        #expect(GateSchedule(pairs: 10, processes: 6, budget: nil).looks == [5, 6])
    }

    @Test func theOrderOfPairsIsRandomAndFollowsTheSeed() {
        let order = GateOrder(seed: 5)
        let coins = (0..<1000).map { order.isHeadFirst(round: 0, subject: 0, pair: $0) }
        #expect((440...560).contains(coins.count { $0 }))
        #expect(coins == (0..<1000).map { GateOrder(seed: 5).isHeadFirst(round: 0, subject: 0, pair: $0) })
        #expect(Set(order.shuffled([1, 2, 3, 4], round: 0)) == [1, 2, 3, 4])
        #expect(Set((0..<20).map { order.shuffled([1, 2, 3, 4], round: $0) }).count > 5)
    }

    @Test func observedFiguresGetAMarginFromTheNoise() throws {
        var samples = PairedSamples()
        for process in 0..<4 {
            samples.beginProcess()
            for pair in 0..<8 {
                var table = MetricTable()
                // Values from 1 to 2: nothing changes, and everything scatters.
                let value = 1 + Double((process * 8 + pair) * 7 % 32) / 32
                table["response.p50"] = Metric(value: value, unit: .seconds, n: 100)
                samples.append(base: table, head: table)
            }
        }
        let rules = RegressionRules(exact: [], paired: [], observe: [.init("response.p50", 0.01)])
        let rows = samples.rows(rules: rules, scenario: "s", target: "t", confidence: 0.95, seed: 1)
        let row = try #require(rows.first)
        #expect(try #require(row.margin) > 0.1)
        #expect(row.verdict == .same)
        #expect(row.pairs == 32)
        #expect(row.processes == 4)
    }
}
