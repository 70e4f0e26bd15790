import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct PairedTestTests {
    /// Pairs whose values scatter by about 2 % within a process and 1 % between processes.
    static func pairs(factor: Double, seed: UInt64, processes: Int = 5, pairs: Int = 12) -> [[ValuePair]] {
        let random = CounterRandom(seed: seed, stream: "pairs")
        func noise(_ process: Int, _ part: Int, _ width: Double) -> Double {
            1 + width * (random.word(process, part: part).unitInterval - 0.5)
        }
        return (0..<processes).map { process in
            let level = noise(process, 0, 0.03)
            return (1...pairs).map { pair in
                ValuePair(
                    base: noise(process, 2 * pair, 0.06),
                    head: factor * level * noise(process, 2 * pair + 1, 0.06)
                )
            }
        }
    }

    private let cost = PairedTest(margin: 0.03, better: .lower, replicates: 200)

    @Test func aSlowdownBeyondTheMarginIsFound() throws {
        let found = try (0..<20).count { seed in
            try #require(cost.judge(Self.pairs(factor: 1.08, seed: UInt64(seed)))).verdict == .regressed
        }
        #expect(found >= 18, "\(found) of 20")
    }

    @Test func nothingIsFoundWhereNothingChanged() throws {
        let outcomes = try (0..<20).map { seed in
            try #require(cost.judge(Self.pairs(factor: 1, seed: UInt64(seed)))).verdict
        }
        #expect(!outcomes.contains(.regressed))
        #expect(outcomes.count { $0 == .same } >= 17)
    }

    @Test func theMarginItselfIsLeftOpen() throws {
        let open = try (0..<20).count { seed in
            try #require(cost.judge(Self.pairs(factor: 1.03, seed: UInt64(seed)))).verdict == .inconclusive
        }
        #expect(open >= 17, "\(open) of 20")
    }

    @Test func forAThroughputLessIsWorse() throws {
        let rate = PairedTest(margin: 0.05, better: .higher, replicates: 200)
        #expect(try #require(rate.judge(Self.pairs(factor: 0.85, seed: 1))).verdict == .regressed)
        #expect(try #require(rate.judge(Self.pairs(factor: 1.2, seed: 1))).verdict == .improved)
        #expect(try #require(cost.judge(Self.pairs(factor: 0.85, seed: 1))).verdict == .improved)
    }

    @Test func aDifferenceBelowTheFloorIsNone() throws {
        let test = PairedTest(margin: 0.03, floor: 0.5, better: .lower)
        #expect(try #require(test.judge(Self.pairs(factor: 1.2, seed: 1))).verdict == .same)
        #expect(!test.confirms(Self.pairs(factor: 1.2, seed: 1)))
    }

    @Test func aSuspicionMustRepeat() {
        #expect(cost.confirms(Self.pairs(factor: 1.08, seed: 3)))
        #expect(!cost.confirms(Self.pairs(factor: 1, seed: 3)))
        #expect(!cost.confirms(Self.pairs(factor: 1.01, seed: 3)))
    }

    @Test func pairsOfOneProcessSayNothing() {
        #expect(cost.judge(Self.pairs(factor: 2, seed: 1, processes: 1)) == nil)
        #expect(cost.judge([[ValuePair(base: 0, head: 1)], [ValuePair(base: 1, head: 0)]]) == nil)
    }

    // Of values 1, 2 and 3 the mean is 2 and the deviation 1: beyond 0 they are two deviations, as 2.275 % of all normal
    // values are.
    @Test func theProbabilityIsThatOfTheNormalTable() {
        #expect(abs(PairedTest.probability(of: [1, 2, 3], beyond: 0) - 0.02275) < 1e-5)
        #expect(PairedTest.probability(of: [2, 2], beyond: 1) == 0)
        #expect(PairedTest.probability(of: [2, 2], beyond: 3) == 1)
    }

    @Test func theNoiseOfEqualRunsIsTheirScatter() throws {
        let quiet = try #require(NoiseFloor.share(of: Self.pairs(factor: 1, seed: 1).map { $0.map(\.base) }))
        #expect(quiet > 0 && quiet < 0.02)
        #expect(NoiseFloor.share(of: [[1, 1, 1, 1]]) == 0)
        #expect(NoiseFloor.share(of: [[1, 2, 3]]) == nil)
    }
}
