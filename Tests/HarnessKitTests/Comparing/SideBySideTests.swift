import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct SideBySideTests {
    /// Targets with the median and spread of their response times, and their throughput.
    private static func result(
        _ targets: [(id: String, responses: [Double], throughput: Double?)],
        clock: String = "real"
    ) -> RunResult {
        var result = ResultComparisonTests.result(
            targets.map { ($0.id, Array(repeating: 1, count: $0.responses.count)) }
        )
        for index in result.runs.indices {
            let run = result.runs[index]
            guard let target = targets.first(where: { $0.id == run.target }) else { continue }
            result.runs[index].clock = clock
            result.runs[index].total = MetricTable()
            let response = Metric(value: target.responses[run.repetition], unit: .seconds, n: 5000)
            result.runs[index].total["response.p99"] = response
            if let throughput = target.throughput {
                result.runs[index].total["throughput"] = Metric(value: throughput, unit: .perSecond, n: 5000)
            }
            var phase = PhaseResult(
                name: "main",
                measured: true,
                start: 0,
                seconds: 1,
                metrics: result.runs[index].total
            )
            result.runs[index].phases = [phase]
            phase.name = "late"
            phase.metrics["response.p99"]?.value = 10 / response.value
            result.runs[index].phases.append(phase)
        }
        return result
    }

    private static func comparison(_ change: (inout Comparison) -> Void = { _ in }) -> Comparison {
        var comparison = Comparison(baseline: "b")
        comparison.metrics = ["response.p99", "throughput"]
        change(&comparison)
        return comparison
    }

    private static func compare(
        _ targets: [(id: String, responses: [Double], throughput: Double?)],
        by comparison: Comparison,
        clock: String = "real",
        seeksNoise: Bool = false
    ) throws -> SideBySide {
        try SideBySide(
            [ComparedResult(label: "s", result: result(targets, clock: clock))],
            by: comparison,
            seeksNoise: seeksNoise
        )
    }

    @Test func theBaselineIsTheFirstColumn() throws {
        let table = try Self.compare([("a", [2], 10), ("b", [1], 10), ("c", [4], 10)], by: Self.comparison()).table
        #expect(table.columns == ["b", "a", "c"])
        #expect(table.rows.first?.cells.map(\.ratio) == [1, 2, 4])
        #expect(table.rows.first?.cells.map(\.verdict) == [.reference, .single, .single])
    }

    @Test func aBaselineWithoutRunsThatCountIsNamed() {
        #expect(throws: ComparisonError.self) {
            try Self.compare([("a", [2], 1), ("c", [1], 1)], by: Self.comparison())
        }
    }

    @Test func ranksFollowTheBetterDirectionAndTiesShareAPlace() throws {
        let targets: [(id: String, responses: [Double], throughput: Double?)] = [
            ("a", [2], 30), ("b", [1], 10), ("c", [2], nil),
        ]
        let byResponse = try Self.compare(
            targets,
            by: Self.comparison { $0.rankBy = "response.p99" },
            clock: "virtual"
        )
        #expect(byResponse.rankings.map(\.places) == [[["b"], ["a", "c"]]])
        let byThroughput = try Self.compare(
            targets,
            by: Self.comparison { $0.rankBy = "throughput" },
            clock: "virtual"
        )
        #expect(byThroughput.rankings.map(\.places) == [[["a"], ["b"]]])
    }

    @Test func everyRowHasARankingOfItsOwn() throws {
        let comparison = Self.comparison {
            $0.rankBy = "response.p99"
            $0.rows = ["phase"]
        }
        let rankings = try Self.compare([("a", [2], 1), ("b", [1], 1)], by: comparison, clock: "virtual").rankings
        #expect(rankings.map(\.keys) == [["main"], ["late"]])
        #expect(rankings.map(\.places) == [[["b"], ["a"]], [["a"], ["b"]]])
    }

    @Test func theFrontHoldsWhatNothingDominates() throws {
        let comparison = Self.comparison { $0.pareto = ["response.p99", "throughput"] }
        let side = try Self.compare(
            [("a", [2], 30), ("b", [1], 10), ("c", [2], 20), ("d", [3], nil), ("e", [1], 10)],
            by: comparison,
            clock: "virtual"
        )
        let front = try #require(side.fronts.first)
        #expect(front.columns == ["b", "a", "e"])
        #expect(front.dominated == [SideBySide.Dominated(column: "c", by: "a")])
        #expect(front.unmeasured == ["d"])
    }

    @Test func aDifferenceWithinTheNoiseFloorIsNotSeen() throws {
        let noisy = [1.0, 1.3, 0.9, 1.25, 0.95, 1.2]
        let targets: [(id: String, responses: [Double], throughput: Double?)] = [
            ("b", noisy, 1), ("near", [1.35, 1.36, 1.35], 1), ("far", [3, 3.1, 3.2], 1),
        ]
        let plain = try Self.compare(targets, by: Self.comparison())
        #expect(plain.table.rows.first?.noise == nil)
        #expect(plain.table.rows.first?.cells.map(\.verdict) == [.reference, .worse, .worse])
        let side = try Self.compare(targets, by: Self.comparison(), seeksNoise: true)
        let row = try #require(side.table.rows.first)
        #expect(try #require(row.noise) > 0.1)
        #expect(row.cells.map(\.verdict) == [.reference, .unseen, .worse])
        #expect(side.table.rows.last?.noise == 0, "throughputs are all alike")
    }

    @Test func clocksAreNeverMixed() throws {
        let targets: [(id: String, responses: [Double], throughput: Double?)] = [("a", [2], 1), ("b", [1], 1)]
        var both = Self.result(targets)
        both.runs += Self.result(targets, clock: "virtual").runs
        let side = try SideBySide(
            [ComparedResult(label: "s", result: both)],
            by: Self.comparison { $0.rows = ["phase"] }
        )
        #expect(side.table.rowKeys == ["phase", "clock"])
        #expect(side.table.rows.map(\.keys).uniqued.count == 4)
    }

    @Test func neighboursThatAreNotToldApartShareAPlace() throws {
        let comparison = Self.comparison {
            $0.rankBy = "response.p99"
            $0.pareto = ["response.p99", "throughput"]
        }
        let side = try Self.compare(
            [("a", [1.02, 0.93, 1.12, 1], 1), ("b", [1, 1.1, 0.9, 1.05], 1), ("c", [3, 3.1, 3.2, 3.05], 1)],
            by: comparison
        )
        #expect(side.rankings.map(\.places) == [[["a", "b"], ["c"]]])
        let front = try #require(side.fronts.first)
        #expect(front.columns == ["b", "a"])
        #expect(front.dominated.map(\.column) == ["c"])
    }

    @Test func ofThoseInOnePlaceNoneIsToldApartFromAnother() throws {
        let comparison = Self.comparison {
            $0.baseline = "z"
            $0.rankBy = "response.p99"
        }
        let targets: [(id: String, responses: [Double], throughput: Double?)] = [
            ("a", [1, 1, 1.2, 1.2], 1), ("b", [1.1, 1.1, 1.4, 1.4], 1), ("c", [1.3, 1.3, 1.6, 1.6], 1),
            ("z", [9, 9, 9, 9], 1),
        ]
        let side = try Self.compare(targets, by: comparison)
        #expect(side.rankings.map(\.places) == [[["a", "b"], ["c"], ["z"]]])
    }

    @Test func singleRunsOfTheRealClockAreNotToldApart() throws {
        let comparison = Self.comparison { $0.rankBy = "response.p99" }
        let side = try Self.compare([("a", [2], 1), ("b", [1], 1)], by: comparison)
        #expect(side.rankings.map(\.places) == [[["b", "a"]]])
    }

    @Test func columnsBesideTheBaselineThatDifferByNoMoreThanNoiseShareAPlace() throws {
        let comparison = Self.comparison { $0.rankBy = "response.p99" }
        let targets: [(id: String, responses: [Double], throughput: Double?)] = [
            ("b", [1, 1.3, 0.9, 1.25, 0.95, 1.2], 1), ("far", [3, 3.01, 3, 3.01], 1),
            ("near", [3.1, 3.11, 3.1, 3.11], 1),
        ]
        let plain = try Self.compare(targets, by: comparison)
        #expect(plain.rankings.map(\.places) == [[["b"], ["far"], ["near"]]])
        let side = try Self.compare(targets, by: comparison, seeksNoise: true)
        #expect(side.rankings.map(\.places) == [[["b"], ["far", "near"]]])
    }

    @Test(arguments: ResultComparison.Word.allCases)
    func theNoiseFloorDampsOnlyWhatClaimsADifference(word: ResultComparison.Word) {
        let cell = ResultComparison.Cell(value: nil, runs: 3, ratio: 1.1, verdict: word)
        let claims: [ResultComparison.Word] = [.better, .worse, .different]
        #expect(cell.judged(with: 0.2).verdict == (claims.contains(word) ? .unseen : word))
        #expect(cell.judged(with: 0.05).verdict == word)
    }

    @Test func targetsAreNeverMixedInOneCell() throws {
        let results = ["10", "20"].map { rate in
            ComparedResult(
                label: rate,
                result: Self.result([("a", [2], 1), ("b", [1], 1)]),
                scenario: ["vars": ["rate": .string(rate)]]
            )
        }
        let comparison = Self.comparison {
            $0.baseline = "main"
            $0.columns = "phase"
            $0.rows = ["vars.rate"]
            $0.metrics = ["response.p99"]
        }
        let table = try SideBySide(results, by: comparison).table
        #expect(table.rowKeys == ["vars.rate", "target"])
        #expect(table.rows.map(\.keys) == [["10", "a"], ["10", "b"], ["20", "a"], ["20", "b"]])
        #expect(table.rows.map { $0.cells.map { $0.value?.value } } == [[2, 5], [1, 10], [2, 5], [1, 10]])
        #expect(table.rows.allSatisfy { $0.cells.allSatisfy { $0.runs == 1 } })
    }

    @Test func targetsOfOneOptionAreToldApartByTheirUse() throws {
        var result = Self.result([("a", [1], 1), ("aa", [2], 1), ("b", [3], 1), ("bb", [9], 1)])
        let comparison = Self.comparison {
            $0.baseline = "1"
            $0.columns = "options.maxConcurrency"
            $0.rows = ["phase"]
        }
        let error = #expect(throws: ComparisonError.self) {
            try SideBySide([ComparedResult(label: "s", result: result)], by: comparison)
        }
        #expect(error?.description.contains("several targets have the same options.maxConcurrency") == true)
        for index in result.runs.indices { result.runs[index].use = String(result.runs[index].target.prefix(1)) }
        let table = try SideBySide([ComparedResult(label: "s", result: result)], by: comparison).table
        #expect(table.rowKeys == ["phase", "use"])
        #expect(table.rows.first?.cells.map(\.ratio) == [1, 2])
    }
}
