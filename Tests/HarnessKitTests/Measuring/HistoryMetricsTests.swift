import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct HistoryMetricsTests {
    private static let millisecond: Int64 = 1_000_000

    /// Open load of ten arrivals per second over two phases of a second: due at 50, 150 and so on to 1950 ms.
    private static func plan() throws -> Plan {
        try Plan(
            PlanFixture.open([
                Phase(name: "warm", end: .after(.seconds(1)), rate: .constant(10), measure: false),
                Phase(name: "main", end: .after(.seconds(1)), rate: .constant(10)),
            ])
        )
    }

    private static let spans = [
        PhaseSpan(name: "warm", measured: false, start: 0, end: 1000 * millisecond),
        PhaseSpan(name: "main", measured: true, start: 1000 * millisecond, end: 2000 * millisecond),
    ]

    private func metrics(
        closing: RunClosing = .drained,
        _ write: (inout HistoryScript) -> Void
    ) throws -> HistoryMetrics {
        try HistoryMetrics(
            history: HistoryScript.make(write),
            plan: Self.plan(),
            phaseSpans: Self.spans,
            closing: closing
        )
    }

    @Test func everyOfferedOperationHasOneFate() throws {
        let table = try metrics {
            $0.run(10, submitted: 1050, started: 1060, completed: 1070)
            $0.submit(11, at: 1150)
            $0.start(11, at: 1160)
            $0.fail(11, at: 1170)
            $0.submit(12, at: 1250)
            $0.add(.discarded, 12, at: 1900)
            $0.submit(13, at: 1350)
            $0.start(13, at: 1360)
            $0.add(.cancelled, 13, at: 1370)
            $0.add(.submitted, 14, at: 1450)
            $0.add(.refused, 14, at: 1450)
            $0.submit(15, at: 1550)
            $0.start(15, at: 1560)
            $0.submit(16, at: 1650)
            $0.add(.submitted, 17, at: 1750)
        }.total()
        let counts = [
            "offered", "accepted", "refused", "completed", "failed", "cancelled", "unfinished", "lost", "duplicated",
        ].map { table[$0]?.value }
        #expect(counts == [8, 6, 1, 1, 1, 2, 2, 1, 0])
        #expect(table["success.ratio"] == Metric(value: 0.125, unit: .ratio, n: 8))
        #expect(table["throughput"] == Metric(value: 1, unit: .perSecond, n: 1))
    }

    @Test func attemptsAreWastedUnlessTheyEndAnOperationSuccessfully() throws {
        let table = try metrics {
            $0.run(10, submitted: 1050, started: 1060, completed: 1070)
            $0.submit(11, at: 1150)
            $0.start(11, at: 1160)
            $0.fail(11, at: 1170)
            $0.start(11, at: 1180, attempt: 2)
            $0.complete(11, at: 1190, attempt: 2)
            $0.submit(12, at: 1250)
            $0.start(12, at: 1260)
            $0.fail(12, at: 1270)
        }.total()
        #expect(table["attempts.wasted"] == Metric(value: 0.5, unit: .ratio, n: 4))
    }

    @Test func whatATargetTellsOfTheEndDecidesFateAndResponse() throws {
        let table = try metrics {
            $0.run(10, submitted: 1050, started: 1060, completed: 1070)
            $0.end(10, at: 1100)
            $0.run(11, submitted: 1150, started: 1160, completed: 1170)
            $0.end(11, at: 1200, error: "broken")
        }.total()
        #expect([table["completed"]?.value, table["failed"]?.value] == [1, 1])
        #expect(table["response.max"] == Metric(value: 0.05, unit: .seconds, n: 1))
        #expect(table["attempts.wasted"] == Metric(value: 0.5, unit: .ratio, n: 2))
    }

    @Test func anOperationBelongsToThePhaseOfItsIntendedStart() throws {
        let phases = try metrics { $0.run(9, submitted: 1100, started: 1101, completed: 1102) }.phases()
        #expect(phases.map { $0.metrics["completed"]?.value } == [1, 0])
        #expect(phases.map(\.name) == ["warm", "main"])
        #expect(phases.map(\.seconds) == [1, 1])
    }

    @Test func unmeasuredPhasesStayOutOfTheTotal() throws {
        let total = try metrics { $0.run(0, submitted: 50, started: 51, completed: 52) }.total()
        #expect(total["offered"]?.value == 0)
        #expect(total["success.ratio"] == nil)
    }

    @Test func theIntervalsOfAnOperationAddUp() throws {
        let table = try metrics {
            $0.submit(10, at: 1051, accepted: 1053)
            $0.start(10, at: 1060)
            $0.fail(10, at: 1061)
            $0.start(10, at: 1070, attempt: 2)
            $0.complete(10, at: 1080, attempt: 2)
        }.total()
        let names = ["lateness", "blockedInSubmit", "queueWait", "service", "response"]
        #expect(names.map { table["\($0).max"]?.value } == [0.001, 0.002, 0.009, 0.02, 0.03])
        #expect(table["attempts.perOperation.mean"]?.value == 2)
    }

    @Test func responsesOfFailuresAreNotMixedIn() throws {
        let table = try metrics {
            $0.submit(10, at: 1050)
            $0.start(10, at: 1051)
            $0.fail(10, at: 1052)
        }.total()
        #expect(table["response.count"]?.value == 0)
        #expect(table["response.max"] == nil)
        #expect(table["queueWait.count"]?.value == 1)
    }

    @Test func aSecondCompletionIsADuplicateAndKeepsTheFirstResponse() throws {
        let table = try metrics {
            $0.run(10, submitted: 1050, started: 1060, completed: 1070)
            $0.start(10, at: 1080, attempt: 2)
            $0.complete(10, at: 1090, attempt: 2)
        }.total()
        #expect(table["duplicated"]?.value == 1)
        #expect(table["completed"]?.value == 1)
        #expect(table["response.max"]?.value == 0.02)
    }

    @Test func whatEndsAfterTheRunWasGivenUpIsUnfinished() throws {
        let table = try metrics(closing: .gaveUp(at: 2500 * Self.millisecond)) {
            $0.submit(10, at: 1050)
            $0.start(10, at: 1060)
            $0.add(.cancelled, 10, at: 2600)
            $0.submit(11, at: 1150)
            $0.add(.discarded, 11, at: 2600)
        }.total()
        #expect(["unfinished", "cancelled", "lost"].map { table[$0]?.value } == [2, 0, 0])
    }

    @Test func levelsBelongToTheTimeTheyAreReached() throws {
        let phases = try metrics {
            $0.run(0, submitted: 100, started: 200, completed: 1500)
            $0.run(1, submitted: 150, started: 1200, completed: 1300)
        }.phases()
        #expect(phases.map { $0.metrics["concurrency.max"]?.value } == [1, 2])
        #expect(phases.map { $0.metrics["depth.max"]?.value } == [2, 1])
    }

    @Test func closedLoadIsDueWhenItIsSubmittedAndHasNoLateness() throws {
        let plan = try Plan(PlanFixture.closed([Phase(name: "main", end: .after(.seconds(1)))]))
        let history = HistoryScript.make { $0.run(0, submitted: 10, started: 12, completed: 15) }
        let span = PhaseSpan(name: "main", measured: true, start: 0, end: 1000 * Self.millisecond)
        let total = HistoryMetrics(history: history, plan: plan, phaseSpans: [span]).total()
        #expect(total["response.max"]?.value == 0.005)
        #expect(total["lateness.count"] == nil)
    }

    @Test func aWindowTakesIntendedStartsFromItsLowerBoundToBelowItsUpper() throws {
        let metrics = try metrics {
            for operation in 0..<20 as Range<Int32> {
                let due = Double(operation) * 100 + 50
                $0.run(operation, submitted: due, started: due, completed: due + 1)
            }
        }
        #expect(metrics.table(window: 150 * Self.millisecond..<450 * Self.millisecond)["offered"]?.value == 3)
    }

    @Test func theTotalMergesSamplesAndNotPercentiles() throws {
        let phases = ["a", "b"].map { Phase(name: $0, end: .after(.seconds(1)), rate: .constant(20)) }
        let spans = phases.enumerated().map { index, phase in
            let start = Int64(index) * 1000 * Self.millisecond
            return PhaseSpan(name: phase.name, measured: true, start: start, end: start + 1000 * Self.millisecond)
        }
        // The first phase answers in 1 to 20 ms, the second in 21 to 40 ms.
        let history = HistoryScript.make {
            for operation in 0..<40 as Range<Int32> {
                let due = Double(operation) * 50 + 25
                $0.run(operation, submitted: due, started: due, completed: due + Double(operation) + 1)
            }
        }
        let metrics = try HistoryMetrics(history: history, plan: Plan(PlanFixture.open(phases)), phaseSpans: spans)
        #expect(metrics.phases().map { $0.metrics["response.p50"]?.value } == [0.01, 0.03])
        let total = metrics.total()
        #expect(total["response.p50"] == Metric(value: 0.02, unit: .seconds, n: 40))
        #expect(total["throughput"]?.value == 20)
        #expect(total["completed"]?.value == 40)
        let response = try #require(metrics.spectra()["response"])
        #expect(response.first?.seconds == 0.001)
        #expect(response.last?.seconds == 0.04)
    }

    @Test func theTableHoldsNoNameOutsideTheCatalogue() throws {
        let table = try metrics { $0.run(10, submitted: 1050, started: 1060, completed: 1070) }.total()
        let known = MetricCatalogue.all.map(\.name)
        let names = table.metrics.map(\.name)
        #expect(names.allSatisfy(known.contains))
        #expect(names == known.filter(names.contains))
        #expect(table.metrics.allSatisfy { MetricCatalogue.metric(named: $0.name)?.unit == $0.metric.unit })
    }
}
