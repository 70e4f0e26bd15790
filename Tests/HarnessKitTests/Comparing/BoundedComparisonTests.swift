import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BoundedComparisonTests {
    private enum Found {
        case rate(Double)
        case bound(CapacityBound.Side, Double)
    }

    /// Capacities of searches, one target each with one value per repetition.
    private static func compare(_ targets: [[Found]], clock: String = "virtual") throws -> SideBySide {
        let names = ["base", "b", "c", "d"]
        var result = ResultComparisonTests.result(
            zip(names, targets).map { ($0, Array(repeating: 1, count: $1.count)) }
        )
        for index in result.runs.indices {
            let target = try #require(names.firstIndex(of: result.runs[index].target))
            result.runs[index].clock = clock
            result.runs[index].total = MetricTable()
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
        return try SideBySide([ComparedResult(label: "s", result: result)], by: comparison)
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

    @Test func aBoundHasNoRatioAndSaysThatItIsOne() throws {
        let cells = try #require(Self.compare([[.rate(400)], [.bound(.atLeast, 1600)]]).table.rows.first).cells
        #expect(cells.map(\.bound) == [nil, .atLeast])
        #expect(cells.map(\.ratio) == [nil, nil])
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

    @Test func boundsOnEitherSideSayNothingOfTheMedian() throws {
        let comparison = try Self.compare(
            [[.rate(400), .rate(400)], [.bound(.atLeast, 1600), .bound(.below, 100)], [.rate(500), .rate(500)]]
        )
        #expect(comparison.table.rows.first?.cells.map(\.verdict) == [.reference, .missing, .better])
    }

    @Test func ranksAreSharedWhereBoundsLeaveThemOpen() throws {
        let comparison = try Self.compare(
            [[.rate(400)], [.bound(.atLeast, 1600)], [.rate(2000)], [.bound(.below, 400)]]
        )
        #expect(comparison.rankings.first?.places == [["c", "b"], ["base"], ["d"]])
    }
}
