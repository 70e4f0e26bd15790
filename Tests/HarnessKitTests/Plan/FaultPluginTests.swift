import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct FaultPluginTests {
    private func plan(_ fault: String) throws -> Plan {
        let text = Fixture.scenario(#""faults": [\#(fault)]"#, load: Self.keyedLoad)
        let reading = try Fixture.read(text)
        return try Plan(try #require(reading.scenario, "\(reading.problems)"))
    }

    private func problems(_ fault: String) throws -> [String] {
        try Fixture.problems(Fixture.scenario(#""faults": [\#(fault)]"#))
    }

    private static let keyedLoad = #"""
        { "model": "open", "keys": { "dist": "round-robin", "count": 4 },
          "phases": [{ "name": "main", "for": "4s", "rate": "100/s" }] }
        """#

    @Test func theEffectDependsOnTheOperation() throws {
        let plan = try plan(
            #"{ "id": "f", "use": "fake.fault", "rate": "100%", "options": { "key": 2, "delay": "7ms", "fails": true } }"#
        )
        let scripts = (0..<8).map { plan.script(of: $0, attempt: 1, intendedStart: 0) }
        #expect(scripts.map(\.work) == [0, 0, 7_000_000, 0, 0, 0, 7_000_000, 0])
        #expect(scripts.map(\.error) == [nil, nil, 0, nil, nil, nil, 0, nil])
        #expect(plan.errorNames == ["key-2"])
    }

    @Test func theRuleDecidesWhomItHits() throws {
        let plan = try plan(
            #"{ "id": "f", "use": "fake.fault", "rate": "50%", "during": { "from": "1s", "to": "2s" }, "options": { "key": 0, "fails": true } }"#
        )
        func errors(at seconds: Int64) -> Int {
            (0..<400).count { plan.script(of: $0, attempt: 1, intendedStart: seconds * 1_000_000_000).error != nil }
        }
        #expect(errors(at: 0) == 0)
        // 100 operations have the key 0; half of them, give or take four standard errors.
        #expect((30...70).contains(errors(at: 1)))
    }

    @Test func bitsOfAnAttemptAreAlwaysTheSame() throws {
        struct Options: Codable, Sendable {}
        enum Echo: Fault {
            static let id = "fake.echo"
            static let summary = "Delays by the bits of the plan."

            static func effect(on hit: FaultHit, options: Options) -> FaultEffect {
                FaultEffect(delay: .nanoseconds(Int64(hit.word % 1_000_000_000)))
            }
        }
        var scenario = PlanFixture.open(rate: 10, seconds: 10)
        let echo = try PluginFault(Echo.self, options: [:])
        scenario.faults = [FaultRule(id: "f", scope: .attempt, rate: 1, effect: .plugin(echo))]
        let (once, again) = (try Plan(scenario), try Plan(scenario))
        func delays(_ plan: Plan) -> [Int64] {
            (0..<100).flatMap { index in
                (1...3).map { plan.script(of: index, attempt: $0, intendedStart: 0).work }
            }
        }
        #expect(delays(once) == delays(again))
        #expect(Set(delays(once)).count == 300)
    }

    @Test func negativeAndEndlessDelaysAreBounded() throws {
        struct Options: Codable, Sendable { var seconds: Double }
        enum Far: Fault {
            static let id = "fake.far"
            static let summary = "Any delay."

            static func effect(on hit: FaultHit, options: Options) -> FaultEffect {
                FaultEffect(delay: .seconds(options.seconds))
            }
        }
        func work(_ seconds: Double) throws -> Int64 {
            var scenario = PlanFixture.open(rate: 10, seconds: 1)
            let far = try PluginFault(Far.self, options: ["seconds": .number(seconds)])
            scenario.faults = (0..<3).map { FaultRule(id: "f\($0)", scope: .attempt, rate: 1, effect: .plugin(far)) }
            return try Plan(scenario).script(of: 0, attempt: 1, intendedStart: 0).work
        }
        #expect(try work(-5) == 0)
        #expect(try work(1e15) == 3 * 315_576_000_000_000_000)
    }

    @Test func planDigestsTellOptionsApart() throws {
        func digest(_ key: Int) throws -> String {
            try plan(#"{ "id": "f", "use": "fake.fault", "rate": "10%", "options": { "key": \#(key) } }"#).digest
        }
        #expect(try digest(1) == digest(1))
        #expect(try digest(1) != digest(2))
    }

    @Test func wrongUsesNameTheirPlaceAndTheMend() throws {
        let cases: [(fault: String, problem: String)] = [
            (
                #"{ "id": "f", "rate": "1%", "use": "fake.falt", "options": { "key": 1 } }"#,
                #"/faults/0/use: unknown fault plugin "fake.falt"; did you mean "fake.fault"?"#
            ),
            (
                #"{ "id": "f", "rate": "1%", "use": "fake.fault" }"#,
                #"/faults/0/options: the key "key" is missing; add it: the key that it concerns"#
            ),
            (
                #"{ "id": "f", "rate": "1%", "use": "fake.fault", "options": { "key": -1 } }"#,
                #"/faults/0/options/key: option "key": write 0 or more"#
            ),
            (
                #"{ "id": "f", "rate": "1%", "error": "x", "options": {} }"#,
                #"/faults/0/options: "options" goes with "use" only; remove it"#
            ),
            (
                #"{ "id": "f", "rate": "1%", "error": "x", "use": "fake.fault", "options": { "key": 1 } }"#,
                #"/faults/0: a fault needs one of "error", "delay", "use" and has several"#
            ),
        ]
        for (fault, problem) in cases { #expect(try problems(fault) == [problem]) }
    }

    @Test func aFaultCannotTakeANameOfTheFormat() {
        enum Delay: Fault {
            typealias Options = NoInvariantOptions

            static let id = "delay"
            static let summary = "Taken."

            static func effect(on hit: FaultHit, options: Options) -> FaultEffect { .none }
        }
        #expect(throws: DuplicatePluginError(id: "delay", kind: "fault")) {
            try PluginRegistry(targets: [], faults: [Delay.self])
        }
    }
}
