import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct RecoveryTests {
    private static let second: Int64 = 1_000_000_000

    /// A hundred arrivals per second for four seconds; a fault is active in the second one.
    private static func plan() throws -> Plan {
        var scenario = PlanFixture.open(rate: 100, seconds: 4)
        scenario.faults = [
            FaultRule(
                id: "outage",
                scope: .attempt,
                rate: 1,
                active: .between(.seconds(1), .seconds(2)),
                effect: .error("down")
            )
        ]
        return try Plan(scenario)
    }

    /// Responses take 10 ms; those of arrivals in the second after the fault take `slow` ms, or fail without any.
    private func recovery(slow: Double?, until end: Double = 2500, faultless: Bool = false) throws -> Metric? {
        let plan = try faultless ? Plan(PlanFixture.open(rate: 100, seconds: 4)) : Self.plan()
        let history = HistoryScript.make { script in
            for (index, nanoseconds) in plan.intendedStarts.enumerated() {
                let time = Double(nanoseconds) / 1e6
                let isDisturbed = time >= 1000 && time < end
                guard isDisturbed, time >= 2000 || slow == nil else {
                    script.run(Int32(index), submitted: time, started: time, completed: time + 10)
                    continue
                }
                if let slow {
                    script.run(Int32(index), submitted: time, started: time, completed: time + slow)
                } else {
                    script.submit(Int32(index), at: time)
                    script.start(Int32(index), at: time)
                    script.fail(Int32(index), at: time + 1)
                }
            }
        }
        let span = PhaseSpan(name: "main", measured: true, start: 0, end: 4 * Self.second)
        return HistoryMetrics(history: history, plan: plan, phaseSpans: [span]).total()["recovery.time"]
    }

    @Test func responsesThatStaySlowForAWhileTakeThatLong() throws {
        #expect(try recovery(slow: 80) == Metric(value: 0.6, unit: .seconds, n: 100))
    }

    @Test func failuresAfterTheFaultCountToo() throws {
        #expect(try recovery(slow: nil)?.value == 0.6)
    }

    @Test func whoeverIsAsBeforeAtOnceTakesNoTime() throws {
        #expect(try recovery(slow: 10)?.value == 0)
    }

    @Test func whoeverNeverRecoversTakesAtLeastTheRestOfTheRun() throws {
        #expect(try recovery(slow: 80, until: 4000)?.value == 2)
    }

    @Test func oneHealthySliceIsNoRecovery() throws {
        #expect(try recovery(slow: 80, until: 3800)?.value == 2)
    }

    @Test func withoutAFaultThereIsNoTime() throws {
        #expect(try recovery(slow: 80, faultless: true) == nil)
    }
}
