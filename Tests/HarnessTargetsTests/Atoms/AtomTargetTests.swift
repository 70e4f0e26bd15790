import HarnessKit
import Testing

@testable import HarnessTargets

/// What all atoms have in common as targets.
@Suite(.timeLimit(.minutes(1))) struct AtomTargetTests {
    static let all = AtomTargets.all.map { Peer(type: $0) }

    @Test(arguments: all) func everyOperationRunsOnceBeforeDrainReturns(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: "{}", probe: probe)
        #expect(try await instance.feed(300, intake: .push) == 300)
        try await instance.drain()
        #expect(probe.seen.started == Dictionary(uniqueKeysWithValues: (0..<300).map { ($0, 1) }))
        #expect(instance.accounting() == .of(enqueued: 300, completed: 300))
        #expect(try await instance.submit(Operation(index: 300)) == .refused)
        await instance.shutdown()
    }

    @Test(arguments: all) func readingsAreOfferedDuringARun(_ target: Peer) async throws {
        let made = try await target.make(options: "{}", probe: BodyProbe())
        let instance = try #require(made as? any SampledInstance)
        #expect(instance.sample().accounting == .of())
        await instance.shutdown()
    }

    @Test(arguments: all) func shutdownLeavesNothingRunning(_ target: Peer) async throws {
        let (started, never) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await never.wait()
        }
        let instance = try await target.make(options: "{}", probe: probe)
        try await instance.feed(40, intake: .push)
        try await started.wait()
        await instance.shutdown()
        #expect(probe.seen.active == 0)
        #expect(probe.seen.started.count + probe.seen.discarded.count == 40)
    }

    @Test(arguments: all) func virtualRunsWithFailuresAreSound(_ target: Peer) async throws {
        var scenario = VirtualScenario(targets: #"{ "id": "a", "use": "\#(target.type.id)" }"#)
        scenario.faults = #"[{ "id": "some", "scope": "attempt", "rate": "20%", "error": "transient" }]"#
        scenario.timeline = #"[{ "at": "600ms", "do": { "cancel": true } }]"#
        let run = try await scenario.soundRun()
        #expect(run.tally.offered == 100)
        #expect(run.leftovers == RunLeftovers(bodies: 0, sleepers: 0))
    }

    @Test(
        arguments: [
            ("atom.fixed-work", #"{"maxConcurrency": 0}"#, "maxConcurrency"),
            ("atom.fixed-work", #"{"maxTracked": 0}"#, "maxTracked"),
            ("atom.keyed-sequential", #"{"perKeyConcurrency": 0}"#, "perKeyConcurrency"),
            ("atom.signal-aware", #"{"deferInterval": "0ms"}"#, "deferInterval"),
            ("atom.batching", #"{"maxBatchSize": 0}"#, "maxBatchSize"),
            ("atom.batching", #"{"maxBatchSize": 8, "maxBuffered": 7}"#, "maxBuffered"),
            ("atom.retry", #"{"maxAttempts": 0}"#, "maxAttempts"),
            ("atom.retry", #"{"backoff": {"factor": 0.5}}"#, "backoff/factor"),
            ("atom.retry", #"{"backoff": {"base": "-1ms"}}"#, "backoff/base"),
            ("atom.priority-processor", #"{"members": 0}"#, "members"),
            ("atom.priority-processor", #"{"probeInterval": "0s"}"#, "probeInterval"),
        ]
    )
    func anOptionOutOfRangeIsNamedAtItsPlace(use: String, options: String, place: String) throws {
        let scenario = VirtualScenario(targets: #"{ "id": "a", "use": "\#(use)", "options": \#(options) }"#)
        let pointers = try scenario.read().problems.map(\.pointer)
        #expect(pointers == ["/targets/0/options/\(place)"])
    }
}
