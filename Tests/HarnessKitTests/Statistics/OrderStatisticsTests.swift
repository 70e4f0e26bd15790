import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OrderStatisticsTests {
    // Wikipedia's worked example of the nearest-rank method.
    @Test(arguments: [(0.05, 15), (0.3, 20), (0.4, 20), (0.5, 35), (1, 50), (0, 15)] as [(Double, Int)])
    func quantilesAreNearestRanks(share: Double, expected: Int) {
        #expect(OrderStatistics.quantile(share, ofSorted: [15, 20, 35, 40, 50]) == expected)
    }

    @Test(arguments: [20, 40, 100, 200, 1000])
    func roundedSharesDoNotClimbARank(count: Int) {
        let values = Array(1...count)
        #expect(OrderStatistics.quantile(0.95, ofSorted: values) == count * 95 / 100)
    }

    @Test(
        arguments: [
            ([3], 3), ([4, 1], 2.5), ([9, 1, 5], 5), ([1, 2, 3, 10], 2.5),
        ] as [([Double], Double)]
    )
    func theMedianIsTheMiddle(values: [Double], median: Double) {
        #expect(OrderStatistics.median(values) == median)
    }

    @Test func theMeanIsTheAverage() {
        #expect(OrderStatistics.mean([1, 2, 6]) == 3)
    }

    @Test(arguments: [([2, 8], 4), ([1, 10, 100], 10), ([0.5, 2], 1)] as [([Double], Double)])
    func theGeometricMeanAveragesRatios(values: [Double], mean: Double) throws {
        #expect(abs(try #require(OrderStatistics.geometricMean(values)) - mean) < 1e-12)
    }

    @Test func noSamplesHaveNoStatistic() {
        #expect(OrderStatistics.quantile(0.5, ofSorted: [Int]()) == nil)
        #expect(OrderStatistics.median([]) == nil)
        #expect(OrderStatistics.mean([]) == nil)
        #expect(OrderStatistics.geometricMean([]) == nil)
        #expect(OrderStatistics.geometricMean([1, 0]) == nil)
    }

    @Test(arguments: [(0.5, 20), (0.9, 100), (0.95, 200), (0.99, 1000), (0.999, 10_000)])
    func aPercentileNeedsTenSamplesBeyondIt(share: Double, needed: Int) {
        #expect(OrderStatistics.samplesNeeded(forQuantile: share) == needed)
    }
}
