import EphemeralTesting
import Testing

@testable import Ephemeral

/// Keys and sequences together: how a run ends early.
@Suite(.timeLimit(.minutes(1)))
struct KeyedSourceTests {
    let stage = Stage()

    @Test func cancellationOfARunWithKeysJoinsItsBodies() {
        let (starts, gate) = (stage.starts, stage.gate)
        let options = stage.options(2)
        let call = stage.call {
            try await [1, 1, 2, 3].forEach(options: options, key: { $0 }) { element, _ in
                starts.record(element)
                await gate.waitIgnoringCancellation()
            }
        }
        call.task.cancel()
        stage.run()
        #expect(call.isSuspended && stage.starts.elements == [1, 2])
        stage.open()
        #expect(call.error is CancellationError)
        #expect(stage.starts.elements == [1, 2])
    }

    @Test func theFirstErrorOfARunWithKeysEndsIt() {
        let (starts, options) = (stage.starts, stage.options())
        let call = stage.call {
            try await (1...100).forEach(options: options, key: { $0 % 3 }, errorPolicy: .failFast) { element, _ in
                starts.record(element)
                if element == 5 { throw Failure(number: element) }
            }
        }
        #expect(call.error as? Failure == Failure(number: 5))
        #expect(stage.starts.elements == [1, 2, 3, 4, 5])
    }

    @Test func aSequenceThatFailsEndsAfterTheKeysItHasBrought() throws {
        let coordinator = try KeyedWorkCoordinator<Int, Int>(
            consuming: streamed([10, 11, 20], failure: Failure(number: 9)),
            options: stage.options(4),
            key: { $0 / 10 }
        ) { [starts = stage.starts, gate = stage.gate] item, _ in
            starts.record(item)
            try await gate.wait()
        }
        let drain = stage.call { try await coordinator.drain() }
        #expect(drain.isSuspended && stage.starts.elements == [10, 20])
        stage.open()
        #expect(drain.error as? Failure == Failure(number: 9))
        #expect(stage.starts.elements == [10, 20, 11])
        #expect(coordinator.engine.withWholeState { $0.queue.keys.count } == 0)
    }

    @Test func aSignalDropsElementsOfARunWithKeys() throws {
        let sink = SignalSink(time: stage.time)
        sink.raise("stop")
        var options = stage.options()
        options.signals.sink = sink
        options.signals.cancelOn = ["stop"]
        let summaries = Journal<ForEachSummary>()
        let call = stage.call { [options] in
            summaries.record(try await (1...100).forEach(options: options, key: { $0 % 3 }) { _, _ in })
        }
        #expect(call.hasSucceeded)
        #expect(summaries.elements.first?.cancelled == 100)
    }
}
