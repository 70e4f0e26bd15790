import HarnessKit
import Testing

@testable import HarnessTargets

@Suite(.timeLimit(.minutes(1))) struct BatchingTargetTests {
    private static func scenario(faults: String = "[]") -> VirtualScenario {
        var scenario = VirtualScenario(
            targets: """
                { "id": "a", "use": "atom.batching", "options": { "maxBatchSize": 10, "flushInterval": "50ms" } }
                """
        )
        scenario.faults = faults
        return scenario
    }

    @Test func batchesAreNumberedPartsOfTheHistory() async throws {
        let run = try await Self.scenario().soundRun()
        let parts = try #require(run.history).events.filter { $0.kind == .assigned }.map(\.detail)
        #expect(parts.count == 100)
        #expect(Set(parts).sorted() == Array(1...Int32(run.signals("batch.flushed:"))))
    }

    @Test func anOperationThatThrowsFailsItsWholeBatch() async throws {
        // One arrival of a hundred is hit, and shares its batch with at most nine others.
        let faults =
            #"[{ "id": "f", "rate": "100%", "during": { "from": "500ms", "to": "509ms" }, "error": "poison" }]"#
        let run = try await Self.scenario(faults: faults).soundRun()
        #expect(run.signals("batch.failed:") == 1)
        #expect((2...10).contains(run.tally.failed))
        #expect(run.tally.completed + run.tally.failed == 100)
        #expect(run.accounting.failed == run.tally.failed)
    }

    @Test func aFullBufferMakesSubmittersWait() async throws {
        let never = PeerLatch()
        let probe = BodyProbe { _, _ in try await never.wait() }
        let instance = try await Peer(type: BatchingTarget.self)
            .make(options: #"{"maxBatchSize": 2, "maxBuffered": 2}"#, probe: probe)
        var answers: [ImmediateSubmission] = []
        for index in 0..<8 { answers.append(instance.trySubmit(Operation(index: index))) }
        #expect(answers.last == .wouldSuspend)
        await instance.shutdown()
    }
}
