import HarnessKit
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RegressionDecodingTests {
    @Test func rulesAreReadWithTheirMargins() throws {
        let text = #"""
            "regress": {
              "exact": ["historyDigest", "mallocs.perOperation"],
              "paired": { "cpu.perOperation": { "margin": "3%", "floor": "5ns" }, "throughput": "5%" },
              "observe": { "response.p99": "25%" }
            }
            """#
        let reading = try Fixture.read(Fixture.scenario(text))
        #expect(reading.problems == [])
        let rules = try #require(reading.scenario?.regression)
        #expect(rules.exact == ["historyDigest", "mallocs.perOperation"])
        #expect(rules.paired == [.init("cpu.perOperation", 0.03, floor: 5e-9), .init("throughput", 0.05)])
        #expect(rules.observe == [.init("response.p99", 0.25)])
        #expect(reading.scenario?.regressionRules == rules)
    }

    @Test(arguments: [
        (#""paired": { "throughputt": "3%" }"#, #"unknown metric "throughputt""#),
        (#""paired": { "throughput": 0.03 }"#, "has no unit"),
        (#""paired": { "offered": "3%" }"#, "has no better direction"),
        (#""paired": { "throughput": { "margin": "3%", "floor": "5ns" } }"#, "a floor is a duration"),
        (#""exact": ["digest"]"#, #"unknown metric "digest""#),
        (#""exakt": []"#, #"unknown key "exakt""#),
    ])
    func mistakesAreNamed(text: String, message: String) throws {
        let reading = try Fixture.read(Fixture.scenario(#""regress": { \#(text) }"#))
        #expect(reading.scenario == nil)
        #expect(reading.problems.contains { $0.message.contains(message) }, "\(reading.problems)")
    }

    @Test func aScenarioWithoutRulesHasTheStandardOnesThatMeanSomething() throws {
        let counts = try #require(try Fixture.read(Fixture.scenario(#""record": "counts""#)).scenario)
        #expect(counts.regression == nil)
        #expect(!counts.regressionRules.exact.contains("historyDigest"))
        #expect(counts.regressionRules.observe.isEmpty)
        let open = try #require(try Fixture.read(Fixture.scenario("")).scenario)
        #expect(open.regressionRules.exact.contains("historyDigest"))
        #expect(open.regressionRules.paired.map(\.metric) == ["cpu.perOperation"])
        let closed = try #require(try Fixture.read(Fixture.scenario(load: Fixture.closedLoad)).scenario)
        #expect(closed.regressionRules.paired.map(\.metric) == ["cpu.perOperation", "throughput"])
    }
}
