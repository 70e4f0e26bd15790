import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ScenarioSchemaTests {
    private func schema() throws -> JSONValue {
        let text = ScenarioSchema.make(registry: try Fixture.registry())
        let (value, problems) = JSONReader.read(SourceText(path: "schema", bytes: Array(text.utf8)))
        #expect(problems == [])
        return try #require(value).plain
    }

    @Test func schemaNamesItsDraftAndRefusesUnknownKeys() throws {
        let schema = try schema()
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["$id"] == "urn:ephemeral:harness:scenario-1")
        #expect(schema["additionalProperties"] == .bool(false))
        #expect(schema["required"] == ["$schema", "name"])
        #expect(schema["then"]?["required"] == ["$schema", "format", "name", "targets", "load"])
    }

    @Test func useOfATargetSelectsItsOptions() throws {
        guard case .array(let rules) = try schema()["$defs"]?["target"]?["allOf"] else {
            Issue.record("no rules")
            return
        }
        #expect(rules.map { $0["if"]?["properties"]?["use"]?["const"] } == ["fake.queue", "peer.fake"])
        let options = rules[0]["then"]?["properties"]?["options"]
        #expect(options?["properties"]?["maxConcurrency"]?["description"] == "how many run at once")
        #expect(options?["properties"]?["maxConcurrency"]?["default"] == .integer(8))
        #expect(options?["additionalProperties"] == .bool(false))
        #expect(rules[1]["then"]?["properties"]?["options"]?["properties"] == [:])
    }

    @Test func invariantsWithRequiredOptionsAreObjectsOnly() throws {
        guard case .array(let forms) = try schema()["$defs"]?["invariant"]?["anyOf"] else {
            Issue.record("no forms")
            return
        }
        guard case .array(let names) = forms[0]["anyOf"] else { return }
        guard case .array(let bare) = names[0]["enum"] else { return }
        #expect(!bare.contains("fake.bound"))
        #expect(bare.contains("conservation"))
    }

    @Test func useOfAFaultSelectsItsOptions() throws {
        let fault = try schema()["$defs"]?["fault"]
        guard case .array(let rules) = fault?["allOf"] else {
            Issue.record("no rules")
            return
        }
        let options = rules[0]["then"]?["properties"]?["options"]
        #expect(options?["properties"]?["key"]?["description"] == "the key that it concerns")
        #expect(options?["required"] == ["key"])
        #expect(fault?["oneOf"] == [["required": ["error"]], ["required": ["delay"]], ["required": ["use"]]])
    }

    @Test func withoutFaultPluginsThereIsNothingToUse() throws {
        let text = ScenarioSchema.make(registry: try PluginRegistry(targets: [FakePeer.self]))
        let (value, _) = JSONReader.read(SourceText(path: "schema", bytes: Array(text.utf8)))
        let fault = try #require(value).plain["$defs"]?["fault"]
        #expect(fault?["properties"]?["use"] == nil)
        #expect(fault?["oneOf"] == [["required": ["error"]], ["required": ["delay"]]])
    }

    @Test func equalRegistriesGiveEqualTexts() throws {
        let reversed = try PluginRegistry(
            targets: [FakePeer.self, FakeQueue.self],
            invariants: [FakeBound.self],
            faults: [FakeFault.self]
        )
        #expect(ScenarioSchema.make(registry: reversed) == ScenarioSchema.make(registry: try Fixture.registry()))
    }
}
