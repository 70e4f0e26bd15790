import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct PeerTests {
    @Test func idsAreTheFixedOnes() {
        #expect(
            PeerTargets.all.map { $0.id } == [
                "peer.task-group", "peer.async-stream", "peer.async-channel", "peer.operation-queue",
                "peer.dispatch-queue", "peer.keyed-streams", "peer.task-per-operation",
            ]
        )
    }

    @Test(arguments: Peer.all) func everyOperationRunsOnceBeforeDrainReturns(_ peer: Peer) async throws {
        let probe = BodyProbe()
        let target = try await peer.make(options: #"{"maxConcurrency": 4}"#, probe: probe)

        let accepted = try await target.feed(1000, intake: peer.type.capabilities.intake)
        try await target.drain()

        #expect(accepted == 1000)
        #expect(probe.seen.started == Dictionary(uniqueKeysWithValues: (0..<1000).map { ($0, 1) }))
        #expect(target.accounting() == .of(enqueued: 1000, completed: 1000))
        await target.shutdown()
    }

    @Test func taskGroupPullsFromASourceThatSuspends() async throws {
        let probe = BodyProbe()
        let target = try await Peer(type: TaskGroupPeer.self).make(options: "{}", probe: probe)

        try await target.feed(100, intake: .pull, synchronously: false)
        try await target.drain()

        #expect(probe.seen.started.count == 100)
        await target.shutdown()
    }

    @Test(arguments: Peer.all) func concurrencyReachesItsLimitAndNeverExceedsIt(_ peer: Peer) async throws {
        let limit = 16
        let limitReached = PeerLatch()
        let probe = BodyProbe { _, active in
            if active == limit { limitReached.open() }
            try await limitReached.wait()
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 16}"#, probe: probe)

        try await target.feed(500, intake: peer.type.capabilities.intake)
        try await target.drain()

        #expect(probe.seen.peak == limit)
        await target.shutdown()
    }

    @Test(arguments: Peer.all) func operationsThatThrowAreCountedAndTheRestGoesOn(_ peer: Peer) async throws {
        let probe = BodyProbe { operation, _ in
            switch operation.index % 4 {
            case 0: throw ScriptedError(name: "transient")
            case 1: throw CancellationError()
            default: break
            }
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 2}"#, probe: probe)

        try await target.feed(100, intake: peer.type.capabilities.intake)
        try await target.drain()

        #expect(target.accounting() == .of(enqueued: 100, completed: 50, failed: 25, cancelled: 25))
        await target.shutdown()
    }

    @Test(arguments: Peer.pushed) func operationsAreRefusedAfterDrain(_ peer: Peer) async throws {
        let probe = BodyProbe()
        let target = try await peer.make(options: "{}", probe: probe)
        try await target.drain()

        #expect(try await target.submit(Operation(index: 0)) == .refused)

        await target.shutdown()
        #expect(probe.seen.started.isEmpty)
        #expect(target.accounting() == .of())
    }

    @Test(arguments: Peer.queued) func operationsBeyondTheQueueCapacityAreRefused(_ peer: Peer) async throws {
        let (firstStarted, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            firstStarted.open()
            try await release.wait()
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 1, "queueCapacity": 2}"#, probe: probe)
        #expect(target.trySubmit(Operation(index: 0)) == .accepted)
        try await firstStarted.wait()

        let answers = (1...3).map { target.trySubmit(Operation(index: $0)) }

        #expect(answers == [.accepted, .accepted, .refused])
        #expect(target.accounting().pending == 2)
        release.open()
        try await target.drain()
        #expect(target.accounting() == .of(enqueued: 3, completed: 3))
        await target.shutdown()
    }

    @Test(
        arguments: Peer.all,
        [#"{"maxConcurrency": 0}"#, #"{"maxConcurrency": -3}"#]
    ) func limitsBelowOneAreRefused(_ peer: Peer, options: String) {
        #expect(throws: PluginOptionError.self) { try peer.validate(options: options) }
    }

    @Test(arguments: Peer.queued) func queueCapacityBelowOneIsRefused(_ peer: Peer) {
        #expect(throws: PluginOptionError.self) { try peer.validate(options: #"{"queueCapacity": 0}"#) }
    }
}
