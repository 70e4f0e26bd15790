import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CapacityOutcomeTests {
    private static func run(_ capacity: KnownCapacity, digest: String = "a") -> TargetRun {
        var run = JudgeFixture.run([])
        run.historyDigest = digest
        switch capacity {
        case .found(let rate):
            run.total[MetricCatalogue.capacity] = Metric(value: rate, unit: .perSecond, n: 3)
        case .atLeast(let rate):
            run.total[MetricCatalogue.capacity] = Metric(value: rate, unit: .perSecond, n: 3)
            run.capacityBound = CapacityBound(.atLeast, rate)
        case .below(let rate):
            run.capacityBound = CapacityBound(.below, rate)
        }
        return run
    }

    private static func row(
        _ base: KnownCapacity,
        _ head: KnownCapacity,
        accepting: [String] = []
    ) -> RegressionRow? {
        ExactComparison(scenario: "s", target: "t", accepting: accepting).rows(
            [MetricCatalogue.capacity],
            base: ExactRecord(run(base)),
            head: ExactRecord(run(head))
        ).last
    }

    private static let outcomes: [(KnownCapacity, KnownCapacity, RegressionRow.Verdict)] = [
        (.found(900), .below(400), .regressed),
        (.atLeast(3200), .below(400), .regressed), (.atLeast(3200), .found(900), .regressed),
        (.below(400), .found(900), .improved), (.below(400), .atLeast(3200), .improved),
        (.found(900), .atLeast(3200), .improved), (.found(900), .atLeast(900), .inconclusive),
        (.found(900), .atLeast(800), .inconclusive), (.atLeast(800), .found(900), .inconclusive),
        (.atLeast(3200), .atLeast(3200), .same), (.below(400), .below(400), .unmeasured),
        (.found(900), .found(900), .same), (.found(900), .found(800), .regressed),
        (.found(900), .found(950), .improved),
    ]

    @Test(arguments: outcomes)
    func boundsAreComparedAsFarAsTheyGo(base: KnownCapacity, head: KnownCapacity, verdict: RegressionRow.Verdict) {
        #expect(Self.row(base, head)?.verdict == verdict)
    }

    @Test func aCapacityThatFellBelowTheRangeSaysSo() throws {
        let row = try #require(Self.row(.found(900), .below(400)))
        #expect(row.isBlocking)
        #expect(row.detail == "900/s before, below 400/s now")
        #expect(Self.row(.found(900), .below(400), accepting: ["throughput.*"])?.verdict == .accepted)
    }

    @Test func theHistoriesOfSearchesThatFindDifferentRatesAreNotCompared() {
        let compare = ExactComparison(scenario: "s", target: "t")
        func verdict(_ base: KnownCapacity, _ head: KnownCapacity) -> RegressionRow.Verdict? {
            compare.rows(
                [RegressionRules.historyDigest],
                base: ExactRecord(Self.run(base)),
                head: ExactRecord(Self.run(head, digest: "b"))
            ).last?.verdict
        }
        #expect(verdict(.found(900), .found(950)) == .unmeasured)
        #expect(verdict(.found(900), .found(900)) == .regressed)
    }

    @Test(arguments: [(RunClock.virtual, true), (.real, false)])
    func aBaselineIsHeldAgainstTheBound(clock: RunClock, isBlocking: Bool) throws {
        func result(_ capacity: KnownCapacity) -> RunResult {
            var result = BaselineTests.result()
            var run = Self.run(capacity, digest: "h")
            run.target = result.runs[0].target
            run.clock = clock.rawValue
            result.runs = [run]
            result.targets[0].clock = clock
            result.targets[0].total = run.total
            return result
        }
        let capacity = MetricCatalogue.capacity
        let rules = RegressionRules(exact: [capacity], paired: [], observe: [.init(capacity, 0.05)])
        let rows = try Baseline(result(.found(900))).rows(for: result(.below(400)), rules: rules)
        let row = try #require(rows.last)
        #expect(row.verdict == .regressed)
        #expect(row.isBlocking == isBlocking)
    }
}
