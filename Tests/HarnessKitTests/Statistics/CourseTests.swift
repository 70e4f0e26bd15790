import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CourseTests {
    /// Uniform noise of a width about a level.
    static func noise(_ count: Int, about level: Double, width: Double = 0.1, seed: UInt64 = 1) -> [Double] {
        let random = CounterRandom(seed: seed, stream: "course")
        return (0..<count).map { level + width * (random.word($0).unitInterval - 0.5) }
    }

    // Kendall's score of 1...10 is 45, its variance 10 × 9 × 25 / 18 = 125, so that z is 44 / √125 = 3.9355.
    @Test func aStraightRiseHasTheProbabilityOfTheNormalTable() throws {
        let test = try #require(TrendTest((1...10).map(Double.init)))
        #expect(test.slope == 1)
        #expect(abs(test.risingProbability - 4.15e-5) < 2e-7)
    }

    @Test func aFallIsNoRise() throws {
        let test = try #require(TrendTest((1...10).map { -Double($0) }))
        #expect(test.slope == -1)
        #expect(test.risingProbability > 0.999)
    }

    @Test func equalValuesHaveNoTrend() throws {
        let test = try #require(TrendTest([2, 2, 2, 2]))
        #expect(test == (try #require(TrendTest([5, 5, 5, 5, 5]))))
        #expect(test.risingProbability == 1)
        #expect(TrendTest([1, 2]) == nil)
    }

    @Test func noiseAloneRarelyLooksLikeARise() throws {
        let alarms = try (0..<100).count { seed in
            try #require(TrendTest(Self.noise(20, about: 1, seed: UInt64(seed)))).risingProbability < 0.05
        }
        #expect((1...12).contains(alarms), "about 5 of 100 are due to chance, seen \(alarms)")
    }

    @Test func aChangeOfLevelIsFoundWhereItIs() {
        let values = Self.noise(30, about: 2) + Self.noise(50, about: 1, seed: 2)
        #expect(ChangePoints.segments(of: values) == [0..<30, 30..<80])
    }

    @Test func severalChangesAreFound() {
        let values = Self.noise(20, about: 1) + Self.noise(20, about: 3, seed: 2) + Self.noise(20, about: 1, seed: 3)
        #expect(ChangePoints.segments(of: values) == [0..<20, 20..<40, 40..<60])
    }

    @Test func noiseAloneHasNoChanges() {
        let found = (0..<30).count { ChangePoints.segments(of: Self.noise(60, about: 1, seed: UInt64($0))).count > 1 }
        #expect(found <= 2, "\(found) of 30")
        #expect(ChangePoints.segments(of: Array(repeating: 4, count: 20)) == [0..<20])
        #expect(ChangePoints.segments(of: []) == [])
    }

    @Test(arguments: [
        ([(60, 1.0)], SteadyState.Course.flat, 0), ([(20, 2.0), (60, 1.0)], .warmUp, 20),
        ([(20, 1.0), (60, 2.0)], .slowdown, 20), ([(60, 1.0), (20, 2.0)], .none, 60),
        ([(20, 1.01), (60, 1.0)], .flat, 0),
    ])
    func coursesHaveNames(levels: [(count: Int, level: Double)], course: SteadyState.Course, from: Int) throws {
        let values = levels.enumerated().flatMap {
            Self.noise($1.count, about: $1.level, width: 0.02, seed: UInt64($0))
        }
        let state = try #require(SteadyState(medians: values))
        #expect(state.course == course)
        #expect(state.steadyFrom == from)
        #expect(state.windows == values.count)
    }

    @Test func fewWindowsHaveNoCourse() {
        #expect(SteadyState(medians: Array(repeating: 1, count: 7)) == nil)
    }
}
