import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PlanErrorTests {
    static let main = Phase(name: "main", end: .after(.seconds(10)), rate: .constant(10))

    @Test(arguments: [
        (RateCurve.constant(1e9), "the load has about 10000000000 arrivals"),
        (.constant(-1), "phase 'main': -1.0 arrivals per second"),
        (.linear(from: 1, to: .infinity), "phase 'main': inf arrivals per second"),
        (.steps([.init(rate: 1, duration: .seconds(11))]), "longer than the phase's 10.0 s"),
        (.steps([.init(rate: 1, duration: .seconds(4))]), "its steps end after 4.0 s of 10.0 s"),
    ])
    func impossibleRatesAreNamed(curve: RateCurve, message: String) {
        let phase = Phase(name: "main", end: .after(.seconds(10)), rate: curve)
        let error = #expect(throws: PlanError.self) { try Plan(PlanFixture.open([phase])) }
        #expect(error?.description.contains(message) == true)
    }

    @Test(arguments: [
        Burst(id: "late", at: .seconds(10), count: 1, over: .zero),
        Burst(id: "late", at: .seconds(9), count: 1, over: .seconds(2)),
        Burst(id: "late", at: .seconds(-1), count: 1, over: .zero),
    ])
    func aBurstOutsideThePhasesIsAnError(burst: Burst) {
        let error = #expect(throws: PlanError.self) { try Plan(PlanFixture.open([Self.main], bursts: [burst])) }
        #expect(error?.message.contains("burst 'late' does not lie within the phases") == true)
    }

    @Test func openLoadCannotEndAPhaseByOperations() {
        let phase = Phase(name: "main", end: .operations(5, limit: .seconds(1)))
        #expect(throws: PlanError.self) { try Plan(PlanFixture.open([phase])) }
    }

    @Test func phasesOfThousandsOfYearsAreAnErrorAndNoTrap() {
        let phases = [Phase(name: "a", end: .after(.seconds(Int64.max))), Self.main]
        #expect(throws: PlanError.self) { try Plan(PlanFixture.open(phases)) }
    }

    @Test func aFaultDuringAnUnknownPhaseNamesTheKnownOnes() {
        var scenario = PlanFixture.open([Self.main])
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 1, active: .phase("mian"), effect: .error("e"))]
        let error = #expect(throws: PlanError.self) { try Plan(scenario) }
        #expect(error?.message.contains("name one of 'main'") == true)
    }

    @Test func aFaultDuringAPhaseOfUnknownTimesIsAnError() {
        let counted = Phase(name: "first", end: .operations(5, limit: .seconds(1)))
        var scenario = PlanFixture.closed([counted, Self.main])
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 1, active: .phase("main"), effect: .error("e"))]
        let error = #expect(throws: PlanError.self) { try Plan(scenario) }
        #expect(error?.message.contains("whose times are not known before the run") == true)
    }
}
