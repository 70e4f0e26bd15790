import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct CoordinatorTargetTests {
    /// Every target that is one of the library's coordinators.
    static let all: [Peer] = [
        Peer(type: WorkCoordinatorTarget.self), Peer(type: KeyedCoordinatorTarget.self),
        Peer(type: ResultCoordinatorTarget.self), Peer(type: PriorityCoordinatorTarget.self),
        Peer(type: KeyedPriorityCoordinatorTarget.self),
    ]
    /// Those that take operations without waiting for their end.
    static let queued = all.filter { $0.type != ResultCoordinatorTarget.self }

    @Test(arguments: all + [Peer(type: ForEachTarget.self), Peer(type: KeyedForEachTarget.self)])
    func everyOperationRunsOnceBeforeDrainReturns(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: #"{"maxConcurrency": 4}"#, probe: probe)

        #expect(try await instance.feed(300, intake: target.type.capabilities.intake) == 300)
        try await instance.drain()

        #expect(probe.seen.started == Dictionary(uniqueKeysWithValues: (0..<300).map { ($0, 1) }))
        #expect(instance.accounting() == .of(enqueued: 300, completed: 300))
        await instance.shutdown()
    }

    @Test func keyedForEachPullsFromASourceThatSuspends() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: KeyedForEachTarget.self).make(options: "{}", probe: probe)
        try await instance.feed(100, intake: .pull, synchronously: false)
        try await instance.drain()
        #expect(probe.seen.order == Array(0..<100), "one key: in order, one at a time")
        await instance.shutdown()
    }

    @Test(arguments: all) func readingsTellCountsWindowAndEnd(_ target: Peer) async throws {
        let probe = BodyProbe()
        let made = try await target.make(options: #"{"maxConcurrency": 1, "maxTrackedOperations": 3}"#, probe: probe)
        let instance = try #require(made as? any SampledInstance)
        try await instance.feed(10, intake: .push)
        #expect(instance.sample().isDrained == false)
        try await instance.drain()
        #expect(
            instance.sample()
                == TargetSample(accounting: .of(enqueued: 10, completed: 10), visible: 3, isDrained: true, limit: 1)
        )
        await instance.shutdown()
    }

    @Test(arguments: queued) func whatIsPausedRunsAfterResume(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: #"{"maxConcurrency": 2}"#, probe: probe)
        try instance.apply(.pause)
        try await instance.feed(5, intake: .push)
        #expect(instance.accounting().pending == 5)
        try instance.apply(.resume)
        try await instance.drain()
        #expect(probe.seen.started.count == 5)
        await instance.shutdown()
    }

    @Test(arguments: queued) func whatIsCancelledIsToldToTheRun(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: #"{"maxConcurrency": 2}"#, probe: probe)
        try instance.apply(.pause)
        try await instance.feed(5, intake: .push)
        try instance.apply(.cancel)
        try await instance.drain()
        #expect(probe.seen.discarded == Set(0..<5))
        #expect(instance.accounting() == .of(enqueued: 5, cancelled: 5))
        #expect(try await instance.submit(Operation(index: 6)) == .refused)
        await instance.shutdown()
    }

    @Test(arguments: all) func theLimitChangesWhereTheOptionsAllowIt(_ target: Peer) async throws {
        let fixed = try await target.make(options: "{}", probe: BodyProbe())
        #expect(throws: (any Error).self) { try fixed.apply(.setMaxConcurrency(3)) }
        await fixed.shutdown()
        let variable = try await target.make(options: #"{"enableDynamicConcurrency": true}"#, probe: BodyProbe())
        try variable.apply(.setMaxConcurrency(3))
        await variable.shutdown()
    }

    @Test(arguments: all) func optionsOutOfRangeAreRefused(_ target: Peer) {
        #expect(throws: PluginOptionError.self) { try target.validate(options: #"{"maxConcurrency": 0}"#) }
        #expect(throws: PluginOptionError.self) { try target.validate(options: #"{"queueCapacity": 0}"#) }
    }
}
