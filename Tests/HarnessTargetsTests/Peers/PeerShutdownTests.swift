import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct PeerShutdownTests {
    @Test(arguments: Peer.all) func shutdownCancelsWhatRunsAndDropsWhatWaits(_ peer: Peer) async throws {
        let (bothStarted, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, active in
            if active == 2 { bothStarted.open() }
            try await never.wait()
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 2}"#, probe: probe)
        let feeding = Task { try await target.feed(100, intake: peer.type.capabilities.intake) }
        try await bothStarted.wait()

        await target.shutdown()

        _ = try await feeding.value
        let (seen, accounting) = (probe.seen, target.accounting())
        #expect(seen.active == 0)
        #expect(seen.started.count == 2)
        #expect(seen.discarded.isDisjoint(with: seen.started.keys))
        #expect(accounting.pending == 0)
        #expect(accounting.active == 0)
        #expect(accounting.enqueued == accounting.cancelled)
        #expect(accounting.cancelled == seen.started.count + seen.discarded.count)
    }

    @Test(arguments: Peer.queued) func shutdownTellsEveryOperationThatNeverStarted(_ peer: Peer) async throws {
        let (started, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await never.wait()
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        for index in 0..<50 { #expect(target.trySubmit(Operation(index: index)) == .accepted) }
        try await started.wait()

        await target.shutdown()

        #expect(probe.seen.discarded == Set(1..<50))
        #expect(target.accounting() == .of(enqueued: 50, cancelled: 50))
    }

    @Test(arguments: Peer.all) func shutdownOfAnIdlePeerReturns(_ peer: Peer) async throws {
        let target = try await peer.make(options: "{}", probe: BodyProbe())
        await target.shutdown()
        #expect(target.accounting() == .of())
    }

    @Test(arguments: Peer.all) func cancelledDrainThrowsWhileWorkGoesOn(_ peer: Peer) async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let target = try await peer.make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        let feeding = Task { try await target.feed(1, intake: peer.type.capabilities.intake) }
        try await started.wait()

        let draining = Task { try await target.drain() }
        draining.cancel()

        await #expect(throws: CancellationError.self) { try await draining.value }
        release.open()
        try await target.drain()
        _ = try await feeding.value
        #expect(target.accounting() == .of(enqueued: 1, completed: 1))
        await target.shutdown()
    }

    @Test func cancelledSendThroughTheChannelIsNotRun() async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let target = try await Peer(type: AsyncChannelPeer.self).make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        #expect(try await target.submit(Operation(index: 0)) == .accepted)
        try await started.wait()

        let sending = Task { try await target.submit(Operation(index: 1)) }
        sending.cancel()

        await #expect(throws: CancellationError.self) { try await sending.value }
        release.open()
        try await target.drain()
        #expect(probe.seen.started == [0: 1])
        await target.shutdown()
    }

    @Test func sendsThatWaitAtTheChannelAreRefusedWhenItCloses() async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let target = try await Peer(type: AsyncChannelPeer.self).make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        #expect(try await target.submit(Operation(index: 0)) == .accepted)
        try await started.wait()

        async let waiting = target.submit(Operation(index: 1))
        async let drained: Void = target.drain()

        #expect(try await waiting == .refused)
        release.open()
        try await drained
        #expect(target.accounting() == .of(enqueued: 1, completed: 1))
        await target.shutdown()
    }
}
