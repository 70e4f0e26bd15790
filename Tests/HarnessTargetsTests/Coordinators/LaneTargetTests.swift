import Ephemeral
import Foundation
import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct LaneTargetTests {
    static let all: [Peer] = [
        Peer(type: PriorityCoordinatorTarget.self), Peer(type: KeyedPriorityCoordinatorTarget.self),
    ]
    private static let lanes = #""lanes": [{"name": "urgent"}, {"name": "normal"}, {"name": "low", "maxDepth": 2}]"#

    @Test(arguments: all) func theHighestLaneStartsFirst(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(
            options: "{\"maxConcurrency\": 1, \(Self.lanes)}",
            probe: probe,
            // The scenario's order is its own; names decide.
            lanes: ["low", "urgent"]
        )
        try instance.apply(.pause)
        for index in 0..<4 {
            #expect(instance.trySubmit(Operation(index: index, key: index, lane: index % 2)) == .accepted)
        }
        try instance.apply(.resume)
        try await instance.drain()
        #expect(probe.seen.order == [1, 3, 0, 2])
        await instance.shutdown()
    }

    @Test(arguments: all) func withoutLanesOfTheScenarioTheDefaultLaneIsTaken(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: "{\(Self.lanes)}", probe: probe)
        #expect(instance.trySubmit(Operation(index: 0)) == .accepted)
        try await instance.drain()
        #expect(probe.seen.order == [0])
        await instance.shutdown()
    }

    @Test(arguments: all) func aLaneThatIsDeepEnoughRefuses(_ target: Peer) async throws {
        let instance = try await target.make(options: "{\(Self.lanes)}", probe: BodyProbe(), lanes: ["low"])
        try instance.apply(.pause)
        #expect(try await instance.submit(Operation(index: 0, key: 0)) == .accepted)
        #expect(try await instance.submit(Operation(index: 1, key: 1)) == .accepted)
        #expect(try await instance.submit(Operation(index: 2, key: 2)) == .refused)
        await instance.shutdown()
    }

    @Test(arguments: all) func submittingByTryEnqueueAloneRefusesAtOnce(_ target: Peer) async throws {
        let options = "{\"refuseInsteadOfWaiting\": true, \(Self.lanes)}"
        let instance = try await target.make(options: options, probe: BodyProbe(), lanes: ["low"])
        try instance.apply(.pause)
        let answers = (0..<3).map { instance.trySubmit(Operation(index: $0, key: $0)) }
        #expect(answers == [.accepted, .accepted, .refused])
        await instance.shutdown()
    }

    @Test(arguments: all) func aLaneThatTheTargetDoesNotHaveIsAnError(_ target: Peer) async throws {
        let instance = try await target.make(options: "{\(Self.lanes)}", probe: BodyProbe(), lanes: ["urgnt"])
        #expect(instance.trySubmit(Operation(index: 0)) == .wouldSuspend)
        await #expect(throws: CoordinatorError.self) { try await instance.submit(Operation(index: 0)) }
        await instance.shutdown()
    }

    @Test func lanesAreNamedFromTheHighest() throws {
        let named = Data(#"{"lanes": [{"name": "b"}, {"name": "a"}]}"#.utf8)
        let decoder = JSONDecoder()
        #expect(
            PriorityCoordinatorTarget.lanes(of: try decoder.decode(PriorityCoordinatorTarget.Options.self, from: named))
                == ["b", "a"]
        )
        #expect(
            KeyedPriorityCoordinatorTarget.lanes(
                of: try decoder.decode(KeyedPriorityCoordinatorTarget.Options.self, from: named)
            ) == ["b", "a"]
        )
        let unnamed = try decoder.decode(PriorityCoordinatorTarget.Options.self, from: Data("{}".utf8))
        #expect(PriorityCoordinatorTarget.lanes(of: unnamed) == ["normal"])
    }

    @Test(arguments: [
        (#"{"lanes": [{"name": " "}]}"#, "lanes/0/name"),
        (#"{"lanes": [{"name": "a"}, {"name": "a"}]}"#, "lanes/1/name"),
        (#"{"lanes": [{"name": "a", "maxConcurrency": 0}]}"#, "lanes/0/maxConcurrency"),
        (#"{"lanes": [{"name": "a", "maxDepth": 0}]}"#, "lanes/0/maxDepth"),
        (#"{"lanes": [{"name": "a", "maxDeferAttempts": -1}]}"#, "lanes/0/maxDeferAttempts"),
        (#"{"lanes": [{"name": "a", "deferCheckInterval": "0s"}]}"#, "lanes/0/deferCheckInterval"),
        (#"{"agingInterval": "0s"}"#, "agingInterval"),
    ])
    func mistakesInLanesAreLocated(options: String, option: String) throws {
        for target in Self.all {
            let error = #expect(throws: PluginOptionError.self) { try target.validate(options: options) }
            #expect(error?.option == option)
        }
    }
}
