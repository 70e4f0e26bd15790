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

    private let cost = PairedTest(margin: 0.03, better: .lower)

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
        let rate = PairedTest(margin: 0.05, better: .higher)
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
        #expect(cost.judge([[ValuePair(base: 0, head: 1)], [ValuePair(base: .nan, head: 1)]]) == nil)
    }

    @Test(arguments: [0, Double.nan, .infinity])
    func aCollapseIsARegressionWhateverTheOtherPairsSay(head: Double) throws {
        let rate = PairedTest(margin: 0.05, better: .higher)
        var pairs = Self.pairs(factor: 1, seed: 1)
        pairs[2][4].head = head
        let outcome = try #require(rate.judge(pairs))
        #expect(outcome.verdict == .regressed)
        #expect(outcome.probability == nil)
        #expect(outcome.detail?.contains("zero or missing in 1 of 60 pairs") == true)
        #expect(rate.confirms(pairs))
    }

    @Test func aBuildThatNeverGivesAFigureIsARegression() throws {
        let dead = Self.pairs(factor: 1, seed: 1).map { $0.map { ValuePair(base: $0.base, head: .nan) } }
        let outcome = try #require(cost.judge(dead))
        #expect(outcome.verdict == .regressed)
        #expect(outcome.ratio == nil)
        #expect(cost.judge([[ValuePair(base: 1, head: .nan)]])?.verdict == .regressed)
    }

    @Test func aCostOfNothingIsLeftOpen() throws {
        var pairs = Self.pairs(factor: 1, seed: 1)
        pairs[0][0].head = 0
        let outcome = try #require(cost.judge(pairs))
        #expect(outcome.verdict == .inconclusive)
        #expect(!cost.confirms(pairs))
    }

    // Of values 1, 2 and 3 the mean is 2 and its standard error 1/√3: 0 is 3.4641 of them away, which Student's
    // distribution with two degrees of freedom exceeds with ½ (1 - t/√(2 + t²)) = 0.03709.
    @Test func theProbabilityIsThatOfStudentsTable() throws {
        let estimate = try #require(PairedTest.Estimate([1, 2, 3]))
        #expect(abs(estimate.probability(of: 2, beyond: 0) - 0.03709) < 1e-5)
        let sure = try #require(PairedTest.Estimate([2, 2]))
        #expect(sure.probability(of: 2, beyond: 1) == 0)
        #expect(sure.probability(of: 2, beyond: 3) == 1)
    }

    @Test func aProcessCountsOnceHoweverManyPairsItMakes() throws {
        let few = (0..<5).map { [ValuePair(base: 1, head: 1 + Double($0) / 100)] }
        var many = few
        many[0] = Array(repeating: few[0][0], count: 50)
        #expect(try #require(cost.judge(few)).interval == cost.judge(many)?.interval)
    }

    @Test func theNoiseOfEqualRunsIsTheirScatter() throws {
        let quiet = try #require(NoiseFloor.share(of: Self.pairs(factor: 1, seed: 1).map { $0.map(\.base) }))
        #expect(quiet > 0 && quiet < 0.02)
        #expect(NoiseFloor.share(of: [[1, 1, 1, 1]]) == 0)
        #expect(NoiseFloor.share(of: [[1, 2, 3]]) == nil)
    }
}
