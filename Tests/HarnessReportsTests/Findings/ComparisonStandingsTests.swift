import HarnessKit
import Testing

@testable import HarnessReports

@Suite(.timeLimit(.minutes(1)))
struct ComparisonStandingsTests {
    private static func row(_ metric: String, _ values: [String: Double]) -> ComparisonResult.Row {
        let cells = ["a", "b", "c", "d"].map { target in
            let value = values[target].map { Metric(value: $0, unit: .seconds, n: 1000) }
            return ComparisonResult.Cell(target: target, value: value, ratio: nil)
        }
        return ComparisonResult.Row(metric: metric, cells: cells)
    }

    private static let comparison = ComparisonResult(
        baseline: "a",
        rows: [
            row("throughput", ["a": 100, "b": 300, "c": 200, "d": 150]),
            row("response.p99", ["a": 0.1, "b": 0.4, "c": 0.1, "d": 0.2]),
            row("recovery.time", ["a": 0.5, "b": 0.2, "d": 0.3]),
            row("success.ratio", ["a": 1, "b": 1, "c": 1, "d": 0.5]),
            row("concurrency.max", ["a": 8, "b": 9, "c": 7, "d": 6]),
        ]
    )

    private let standings = ComparisonStandings(comparison)

    @Test func moreIsBetterForSomeFiguresAndLessForOthers() {
        #expect(standings.best(of: "b") == ["throughput", "recovery.time"])
        #expect(standings.worst(of: "b") == ["response.p99"])
    }

    @Test func whoSharesTheBestFigureIsBestToo() {
        #expect(standings.isBest("a", at: "response.p99") && standings.isBest("c", at: "response.p99"))
    }

    @Test func whatWasNotMeasuredIsNeither() {
        #expect(standings.best(of: "c") == ["response.p99"])
        #expect(standings.worst(of: "c").isEmpty)
    }

    @Test func whatMostShareOrHasNoDirectionSetsNobodyOff() {
        #expect(standings.worst(of: "d") == ["success.ratio"])
        for target in ["a", "b", "c"] {
            #expect(!standings.isBest(target, at: "success.ratio"))
            #expect(!standings.isBest(target, at: "concurrency.max"))
        }
    }

    @Test func theReportSaysWhatEachIsGoodAndBadAt() throws {
        var result = Fixture.passing.result
        result.comparison = Self.comparison
        let text = try #require(MarkdownReport.render(result).first).text
        #expect(text.contains("| `b` | **300"))
        #expect(text.contains("- `b`: best at throughput, recovery.time; worst at response.p99\n"))
        #expect(text.contains("No `recovery.time`: it did not recover within the run."))
    }
}
