import HarnessKit
import Synchronization
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct KeyedTargetTests {
    static let all: [Peer] = [
        Peer(type: KeyedCoordinatorTarget.self), Peer(type: KeyedPriorityCoordinatorTarget.self),
        Peer(type: KeyedStreamsPeer.self),
    ]

    @Test(arguments: all) func keysRunSideBySideAndEachInOrder(_ target: Peer) async throws {
        let allBusy = PeerLatch()
        let running = Mutex<Set<Int>>([])
        let isExclusive = Mutex(true)
        let probe = BodyProbe { operation, active in
            let isFirst = running.withLock { $0.insert(operation.key).inserted }
            if !isFirst { isExclusive.withLock { $0 = false } }
            if active == 4 { allBusy.open() }
            try await allBusy.wait()
            _ = running.withLock { $0.remove(operation.key) }
        }
        let instance = try await target.make(options: #"{"maxConcurrency": 4}"#, probe: probe)
        for index in 0..<40 { #expect(instance.trySubmit(Operation(index: index, key: index % 4)) == .accepted) }
        try await instance.drain()

        #expect(probe.seen.peak == 4)
        #expect(isExclusive.withLock { $0 })
        for key in 0..<4 {
            #expect(probe.seen.order.filter { $0 % 4 == key } == Array(stride(from: key, to: 40, by: 4)))
        }
        #expect(instance.accounting() == .of(enqueued: 40, completed: 40))
        await instance.shutdown()
    }

    @Test(arguments: all) func keysTogetherStayWithinTheLimit(_ target: Peer) async throws {
        let bothBusy = PeerLatch()
        let probe = BodyProbe { _, active in
            if active == 2 { bothBusy.open() }
            try await bothBusy.wait()
        }
        let instance = try await target.make(options: #"{"maxConcurrency": 2}"#, probe: probe)
        for index in 0..<100 { _ = instance.trySubmit(Operation(index: index, key: index)) }
        try await instance.drain()
        #expect(probe.seen.peak == 2)
        await instance.shutdown()
    }

    @Test(arguments: all) func shutdownCancelsWhatRunsAndDropsWhatWaits(_ target: Peer) async throws {
        let (started, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await never.wait()
        }
        let instance = try await target.make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        for index in 0..<20 { _ = instance.trySubmit(Operation(index: index, key: index % 3)) }
        try await started.wait()
        await instance.shutdown()

        #expect(probe.seen.active == 0)
        #expect(probe.seen.discarded.union(probe.seen.started.keys) == Set(0..<20))
        #expect(probe.seen.discarded.isDisjoint(with: probe.seen.started.keys))
        #expect(instance.accounting() == .of(enqueued: 20, cancelled: 20))
        #expect(try await instance.submit(Operation(index: 20)) == .refused)
    }

    @Test func theStreamsPeerServesAKeyAgainThatWasIdle() async throws {
        let ended = (0..<50).map { _ in PeerLatch() }
        let probe = BodyProbe { operation, _ in ended[operation.index].open() }
        let instance = try await Peer(type: KeyedStreamsPeer.self).make(options: "{}", probe: probe)
        for round in 0..<50 {
            #expect(instance.trySubmit(Operation(index: round, key: 1)) == .accepted)
            // Whether the stream of this round has been closed by now or not, the next operation finds one.
            try await ended[round].wait()
        }
        try await instance.drain()
        #expect(probe.seen.order == Array(0..<50))
        await instance.shutdown()
    }

    @Test func aKeyAtItsThresholdIsRefusedWhereRefusingIsAskedFor() async throws {
        let probe = BodyProbe()
        let options = #"{"enableFairScheduling": true, "fairSchedulingThreshold": 2, "refuseInsteadOfWaiting": true}"#
        let instance = try await Peer(type: KeyedCoordinatorTarget.self).make(options: options, probe: probe)
        try instance.apply(.pause)
        let answers = (0..<3).map { instance.trySubmit(Operation(index: $0, key: 7)) }
        #expect(answers == [.accepted, .accepted, .refused])
        #expect(instance.trySubmit(Operation(index: 3, key: 8)) == .accepted)
        try instance.apply(.resume)
        try await instance.drain()
        await instance.shutdown()
    }

    @Test(arguments: [#"{"maxConcurrencyPerKey": 0}"#, #"{"fairSchedulingThreshold": 0}"#])
    func keyOptionsBelowOneAreRefused(options: String) {
        for type in [KeyedCoordinatorTarget.self, KeyedForEachTarget.self] as [any Target.Type] {
            #expect(throws: PluginOptionError.self) { try Peer(type: type).validate(options: options) }
        }
    }
}
