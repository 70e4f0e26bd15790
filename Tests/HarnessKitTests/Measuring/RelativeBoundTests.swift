import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RelativeBoundTests {
    /// What a search knows of a target.
    enum Known: Sendable {
        case found(Double)
        case atLeast(Double)
        case below(Double)

        fileprivate var reading: Reading {
            func metric(_ rate: Double) -> Metric { Metric(value: rate, unit: .perSecond, n: 3) }
            return switch self {
            case .found(let rate): Reading(metric: metric(rate))
            case .atLeast(let rate): Reading(metric: metric(rate), isLowerBound: true)
            case .below(let rate): Reading(metric: metric(rate), isUpperBound: true)
            }
        }
    }

    private static func judge(
        _ comparator: HarnessKit.Expectation.Comparator,
        _ limit: Double,
        own: Known,
        others: [Known]
    ) throws -> ExpectationResult {
        var expectation = JudgeFixture.expect(
            "throughput.capacity \(comparator.rawValue) \(limit)x",
            .named(MetricCatalogue.capacity),
            .compare(comparator, limit)
        )
        expectation.target = "own"
        expectation.versus = "other-*"
        let names = ["own"] + others.indices.map { "other-\($0)" }
        let scenario = JudgeFixture.scenario(targets: names, expectations: [expectation])
        let runs = zip(names, [own] + others).map { name, known in
            JudgedRun(run: JudgeFixture.run([], of: name), readings: [expectation.readingKey: known.reading])
        }
        return try #require(Judge.expectations(scenario: scenario, runs: runs, skipped: []).first)
    }

    @Test func anotherTargetThatNeverBrokeGivesTheMostThatTheRatioCanBe() throws {
        let result = try Self.judge(.greaterOrEqual, 0.9, own: .found(1900), others: [.atLeast(2000)])
        #expect(result.verdict == .inconclusive)
        #expect(result.measured?.value == 0.95)
        #expect(result.detail == "against 'other-0', the best of 1 other target; the ratio is at most this")
        func verdict(_ comparator: HarnessKit.Expectation.Comparator, _ limit: Double) throws -> Verdict {
            try Self.judge(comparator, limit, own: .found(1000), others: [.atLeast(2000)]).verdict
        }
        #expect(try verdict(.greaterOrEqual, 0.9) == .fail)
        #expect(try verdict(.lessOrEqual, 1) == .pass)
        #expect(try verdict(.greaterOrEqual, 0.5) == .inconclusive)
    }

    @Test func anOwnRateThatNeverBrokeGivesTheLeast() throws {
        #expect(try Self.judge(.greaterOrEqual, 2, own: .atLeast(2000), others: [.found(900)]).verdict == .pass)
        #expect(try Self.judge(.greaterOrEqual, 3, own: .atLeast(2000), others: [.found(900)]).verdict == .inconclusive)
        #expect(try Self.judge(.less, 2, own: .atLeast(2000), others: [.found(900)]).verdict == .fail)
    }

    @Test func whatIsBelowTheRangeIsNoRateToDivideBy() throws {
        #expect(try Self.judge(.less, 3, own: .found(200), others: [.below(100)]).verdict == .inconclusive)
        #expect(try Self.judge(.greater, 1.5, own: .found(200), others: [.below(100)]).verdict == .pass)
        let below = try Self.judge(.greaterOrEqual, 1, own: .below(100), others: [.found(100)])
        #expect(below.verdict == .fail)
        #expect(below.detail?.hasSuffix("; the ratio is less than this") == true)
    }

    @Test(arguments: [(Known.atLeast(2000), Known.atLeast(2000)), (.below(100), .below(100))])
    func twoOpenEndsLeaveEveryRatioPossible(own: Known, other: Known) throws {
        #expect(try Self.judge(.greaterOrEqual, 0.1, own: own, others: [other]).verdict == .inconclusive)
    }

    @Test func aLowerRateThatNeverBrokeMayStillBeTheBest() throws {
        let result = try Self.judge(.greaterOrEqual, 0.9, own: .found(950), others: [.found(1000), .atLeast(500)])
        #expect(result.verdict == .inconclusive)
        #expect(result.detail?.contains("against 'other-0'") == true)
    }
}
