import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FaultScriptTests {
    private func plan(_ faults: [FaultRule], phases: [Phase]? = nil) throws -> Plan {
        let main = Phase(name: "main", end: .after(.seconds(10)), rate: .constant(10))
        var scenario = PlanFixture.open(phases ?? [main])
        scenario.work = Work(time: .constant(.milliseconds(1)), kind: .suspend)
        scenario.faults = faults
        return try Plan(scenario)
    }

    // 100 000 draws at 20 %: the share's standard error is 0.00126; four of them.
    @Test(arguments: FaultRule.Scope.allCases)
    func theShareOfHitsIsTheRate(scope: FaultRule.Scope) throws {
        let plan = try plan([FaultRule(id: "f", scope: scope, rate: 0.2, effect: .error("transient"))])
        let hits = (0..<100_000).count { plan.script(of: $0, attempt: 1, intendedStart: 0).error != nil }
        #expect(abs(Double(hits) / 100_000 - 0.2) < 0.0051)
    }

    @Test func anOperationsFaultHitsAllItsAttempts() throws {
        let plan = try plan([FaultRule(id: "f", scope: .operation, rate: 0.5, effect: .error("permanent"))])
        let outcomes = (0..<200).map { index in
            Set((1...8).map { plan.script(of: index, attempt: $0, intendedStart: 0).error })
        }
        #expect(outcomes.allSatisfy { $0.count == 1 })
        #expect(Set(outcomes).count == 2)
    }

    @Test func anAttemptsFaultIsDrawnAnew() throws {
        let plan = try plan([FaultRule(id: "f", scope: .attempt, rate: 0.5, effect: .error("transient"))])
        let outcomes = (1...64).map { plan.script(of: 0, attempt: $0, intendedStart: 0).error }
        #expect(Set(outcomes).count == 2)
    }

    @Test func aFaultOfOnePartLeavesTheOthersAlone() throws {
        var rule = FaultRule(id: "f", scope: .attempt, rate: 1, effect: .error("down"))
        rule.part = 2
        let plan = try plan([rule])
        let errors = (0...3).map { plan.script(of: 0, attempt: 1, part: $0, intendedStart: 0).error }
        #expect(errors == [nil, nil, 0, nil])
    }

    @Test func aTargetWithoutPartsIsAllItsFirst() throws {
        var rule = FaultRule(id: "f", scope: .attempt, rate: 1, effect: .error("down"))
        rule.part = 1
        let plan = try plan([rule])
        #expect((0...2).map { plan.script(of: 0, attempt: 1, part: $0, intendedStart: 0).error } == [0, 0, nil])
    }

    @Test func theFirstErrorRuleCounts() throws {
        let plan = try plan([
            FaultRule(id: "a", scope: .attempt, rate: 1, effect: .error("first")),
            FaultRule(id: "b", scope: .attempt, rate: 1, effect: .error("second")),
        ])
        #expect(plan.errorNames == ["first", "second"])
        #expect(plan.script(of: 0, attempt: 1, intendedStart: 0).error == 0)
    }

    @Test func rulesWithOneErrorShareItsName() throws {
        let plan = try plan([
            FaultRule(id: "a", scope: .attempt, rate: 0, effect: .error("x")),
            FaultRule(id: "b", scope: .attempt, rate: 0, effect: .error("y")),
            FaultRule(id: "c", scope: .attempt, rate: 1, effect: .error("x")),
        ])
        #expect(plan.errorNames == ["x", "y"])
        #expect(plan.script(of: 0, attempt: 1, intendedStart: 0).error == 0)
    }

    @Test func delaysAddUp() throws {
        let plan = try plan([
            FaultRule(id: "a", scope: .attempt, rate: 1, effect: .delay(.constant(.milliseconds(2)))),
            FaultRule(id: "b", scope: .operation, rate: 1, effect: .delay(.constant(.milliseconds(4)))),
        ])
        #expect(plan.script(of: 0, attempt: 1, intendedStart: 0) == AttemptScript(work: 7_000_000, error: nil))
    }

    @Test(arguments: [(0, false), (999, false), (1000, true), (1999, true), (2000, false)] as [(Int64, Bool)])
    func aRuleIsActiveByTheIntendedStart(milliseconds: Int64, isHit: Bool) throws {
        let phases = ["a", "b", "c"].map { Phase(name: $0, end: .after(.seconds(1)), rate: .constant(1)) }
        let rules = [
            FaultRule(id: "f", scope: .attempt, rate: 1, active: .phase("b"), effect: .error("e")),
            FaultRule(
                id: "g",
                scope: .attempt,
                rate: 1,
                active: .between(.seconds(1), .seconds(2)),
                effect: .error("e")
            ),
        ]
        let hits = try rules.map { rule in
            try plan([rule], phases: phases).script(of: 0, attempt: 1, intendedStart: milliseconds * 1_000_000).error
                != nil
        }
        #expect(hits == [isHit, isHit])
    }

    @Test func anAddedRuleLeavesTheDrawsOfTheOthers() throws {
        let rule = FaultRule(id: "f", scope: .attempt, rate: 0.3, effect: .error("e"))
        let other = FaultRule(id: "g", scope: .attempt, rate: 0.3, effect: .delay(.constant(.milliseconds(5))))
        let alone = try plan([rule])
        let together = try plan([other, rule])
        let errors = { (plan: Plan) in (0..<500).map { plan.script(of: $0, attempt: 1, intendedStart: 0).error } }
        #expect(errors(alone) == errors(together))
    }

    @Test func aPlanWithoutWorkAndFaultsIsTrivial() throws {
        #expect(try Plan(PlanFixture.open(rate: 10, seconds: 1)).isTrivial)
        #expect(try !plan([]).isTrivial)
        var scenario = PlanFixture.open(rate: 10, seconds: 1)
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 0.1, effect: .error("e"))]
        #expect(try !Plan(scenario).isTrivial)
    }
}
