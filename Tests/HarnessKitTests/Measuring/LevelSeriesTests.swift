import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct LevelSeriesTests {
    private func series(interval: Int64) throws -> [String: LevelSeries] {
        let history = HistoryScript.make {
            $0.run(0, submitted: 5, started: 10, completed: 35)
            $0.run(1, submitted: 6, started: 12, completed: 14)
            $0.submit(2, at: 25)
            $0.start(2, at: 25)
            $0.fail(2, at: 26)
        }
        let plan = try Plan(PlanFixture.open(rate: 100, seconds: 1))
        let span = PhaseSpan(name: "main", measured: true, start: 0, end: 50_000_000)
        let metrics = HistoryMetrics(history: history, plan: plan, phaseSpans: [span])
        return Dictionary(uniqueKeysWithValues: metrics.series(interval: interval).map { ($0.name, $0) })
    }

    @Test(arguments: [
        ("offered", [200, 0, 100, 0, 0]), ("started", [0, 200, 100, 0, 0]), ("completed", [0, 100, 0, 100, 0]),
        ("failed", [0, 0, 100, 0, 0]), ("depth", [2, 2, 1, 0, 0]), ("inFlight", [0, 2, 2, 1, 0]),
    ])
    func ratesCountEventsAndLevelsKeepTheirPeaks(name: String, values: [Double]) throws {
        let series = try #require(try series(interval: 10_000_000)[name])
        #expect(series.values == values)
        #expect(series.interval == 0.01)
        #expect(series.unit == (["depth", "inFlight"].contains(name) ? .count : .perSecond))
    }

    @Test func theLastIntervalMayReachPastTheEnd() throws {
        #expect(try series(interval: 20_000_000)["offered"]?.values.count == 3)
    }

    @Test(
        arguments: [(18_000_000_000, 100_000_000), (1_000_000, 1_000_000), (60_000_000_000, 500_000_000)]
            as [(Int64, Int64)]
    )
    func intervalsAreRoundAndFewEnough(length: Int64, interval: Int64) {
        #expect(HistoryMetrics.seriesInterval(for: length) == interval)
    }
}
