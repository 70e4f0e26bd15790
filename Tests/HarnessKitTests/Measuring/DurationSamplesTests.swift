import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DurationSamplesTests {
    /// 1 ms, 2 ms and so on, in reverse.
    private func samples(_ count: Int) -> DurationSamples {
        var samples = DurationSamples()
        for value in (1...max(1, count)).reversed() where count > 0 { samples.append(Int64(value) * 1_000_000) }
        samples.sort()
        return samples
    }

    private func value(_ statistic: String, of count: Int) -> Double? {
        samples(count).entries(named: "response").first { $0.name == "response.\(statistic)" }?.metric.value
    }

    @Test(arguments: [
        ("p50", 5), ("p90", 9), ("p95", 9.5), ("p99", 9.9), ("p99.9", 9.99), ("max", 10), ("mean", 5.0005),
        ("count", 10_000),
    ])
    func statisticsAreExact(statistic: String, expected: Double) throws {
        let value = try #require(self.value(statistic, of: 10_000))
        #expect(abs(value - expected) < 1e-9)
    }

    @Test(arguments: [("p50", 20), ("p90", 100), ("p95", 200), ("p99", 1000), ("p99.9", 10_000)])
    func aPercentileWithTooFewSamplesIsLeftOut(statistic: String, needed: Int) {
        #expect(value(statistic, of: needed) != nil)
        #expect(value(statistic, of: needed - 1) == nil)
    }

    @Test func withoutSamplesOnlyTheCountIsThere() {
        let entries = samples(0).entries(named: "service")
        #expect(entries == [.init(name: "service.count", metric: Metric(value: 0, unit: .count, n: 0))])
        #expect(samples(0).spectrum().isEmpty)
    }

    @Test func theSpectrumRisesFromTheSmallestToTheLargestSample() throws {
        let points = samples(1000).spectrum()
        #expect(points.first == SpectrumPoint(percentile: 0, seconds: 0.001))
        #expect(points.last == SpectrumPoint(percentile: 100, seconds: 1))
        #expect(
            zip(points, points.dropFirst()).allSatisfy { $0.percentile < $1.percentile && $0.seconds <= $1.seconds }
        )
        let median = try #require(points.first { abs($0.percentile - 50) < 1e-9 })
        #expect(median.seconds == 0.5)
        // Half of what is left to 100 has five points each time: 50, 55, 60, 65, 70, then 75, 77.5, ...
        #expect(points.contains { abs($0.percentile - 77.5) < 1e-9 })
    }
}
