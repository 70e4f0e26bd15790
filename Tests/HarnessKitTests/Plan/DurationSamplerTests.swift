import HarnessKit
import Testing

/// Moments and quantiles of 100 000 drawn work times; every bound is four standard errors of the statistic.
@Suite(.timeLimit(.minutes(1)))
struct DurationSamplerTests {
    private static let count = 100_000

    private func draws(_ distribution: DurationDistribution) throws -> [Double] {
        let plan = try Plan(PlanFixture.working(distribution))
        return (0..<Self.count).map { Double(plan.work(of: $0)) / 1e6 }.sorted()
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test func constantIsAlwaysTheSame() throws {
        let values = try draws(.constant(.milliseconds(8)))
        #expect(values.first == 8)
        #expect(values.last == 8)
    }

    // Width 60 ms: deviation 17.32 ms, standard error of the mean 0.0548 ms.
    @Test func uniformStaysInItsBoundsAndAveragesTheirMiddle() throws {
        let values = try draws(.uniform(min: .milliseconds(20), max: .milliseconds(80)))
        #expect(abs(mean(values) - 50) < 0.22)
        #expect(values.allSatisfy { (20...80).contains($0) })
    }

    // Mean and deviation 5 ms: standard error of the mean 0.0158 ms; the median is 5 ln 2 with
    // standard error 1 / (2 f √n) = 0.0158 ms.
    @Test func exponentialHasItsMeanAndMedian() throws {
        let values = try draws(.exponential(mean: .milliseconds(5)))
        #expect(abs(mean(values) - 5) < 0.064)
        #expect(abs(values[Self.count / 2] - 3.4657) < 0.064)
    }

    // σ = ln 6 / 2.3263 = 0.7702. Density at the median 0.2590 / ms, at the p99 0.002884 / ms: standard errors
    // 0.0061 and 0.109 ms.
    @Test func lognormalHasItsMedianAnd99thPercentile() throws {
        let values = try draws(.lognormal(median: .milliseconds(2), p99: .milliseconds(12)))
        #expect(abs(values[Self.count / 2] - 2) < 0.025)
        #expect(abs(values[Self.count * 99 / 100] - 12) < 0.44)
    }

    @Test func degenerateLognormalIsItsMedian() throws {
        let values = try draws(.lognormal(median: .milliseconds(2), p99: .milliseconds(2)))
        #expect(values.first == 2)
        #expect(values.last == 2)
    }

    @Test func workOfKindNoneTakesNoTime() throws {
        var scenario = PlanFixture.working(.constant(.milliseconds(8)))
        scenario.work.kind = .none
        let plan = try Plan(scenario)
        #expect(plan.work(of: 3) == 0)
        #expect(plan.isTrivial)
    }

    @Test func thinkTimesComeFromTheirOwnDistribution() throws {
        var scenario = PlanFixture.closed([Phase(name: "main", end: .after(.seconds(1)))])
        scenario.load.model = .closed(producers: 1, think: .constant(.milliseconds(3)), awaiting: .finished)
        #expect(try Plan(scenario).thinkTime(before: 9) == 3_000_000)
    }
}
