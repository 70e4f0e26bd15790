import HarnessKit
import Testing

@testable import HarnessReports

@Suite(.timeLimit(.minutes(1)))
struct SideBySideReportTests {
    /// Two targets with three repetitions in two phases; the second is twice as slow and takes half the CPU time.
    private static func result(show: [Comparison.Detail] = Comparison.Detail.allCases) throws -> RunResult {
        var result = Fixture.passing.result
        let template = try #require(result.runs.first)
        result.runs = [("work", 1.0, 2.0), ("group", 2, 1)].flatMap { target, response, cpu in
            (0..<3).map { repetition in
                var run = template
                run.target = target
                run.repetition = repetition
                run.phases = ["calm", "storm"].map { name in
                    var table = MetricTable()
                    let share = 1 + Double(repetition) / 100
                    table["response.p99"] = Metric(value: response * share / 100, unit: .seconds, n: 5000)
                    table["cpu.perOperation"] = Metric(value: cpu / 1e6, unit: .seconds, n: 5000)
                    return PhaseResult(name: name, measured: true, start: 0, seconds: 1, metrics: table)
                }
                return run
            }
        }
        var comparison = Comparison(baseline: "work")
        comparison.metrics = ["response.p99", "cpu.perOperation"]
        comparison.rows = ["phase"]
        comparison.rankBy = "response.p99"
        comparison.pareto = comparison.metrics
        comparison.show = show
        result.sideBySide = try SideBySide([ComparedResult(label: "s", result: result)], by: comparison)
        return result
    }

    private static func markdown(_ result: RunResult) throws -> String {
        try #require(MarkdownReport.render(result).first).text
    }

    @Test func markdownHasARowForEveryPhaseAndMetric() throws {
        let text = try Self.markdown(try Self.result())
        #expect(text.contains("| phase | Metric | `work` (baseline) | `group` |"))
        #expect(
            text.contains(
                "| calm | response.p99 | 10.1 ms [10.0 ms, 10.2 ms] | 20.2 ms [20.0 ms, 20.4 ms]<br><sub>2.00x"
            )
        )
        #expect(text.contains(", worse</sub> |"))
        #expect(text.contains("| storm | cpu.perOperation | 2.00 us | 1.00 us<br><sub>0.500x, better</sub> |"))
    }

    @Test func rankingAndFrontAreToldInWords() throws {
        let result = try Self.result()
        let words = try #require(result.sideBySide).sentences
        #expect(words.first == "phase calm: by response.p99 (less is better): work 10.1 ms, group 20.2 ms")
        #expect(
            words.last
                == "phase storm: not worse than another in all of response.p99, cpu.perOperation: work, group"
        )
        #expect(try Self.markdown(result).contains("- phase calm: by response.p99"))
        #expect(ConsoleReport.render(result, colour: false).contains("  - phase calm: by response.p99"))
    }

    @Test func aSharedPlaceTellsEveryValue() throws {
        var side = try #require(try Self.result().sideBySide)
        side.rankings[0].places = [["work", "group"]]
        #expect(
            side.sentences.first
                == #"phase calm: by response.p99 (less is better; no difference seen at "and"): work 10.1 ms and group 20.2 ms"#
        )
    }

    @Test func onlyWhatIsToBeShownIsShown() throws {
        let text = try Self.markdown(try Self.result(show: [.ratio]))
        #expect(text.contains("| calm | response.p99 |  | 2.00x |"))
        #expect(!text.contains("worse</sub>"))
    }

    @Test func theConsoleIsNoWiderThanATerminal() throws {
        let lines = ConsoleReport.render(try Self.result(), colour: false).split(separator: "\n")
        #expect(lines.contains { $0.contains("calm response.p99") && $0.contains("20.2 ms 2.00x worse") })
        #expect(lines.filter { $0.count > 100 } == [])
    }

    @Test func boundsOfCapacitiesAreTold() throws {
        var result = try Self.result()
        var row = try #require(result.sideBySide?.table.rows.first)
        row.metric = MetricCatalogue.capacity
        for (index, side) in [CapacityBound.Side.below, .atLeast].enumerated() {
            row.cells[index].value = Metric(value: 1600, unit: .perSecond, n: 3)
            row.cells[index].bound = side
            row.cells[index].interval = ConfidenceInterval(low: 1400, high: 1600, isOpenAbove: side == .atLeast)
            (row.cells[index].ratio, row.cells[index].ratioInterval) = (nil, nil)
        }
        row.cells[1].verdict = .better
        result.sideBySide?.table.rows = [row]
        result.sideBySide?.rankings[0].metric = row.metric
        result.sideBySide?.rankings[0].places = [["group"], ["work"]]
        let text = try Self.markdown(result)
        #expect(text.contains("| below 1.60 k/s | at least 1.60 k/s<br><sub>better</sub> |"))
        #expect(text.contains("group at least 1.60 k/s, work below 1.60 k/s"))
        let table = try #require(CSVReport.render(result).first { $0.name == "comparison.csv" }).text
        let lines = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let high = try #require(lines[0].firstIndex(of: "ciHigh"))
        #expect(lines.map { $0[high] } == ["ciHigh", "1600", ""])
        #expect(lines.map(\.last) == ["bound", "below", "atLeast"])
    }

    @Test func csvHasOneFigurePerRow() throws {
        let files = CSVReport.render(try Self.result())
        let text = try #require(files.first { $0.name == "comparison.csv" }).text
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == 9)
        #expect(lines[0].prefix(5) == ["phase", "metric", "target", "value", "unit"])
        #expect(lines.allSatisfy { $0.count == lines[0].count })
        let row = Dictionary(uniqueKeysWithValues: zip(lines[0], lines[2]))
        #expect(
            row["target"] == "group" && row["baseline"] == "work" && row["verdict"] == "worse" && row["rank"] == "2"
        )
        #expect(!CSVReport.render(Fixture.passing.result).contains { $0.name == "comparison.csv" })
    }

    @Test func whatCannotBeComparedIsSaidInTheOverview() throws {
        var scenario = Scenario(
            name: "s",
            summary: "",
            seed: 1,
            targets: [TargetSpec(id: "work", use: "x")],
            load: Load(model: .open(arrivals: .even), phases: [])
        )
        #expect(MatrixComparison(name: "m", results: [], scenario: scenario) == nil)
        scenario.comparison = Comparison(baseline: "nobody")
        let results = [ComparedResult(label: "s", result: try Self.result())]
        let comparison = try #require(MatrixComparison(name: "m", results: results, scenario: scenario))
        #expect(comparison.table == nil)
        #expect(comparison.console.contains("not set side by side: no run counts whose target is 'nobody'"))
    }
}
