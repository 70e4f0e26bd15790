import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BootstrapTests {
    @Test func intervalsHoldTheTrueMedianAboutAsOftenAsTheySay() throws {
        let random = CounterRandom(seed: 11, stream: "test")
        let trials = 80
        let hits = try (0..<trials).count { trial in
            let values = (0..<21).map { random.word(trial, part: $0).unitInterval }
            let bootstrap = Bootstrap(seed: UInt64(trial), replicates: 150)
            return try #require(bootstrap.medianInterval(of: values)).contains(0.5)
        }
        #expect((70...80).contains(hits), "\(hits) of \(trials)")
    }

    @Test func equalSamplesHaveAnIntervalWithoutWidth() {
        let interval = Bootstrap().medianInterval(of: [3, 3, 3, 3])
        #expect(interval == ConfidenceInterval(low: 3, high: 3))
    }

    @Test func intervalsFollowTheSeed() {
        let values = (0..<15).map { Double($0 * $0 % 17) }
        #expect(Self.medians(1, values) == Self.medians(1, values))
        #expect(Self.medians(1, values) != Self.medians(2, values))
    }

    private static let small = Bootstrap(replicates: 300)

    private static func medians(_ seed: UInt64, _ values: [Double]) -> [Double] {
        Bootstrap(seed: seed, replicates: 20).medians(of: [values])
    }

    @Test func aSingleGroupSaysNothingAboutOthers() {
        #expect(Bootstrap().medianInterval(of: [[1, 2, 3, 4, 5]]) == nil)
        #expect(Bootstrap().medianInterval(of: [1]) == nil)
        #expect(Bootstrap().medianInterval(of: [[Double]]()) == nil)
    }

    /// Samples of one process are alike: many of them make no interval narrow that processes make wide.
    @Test func differencesBetweenGroupsWidenTheInterval() throws {
        let apart = [1.0, 2.0, 3.0, 4.0].map { Array(repeating: $0, count: 50) }
        let grouped = try #require(Self.small.medianInterval(of: apart))
        let flat = try #require(Self.small.medianInterval(of: apart.flatMap(\.self)))
        #expect(grouped.halfWidth > 1)
        #expect(grouped.halfWidth > 1.5 * flat.halfWidth)
    }

    @Test func theRatioOfAThingToItselfIsOne() throws {
        let groups = [[1.0, 1.1], [0.9, 1.0], [1.05, 0.95]]
        let interval = try #require(Self.small.ratioInterval(of: groups, to: groups))
        #expect(interval.contains(1))
        let doubled = groups.map { $0.map { 2 * $0 } }
        let twice = try #require(Self.small.ratioInterval(of: doubled, to: groups))
        #expect(twice.contains(2))
        #expect(!twice.contains(1))
        #expect(Self.small.ratioInterval(of: groups, to: [[0], [0]]) == nil)
    }
}
