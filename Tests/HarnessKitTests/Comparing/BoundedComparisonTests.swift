import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BoundedComparisonTests {
    private enum Found {
        case rate(Double)
        case bound(CapacityBound.Side, Double)
    }

    /// Capacities of searches, one target each with one value per repetition.
    private static func compare(
        _ targets: [[Found]],
        clock: String = "virtual",
        seeksNoise: Bool = false,
        responses: [Double]? = nil,
        rows: [String]? = nil
    ) throws -> SideBySide {
        let names = ["base", "b", "c", "d"]
        var result = ResultComparisonTests.result(
            zip(names, targets).map { ($0, Array(repeating: 1, count: $1.count)) }
        )
        for index in result.runs.indices {
            let target = try #require(names.firstIndex(of: result.runs[index].target))
            result.runs[index].clock = clock
            result.runs[index].total = MetricTable()
            if let responses {
                result.runs[index].total["response.p50"] = Metric(value: responses[target], unit: .seconds, n: 1000)
            }
            switch targets[target][result.runs[index].repetition] {
            case .rate(let rate): result.runs[index].total[MetricCatalogue.capacity] = metric(rate)
            case .bound(let side, let rate):
                result.runs[index].capacityBound = CapacityBound(side, rate)
                if side == .atLeast { result.runs[index].total[MetricCatalogue.capacity] = metric(rate) }
            }
        }
        var comparison = Comparison(baseline: "base")
        comparison.metrics = [MetricCatalogue.capacity]
        comparison.rankBy = MetricCatalogue.capacity
        comparison.rows = rows
        if responses != nil { comparison.pareto = [MetricCatalogue.capacity, "response.p50"] }
        comparison.metrics += comparison.pareto.dropFirst()
        return try SideBySide(
            [ComparedResult(label: "s", result: result)],
            by: comparison,
            seeksNoise: seeksNoise
        )
    }

    private static func metric(_ rate: Double) -> Metric { Metric(value: rate, unit: .perSecond, n: 1) }

    private static func verdict(_ base: Found, _ head: Found) throws -> ResultComparison.Word? {
        try compare([[base], [head]]).table.rows.first?.cells.last?.verdict
    }

    @Test func whatNoValueWithinTheBoundsDeniesIsSaid() throws {
        #expect(try Self.verdict(.rate(400), .bound(.atLeast, 1600)) == .better)
        #expect(try Self.verdict(.bound(.atLeast, 1600), .rate(400)) == .worse)
        #expect(try Self.verdict(.rate(100), .bound(.below, 100)) == .worse)
        #expect(try Self.verdict(.bound(.below, 100), .bound(.atLeast, 100)) == .better)
    }

    @Test func whatTheBoundsLeaveOpenIsUnclear() throws {
        #expect(try Self.verdict(.rate(1600), .bound(.atLeast, 1600)) == .unclear)
        #expect(try Self.verdict(.rate(2000), .bound(.atLeast, 1600)) == .unclear)
        #expect(try Self.verdict(.bound(.atLeast, 1600), .bound(.atLeast, 800)) == .unclear)
        #expect(try Self.verdict(.bound(.below, 100), .bound(.below, 100)) == .unclear)
    }

    @Test func whatDiffersByNoMoreThanTheNoiseIsUnclear() throws {
        let spread: [Found] = [800, 1000, 900, 1100, 950, 1050].map { .rate($0) }
        let twice: [Found] = [.bound(.atLeast, 1200), .bound(.atLeast, 1150)]
        #expect(try Self.compare([spread, twice], clock: "real").table.rows.first?.cells.last?.verdict == .better)
        let heeded = try Self.compare([spread, twice], clock: "real", seeksNoise: true).table.rows.first
        #expect(try #require(heeded?.noise) > 0.05)
        #expect(heeded?.cells.last?.verdict == .unclear)
    }

    @Test func aBoundHasNoRatioAndSaysThatItIsOne() throws {
        let cells = try #require(Self.compare([[.rate(400)], [.bound(.atLeast, 1600)]]).table.rows.first).cells
        #expect(cells.map(\.bound) == [nil, .atLeast])
        #expect(cells.map(\.ratio) == [1, nil])
        #expect(cells.map(\.value?.value) == [400, 1600])
    }

    @Test func singleSearchesOfTheRealClockSayNothingAndRepeatedOnesDo() throws {
        let one = try Self.compare([[.rate(400)], [.bound(.atLeast, 1600)]], clock: "real")
        #expect(one.table.rows.first?.cells.last?.verdict == .single)
        let two = try Self.compare(
            [[.rate(400), .rate(500)], [.bound(.atLeast, 1600), .rate(1400)], [.rate(450), .bound(.atLeast, 1600)]],
            clock: "real"
        )
        #expect(two.table.rows.first?.cells.map(\.verdict) == [.reference, .better, .unclear])
        #expect(two.table.rows.first?.cells.last?.bound == .atLeast)
    }

    // The middle of three is known although one of them is not, and so is that the middle of two is no lower than half of one.
    @Test func aMedianIsKnownAsFarAsItsRunsAre() throws {
        let known: [Found] = [.rate(150), .rate(150), .rate(150)]
        let below = try Self.compare([known, [.bound(.below, 100), .rate(150), .rate(150)]]).table.rows[0].cells[1]
        #expect(below.value?.value == 150 && below.bound == nil && below.verdict == .unclear)
        let above = try Self.compare([known, [.rate(200), .rate(200), .bound(.atLeast, 1600)]]).table.rows[0].cells[1]
        #expect(above.value?.value == 200 && above.bound == nil && above.verdict == .better)
        let both = try Self.compare([known, [.bound(.atLeast, 1600), .bound(.below, 100)]]).table.rows[0].cells[1]
        #expect(both.value?.value == 800 && both.bound == .atLeast && both.verdict == .better)
    }

    // What a third column does not know is no matter between two.
    @Test func columnsWithoutABoundAreJudgedAsEver() throws {
        let cells = try Self.compare([[.rate(400)], [.rate(200)], [.bound(.atLeast, 1600)]]).table.rows[0].cells
        #expect(cells.map(\.ratio) == [1, 0.5, nil])
        #expect(cells.map(\.verdict) == [.reference, .worse, .better])
    }

    @Test func aFrontDoesNotHeedAThirdColumnsBound() throws {
        let comparison = try Self.compare(
            [[.rate(400)], [.rate(400)], [.bound(.atLeast, 1600)]],
            responses: [0.01, 0.02, 0.03]
        )
        let front = try #require(comparison.fronts.first)
        #expect(front.columns == ["base", "c"])
        #expect(front.dominated == [SideBySide.Dominated(column: "b", by: "base")])
    }

    // Results are files, which anybody may edit.
    @Test func ratesThatNoSearchFindsSayNothing() throws {
        #expect(try Self.verdict(.rate(.nan), .bound(.below, -5)) == .unclear)
        #expect(throws: ComparisonError.self) { try Self.verdict(.bound(.atLeast, .nan), .bound(.below, 100)) }
    }

    // A search has one answer, and its phases have none.
    @Test func phasesHaveNoCapacity() throws {
        #expect(throws: ComparisonError.self) {
            try Self.compare([[.bound(.atLeast, 100)], [.bound(.atLeast, 200)]], rows: ["phase"])
        }
    }

    @Test func ranksAreSharedWhereBoundsLeaveThemOpen() throws {
        let comparison = try Self.compare(
            [[.rate(400)], [.bound(.atLeast, 1600)], [.rate(2000)], [.bound(.below, 400)]]
        )
        #expect(comparison.rankings.first?.places == [["c", "b"], ["base"], ["d"]])
    }
}
