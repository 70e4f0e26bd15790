import Testing

@testable import HarnessKit

/// A target with the lanes that its options name.
private enum FakeLanes: Target {
    struct Options: Codable, Sendable {
        var lanes: [String]?
    }

    static let id = "fake.lanes"
    static let summary = "Lanes for tests."
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func lanes(of options: Options) -> [String]? { options.lanes ?? ["normal"] }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        throw TargetContractError(message: "never made")
    }
}

@Suite(.timeLimit(.minutes(1)))
struct LaneDecodingTests {
    private static let laned = #"[{ "id": "l", "use": "fake.lanes", "options": { "lanes": ["urgent", "normal"] } }]"#

    private func read(_ priorities: String, targets: String = laned) throws -> ScenarioReading {
        let load = #"""
            { "model": "open", "priorities": \#(priorities), "phases": [{ "name": "main", "for": "4s", "rate": "100/s" }] }
            """#
        return ScenarioFile.read(
            text: Fixture.scenario(load: load, targets: targets),
            path: "s.json",
            registry: try PluginRegistry(targets: [FakeLanes.self, FakePeer.self])
        )
    }

    @Test func sharesByLane() throws {
        let scenario = try #require(try read(#"{ "normal": "90%", "urgent": "10%" }"#).scenario)
        #expect(
            scenario.load.lanes == .shares([.init(lane: "normal", share: 0.9), .init(lane: "urgent", share: 0.1)])
        )
    }

    @Test func lanesInTurn() throws {
        let scenario = try #require(try read(#"["urgent", "normal", "normal"]"#).scenario)
        #expect(scenario.load.lanes == .inTurn(["urgent", "normal", "normal"]))
    }

    @Test(arguments: [
        (
            #"{ "urgnt": "10%", "normal": "90%" }"#,
            #"/load/priorities/urgnt: the target "l" has no lane "urgnt"; did you mean "urgent"?"#
        ),
        (
            #"["normal", "urgnt", "urgnt"]"#,
            #"/load/priorities/1: the target "l" has no lane "urgnt"; did you mean "urgent"?"#
        ),
        (
            #"{ "urgent": "10%", "normal": "80%" }"#,
            "/load/priorities: the shares of the lanes add up to 90.0%; make them add up to 100%"
        ),
        (#"{ "normal": 1 }"#, #"/load/priorities/normal: the number 1 has no unit; write "100%""#),
        ("[]", "/load/priorities: the list is empty; write at least one lane"),
        (
            "{}",
            #"/load/priorities: there is no lane; name at least one with its share, as "normal": "100%""#
        ),
        (#"[""]"#, "/load/priorities/0: the name is empty; write the name of a lane"),
        (
            #""urgent""#,
            "/load/priorities: expected shares by lane, as { \"urgent\": \"10%\", \"normal\": \"90%\" }, or a list of "
                + "lanes, found a string"
        ),
    ])
    func mistakesAreLocated(priorities: String, expected: String) throws {
        #expect(try read(priorities).problems.map { "\($0.pointer): \($0.message)" } == [expected])
    }

    @Test func aTargetWithoutLanesIsAWarningBesideOneThatHasThem() throws {
        let both = Self.laned.dropLast() + #", { "id": "p", "use": "peer.fake" }]"#
        let reading = try read(#"["normal"]"#, targets: String(both))
        #expect(reading.problems.isEmpty)
        #expect(
            reading.warnings.map { "\($0.pointer): \($0.message)" }
                == [#"/load/priorities: it does not concern "p", which has no lanes"#]
        )
    }

    @Test func lanesWithoutAnyTargetForThemAreAMistake() throws {
        let reading = try read(#"["normal"]"#, targets: #"[{ "id": "p", "use": "peer.fake" }]"#)
        #expect(
            reading.problems.map { "\($0.pointer): \($0.message)" }
                == ["/load/priorities: no target has lanes; remove it, or add a target that has"]
        )
    }
}
