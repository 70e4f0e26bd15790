import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ArrivalScheduleTests {
    private static let second: Int64 = 1_000_000_000

    @Test func evenArrivalsLieHalfADistanceFromEitherEnd() throws {
        let plan = try Plan(PlanFixture.open(rate: 10, seconds: 1))
        #expect(plan.intendedStarts == (0..<10).map { Int64($0) * 100_000_000 + 50_000_000 })
    }

    @Test func evenArrivalsRunOnOverPhases() throws {
        let phases = [
            Phase(name: "a", end: .after(.milliseconds(250)), rate: .constant(10)),
            Phase(name: "b", end: .after(.milliseconds(750)), rate: .constant(10)),
        ]
        #expect(
            try Plan(PlanFixture.open(phases)).intendedStarts
                == Plan(PlanFixture.open(rate: 10, seconds: 1)).intendedStarts
        )
    }

    /// A curve over 10 s and the integral of its rate over the first t seconds, written out by hand.
    struct Curve: Sendable, CustomTestStringConvertible {
        var name: String
        var curve: RateCurve
        var integral: @Sendable (Double) -> Double
        var testDescription: String { name }
    }

    static let curves = [
        Curve(name: "constant", curve: .constant(120)) { 120 * $0 },
        Curve(name: "rising from zero", curve: .linear(from: 0, to: 400)) { 20 * $0 * $0 },
        Curve(name: "falling to zero", curve: .linear(from: 400, to: 0)) { 400 * $0 - 20 * $0 * $0 },
        Curve(
            name: "steps",
            curve: .steps([.init(rate: 50), .init(rate: 300, duration: .seconds(2)), .init(rate: 10)])
        ) { $0 <= 4 ? 50 * $0 : $0 <= 6 ? 200 + 300 * ($0 - 4) : 800 + 10 * ($0 - 6) },
        Curve(name: "spike", curve: .spike(base: 20, peak: 500)) {
            let phase = 2 * Double.pi * $0 / 10
            // sin by its power series around 0, π and 2π is not needed: the checks below are at multiples of L/4.
            let sine = [0.0, 1, 0, -1][Int((phase / (.pi / 2)).rounded()) % 4]
            return 20 * $0 + 240 * ($0 - sine * 10 / (2 * .pi))
        },
    ]

    @Test(arguments: curves, [2.5, 5, 7.5, 10])
    func evenCountsMatchTheIntegralWithinOne(curve: Curve, time: Double) throws {
        let phase = Phase(name: "main", end: .after(.seconds(10)), rate: curve.curve)
        let starts = try Plan(PlanFixture.open([phase])).intendedStarts
        let count = starts.filter { $0 < Int64(time * 1e9) }.count
        #expect(abs(Double(count) - curve.integral(time)) <= 1)
    }

    @Test(arguments: curves)
    func arrivalsAscendAndStayInTheirPhase(curve: Curve) throws {
        let phase = Phase(name: "main", end: .after(.seconds(10)), rate: curve.curve)
        let starts = try Plan(PlanFixture.open([phase], arrivals: .poisson)).intendedStarts
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(starts.allSatisfy { (0..<10 * Self.second).contains($0) })
    }

    // 100 000 expected arrivals: the count's standard error is √100 000 = 316, the mean gap's 1 ms / 316; four of them.
    @Test func poissonArrivalsHaveExponentialGaps() throws {
        let starts = try Plan(PlanFixture.open(rate: 1000, seconds: 100, arrivals: .poisson)).intendedStarts
        #expect(abs(starts.count - 100_000) < 1265)
        let gaps = zip(starts.dropFirst(), starts).map { Double($0 - $1) / 1e6 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
        #expect(abs(mean - 1) < 0.0127)
        // The variance of an exponential has the standard error √8 / √n.
        #expect(abs(variance - 1) < 0.036)
    }

    @Test func drainingPhasesOfferNothing() throws {
        let phases = [
            Phase(name: "main", end: .after(.seconds(1)), rate: .constant(10)),
            Phase(name: "drain", end: .empty(limit: .seconds(5)), rate: .constant(1000)),
        ]
        #expect(try Plan(PlanFixture.open(phases)).intendedStarts.count == 10)
    }

    @Test func aPhaseAfterADrainingOneStartsAtItsLimit() throws {
        let phases = [
            Phase(name: "a", end: .after(.seconds(1)), rate: .constant(1)),
            Phase(name: "drain", end: .empty(limit: .seconds(5))),
            Phase(name: "b", end: .after(.seconds(1)), rate: .constant(1)),
        ]
        let plan = try Plan(PlanFixture.open(phases))
        #expect(plan.intendedStarts == [500_000_000, 6_500_000_000])
        #expect(plan.phases.map(\.start) == [0, Self.second, 6 * Self.second])
    }

    @Test func aBurstIsMergedByTime() throws {
        let burst = Burst(id: "spike", at: .milliseconds(400), count: 4, over: .milliseconds(200))
        let phase = Phase(name: "main", end: .after(.seconds(1)), rate: .constant(4))
        let plan = try Plan(PlanFixture.open([phase], bursts: [burst]))
        #expect(plan.intendedStarts.map { $0 / 1_000_000 } == [125, 375, 425, 475, 525, 575, 625, 875])
    }

    @Test func aBurstOverNoTimeArrivesAtOnce() throws {
        let burst = Burst(id: "spike", at: .milliseconds(500), count: 3, over: .zero)
        let phase = Phase(name: "main", end: .after(.seconds(1)))
        #expect(
            try Plan(PlanFixture.open([phase], bursts: [burst])).intendedStarts == [
                500_000_000, 500_000_000, 500_000_000,
            ]
        )
    }

    @Test func closedLoadHasNoIntendedStarts() throws {
        let phases = [
            Phase(name: "main", end: .operations(1000, limit: .seconds(60))),
            Phase(name: "drain", end: .empty(limit: .seconds(5))),
        ]
        let plan = try Plan(PlanFixture.closed(phases))
        #expect(plan.intendedStarts.isEmpty)
        #expect(plan.phases.map(\.start) == [0, 0])
        #expect(plan.phases.map(\.latestEnd) == [60 * Self.second, 65 * Self.second])
    }
}
