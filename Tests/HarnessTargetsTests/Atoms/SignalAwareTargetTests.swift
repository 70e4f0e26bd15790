import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct SignalAwareTargetTests {
    private static let rules = #""cancelOn": "stop", "deferOn": "wait""#

    @Test(arguments: [false, true]) func aCancellingSignalRefuses(ambient: Bool) async throws {
        let options = "{\(Self.rules), \"ambient\": \(ambient)}"
        let instance = try await Peer(type: SignalAwareTarget.self).make(options: options, probe: BodyProbe())
        let port = try #require(instance.signals)
        port.raise("stop")
        #expect(try await instance.submit(Operation(index: 0)) == .refused)
        #expect(port.retract("st*") == 1)
        #expect(try await instance.submit(Operation(index: 0)) == .accepted)
        try await instance.drain()
        await instance.shutdown()
    }

    @Test(arguments: [false, true]) func aDeferringSignalHoldsBackUntilItIsRetracted(ambient: Bool) async throws {
        var scenario = VirtualScenario(
            targets: """
                { "id": "a", "use": "atom.signal-aware", "options": { \(Self.rules), "ambient": \(ambient) } }
                """
        )
        scenario.timeline = #"[{ "at": "300ms", "for": "200ms", "do": { "signal": "wait" } }]"#
        let run = try await scenario.soundRun()
        let starts = try #require(run.history).events.filter { $0.kind == .started }.map(\.time)
        #expect(starts.count == 100)
        #expect(!starts.contains { $0 > 301_000_000 && $0 < 500_000_000 })
    }
}
