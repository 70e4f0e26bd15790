import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct ResultTargetTests {
    static let all: [Peer] = [Peer(type: ResultCoordinatorTarget.self), Peer(type: TaskPerOperationPeer.self)]

    @Test(arguments: all) func eachSubmissionIsAnsweredOnceWithItsOwnResult(_ target: Peer) async throws {
        let probe = BodyProbe { operation, _ in
            switch operation.index % 3 {
            case 1: throw ScriptedError(name: "transient")
            case 2: throw CancellationError()
            default: break
            }
        }
        let instance = try await target.make(options: "{}", probe: probe)
        await withDiscardingTaskGroup { group in
            for index in 0..<90 { group.addTask { _ = try? await instance.submit(Operation(index: index)) } }
        }
        let expected = (0..<90).map { ($0, [$0 % 3 == 0 ? $0 : nil]) } as [(Int, [Int?])]
        #expect(probe.seen.delivered == Dictionary(uniqueKeysWithValues: expected))
        try await instance.drain()
        #expect(instance.accounting().completed == 30)
        await instance.shutdown()
    }

    @Test func anOperationThatIsDroppedIsAnsweredAndToldToTheRun() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: ResultCoordinatorTarget.self).make(options: "{}", probe: probe)
        try instance.apply(.cancel)
        #expect(try await instance.submit(Operation(index: 0)) == .refused)
        await instance.shutdown()

        let options = #"{"cancelOnSignals": "stop"}"#
        let skipping = try await Peer(type: ResultCoordinatorTarget.self).make(options: options, probe: probe)
        skipping.signals?.raise("stop")
        #expect(try await skipping.submit(Operation(index: 1)) == .accepted)
        #expect(probe.seen.started.isEmpty)
        #expect(probe.seen.discarded == [1])
        #expect(probe.seen.delivered == [1: [nil]])
        await skipping.shutdown()
    }

    @Test func thePeerRefusesAfterDrainAndCancelsAtShutdown() async throws {
        let (started, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await never.wait()
        }
        let instance = try await Peer(type: TaskPerOperationPeer.self).make(options: "{}", probe: probe)
        async let answer = instance.submit(Operation(index: 0))
        try await started.wait()
        await instance.shutdown()
        #expect(try await answer == .accepted)
        #expect(probe.seen.delivered == [0: [nil]])
        #expect(try await instance.submit(Operation(index: 1)) == .refused)
        #expect(instance.accounting() == .of(enqueued: 1, cancelled: 1))
    }
}
