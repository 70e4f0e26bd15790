import Ephemeral
import EphemeralTime
import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct SignalTargetTests {
    static let all: [Peer] = [Peer(type: DispatcherTarget.self), Peer(type: AsyncProcessorTarget.self)]

    @Test(arguments: all) func everySignalIsHandledOnceBeforeDrainReturns(_ target: Peer) async throws {
        let probe = BodyProbe()
        let instance = try await target.make(options: #"{"maxConcurrency": 4}"#, probe: probe)
        for index in 0..<200 { #expect(instance.trySubmit(Operation(index: index, key: index % 7)) == .accepted) }
        try await instance.drain()
        #expect(probe.seen.started == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, 1) }))
        #expect(instance.accounting() == .of(enqueued: 200, completed: 200))
        #expect(instance.trySubmit(Operation(index: 200)) == .refused)
        #expect(instance.accounting().enqueued == 200, "what was refused was not taken")
        await instance.shutdown()
    }

    @Test(arguments: all) func handlersThatThrowAreCounted(_ target: Peer) async throws {
        let probe = BodyProbe { operation, _ in
            if operation.index.isMultiple(of: 2) { throw ScriptedError(name: "transient") }
        }
        let instance = try await target.make(options: "{}", probe: probe)
        try await instance.feed(40, intake: .push)
        try await instance.drain()
        #expect(instance.accounting() == .of(enqueued: 40, completed: 20, failed: 20))
        await instance.shutdown()
    }

    @Test(arguments: all) func readingsAddUp(_ target: Peer) async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let made = try await target.make(options: #"{"maxConcurrency": 1}"#, probe: probe)
        let instance = try #require(made as? any SampledInstance)
        try await instance.feed(3, intake: .push)
        try await started.wait()
        let reading = instance.sample().accounting
        #expect([reading.enqueued, reading.pending, reading.active, reading.completed] == [3, 2, 1, 0])
        release.open()
        try await instance.drain()
        await instance.shutdown()
    }

    @Test func everyHandlerOfTheDispatcherGetsEachSignalInOrder() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: DispatcherTarget.self).make(options: #"{"handlers": 3}"#, probe: probe)
        for index in 0..<20 { _ = instance.trySubmit(Operation(index: index, key: 1)) }
        try await instance.drain()
        #expect(probe.seen.order == Array(0..<20))
        #expect(probe.seen.delivered == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, [$0, $0]) }))
        await instance.shutdown()
    }

    @Test func signalsDroppedByACancelledDispatcherAreToldAtTheDrain() async throws {
        let probe = BodyProbe()
        let instance = try await Peer(type: DispatcherTarget.self).make(options: "{}", probe: probe)
        try instance.apply(.pause)
        try await instance.feed(5, intake: .push)
        try instance.apply(.cancel)
        try await instance.drain()
        #expect(probe.seen.discarded == Set(0..<5))
        #expect(instance.accounting() == .of(enqueued: 5, cancelled: 5))
        await instance.shutdown()
    }

    @Test(arguments: [("drop-oldest", 1), ("drop-newest", 3)])
    func theProcessorDropsWhatItsPolicySays(overflow: String, dropped: Int) async throws {
        let (started, release) = (PeerLatch(), PeerLatch())
        let probe = BodyProbe { _, _ in
            started.open()
            try await release.wait()
        }
        let options = "{\"maxConcurrency\": 1, \"maxQueueSize\": 2, \"overflow\": \"\(overflow)\"}"
        let instance = try await Peer(type: AsyncProcessorTarget.self).make(options: options, probe: probe)
        #expect(instance.trySubmit(Operation(index: 0)) == .accepted)
        try await started.wait()
        for index in 1...3 { _ = instance.trySubmit(Operation(index: index)) }
        release.open()
        try await instance.drain()
        #expect(Set(probe.seen.started.keys) == Set(0...3).subtracting([dropped]))
        #expect(probe.seen.discarded == (overflow == "drop-oldest" ? [1] : []))
        await instance.shutdown()
    }

    @Test(arguments: [#"{"maxConcurrency": 0}"#, #"{"maxQueueSize": 0}"#])
    func optionsOfTheProcessorBelowOneAreRefused(options: String) {
        #expect(throws: PluginOptionError.self) { try Peer(type: AsyncProcessorTarget.self).validate(options: options) }
    }

    @Test func aDispatcherWithoutHandlersIsRefused() {
        #expect(throws: PluginOptionError.self) {
            try Peer(type: DispatcherTarget.self).validate(options: #"{"handlers": 0}"#)
        }
    }

    @Test func operationsSurviveTheWayThroughASignal() throws {
        let operation = Operation(index: 123_456, key: 9_999_999)
        let event = OperationSignal.event(for: operation, time: .system)
        #expect(OperationSignal.operation(of: event) == operation)
        #expect(OperationSignal.patterns(3).allSatisfy { $0.matches(event.signal) })
        #expect(Set(OperationSignal.patterns(3).map(\.text)).count == 3)
    }
}
