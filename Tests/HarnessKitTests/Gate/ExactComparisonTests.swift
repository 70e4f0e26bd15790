import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ExactComparisonTests {
    static func record(
        digest: String? = "a",
        _ values: [String: Double] = ["completed": 20, "offered": 20],
        violations: [String] = []
    ) -> ExactRecord {
        var run = JudgeFixture.run(values.sorted { $0.key < $1.key }.map { ($0.key, $0.value, .count) })
        run.historyDigest = digest
        run.invariants = violations.map {
            InvariantResult(use: "conservation", options: [:], verdict: .fail, detail: $0)
        }
        return ExactRecord(run)
    }

    private func verdicts(
        _ quantities: [String],
        base: ExactRecord,
        head: ExactRecord,
        accepting: [String] = []
    ) -> [RegressionRow.Verdict] {
        ExactComparison(scenario: "s", target: "t", accepting: accepting)
            .rows(quantities, base: base, head: head).map(\.verdict)
    }

    @Test func equalRunsAreTheSame() {
        let names = ["historyDigest", "completed", "offered"]
        #expect(verdicts(names, base: Self.record(), head: Self.record()) == [.same, .same, .same, .same])
    }

    @Test func anotherHistoryIsARegressionUnlessItIsMeant() {
        let head = Self.record(digest: "b")
        #expect(verdicts(["historyDigest"], base: Self.record(), head: head) == [.same, .regressed])
        #expect(
            verdicts(["historyDigest"], base: Self.record(), head: head, accepting: ["history*"]) == [.same, .accepted]
        )
    }

    @Test func oneAllocationMoreIsWorseAndOneLessIsBetter() {
        let base = Self.record(["mallocs.perOperation": 3])
        let names = ["mallocs.perOperation"]
        #expect(verdicts(names, base: base, head: Self.record(["mallocs.perOperation": 4])).last == .regressed)
        #expect(verdicts(names, base: base, head: Self.record(["mallocs.perOperation": 2])).last == .improved)
        #expect(verdicts(names, base: base, head: base).last == .same)
    }

    @Test func aFigureThatHasNoBetterDirectionMustNotChange() {
        let more = Self.record(["completed": 20, "offered": 21])
        #expect(verdicts(["offered"], base: Self.record(), head: more).last == .regressed)
    }

    @Test func whatNobodyMeasuredIsNoAnswer() {
        #expect(verdicts(["mallocs.perOperation"], base: Self.record(), head: Self.record()).last == .unmeasured)
        #expect(verdicts(["historyDigest"], base: Self.record(digest: nil), head: Self.record()).last == .unmeasured)
    }

    @Test func aViolatedInvariantCountsWhateverWasBefore() {
        let broken = Self.record(violations: ["operation #7 was lost"])
        let row = ExactComparison(scenario: "s", target: "t").rows([], base: broken, head: broken).first
        #expect(row?.verdict == .regressed)
        #expect(row?.detail == "conservation: operation #7 was lost")
    }

    @Test func whatDoesNotRepeatIsLeftOpen() {
        let compare = ExactComparison(scenario: "s", target: "t")
        let differing = compare.rows(["completed"], base: Self.record(), head: Self.record(["completed": 19]))[1]
        let equal = compare.rows(["completed"], base: Self.record(), head: Self.record())[1]
        #expect(differing.confirmed(by: differing).verdict == .regressed)
        #expect(differing.confirmed(by: equal).verdict == .inconclusive)
        #expect(equal.confirmed(by: differing).verdict == .same)
    }

    private func confirmed(
        _ first: (base: ExactRecord, head: ExactRecord),
        _ second: (base: ExactRecord, head: ExactRecord)
    ) -> [RegressionRow] {
        ExactComparison(scenario: "s", target: "t").confirmed(
            ["completed"],
            first: ExactComparison.Runs(base: first.base, head: first.head),
            second: ExactComparison.Runs(base: second.base, head: second.head)
        )
    }

    @Test func aViolationThatOnlyTheSecondRunShowsCounts() {
        let worse = Self.record(["completed": 19])
        let broken = Self.record(["completed": 19], violations: ["operation #7 was lost"])
        let rows = confirmed((Self.record(), worse), (Self.record(), broken))
        #expect(rows.map(\.verdict) == [.regressed, .regressed])
        #expect(rows.first?.detail?.contains("operation #7 was lost; seen when the runs were made again") == true)
    }

    @Test func aViolationThatOnlyTheFirstRunShowsCounts() {
        let broken = Self.record(["completed": 19], violations: ["operation #7 was lost"])
        let rows = confirmed((Self.record(), broken), (Self.record(), Self.record(["completed": 19])))
        #expect(rows.first?.verdict == .regressed)
    }

    @Test func aBuildThatDiffersFromItselfIsLeftOpen() {
        let rows = confirmed(
            (Self.record(), Self.record(["completed": 19])),
            (Self.record(), Self.record(["completed": 18]))
        )
        #expect(rows.map(\.verdict) == [.same, .inconclusive])
        #expect(rows.last?.detail?.contains("differs from itself") == true)
    }

    @Test func whatCannotBeRepeatedKeepsItsFiguresAndSaysWhy() {
        let compare = ExactComparison(scenario: "s", target: "t")
        let row = compare.rows(["completed"], base: Self.record(), head: Self.record(["completed": 19]))[1]
        let open = row.leftOpen("could not be run again")
        #expect(open.verdict == .inconclusive)
        #expect(open.head?.value == 19)
        #expect(open.detail == "could not be run again")
    }
}
