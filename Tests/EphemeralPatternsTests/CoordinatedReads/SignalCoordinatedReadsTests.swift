import Ephemeral
import EphemeralPatterns
import EphemeralTesting
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalCoordinatedReadsTests {
    @Test func aRunDoesAllReadsAndUpdates() async throws {
        let time = VirtualTime(seed: 1)
        var options = EphemeralOptions()
        (options.time, options.executor) = (time, time)
        let report = try await time.run { [options] in
            try await SignalCoordinatedReads.run(readCount: 10, updateCount: 2, options: options)
        }
        #expect(report.readsCompleted == 10 && report.updatesCompleted == 2)
        #expect(report.signals.count { $0 == UpdateGate.updating } == 2)
        #expect(report.signals.count { $0 == UpdateGate.updated } == 2)
        #expect(time.report.elapsed < .milliseconds(200))
    }

    @Test func aRunNeedsNoClockOrExecutorOfItsOwn() async throws {
        let report = try await SignalCoordinatedReads.run(readDuration: .zero, updateDuration: .zero)
        #expect(report.readsCompleted == 10 && report.updatesCompleted == 1)
        #expect(report.signals.filter { $0 != UpdateGate.waiting } == [UpdateGate.updating, UpdateGate.updated])
    }

    @Test func operationsOfReadersDoNotStartWhileAnUpdateWorks() throws {
        let stage = PatternStage()
        let sink = SignalSink(time: stage.time)
        let readers = try WorkCoordinator<Int>(
            options: SignalCoordinatedReads.readerOptions(sink: sink, in: stage.options()),
            body: stage.body
        )
        sink.raise(UpdateGate.updating)
        #expect(readers.tryEnqueue(1))
        stage.run()
        stage.advance(9_999)
        #expect(stage.starts.elements.isEmpty)
        sink.raise(UpdateGate.updated)
        stage.run()
        #expect(stage.starts.elements == [1])
        stage.open()
    }

    @Test(arguments: [(-1, 1), (1, -1)])
    func negativeNumbersAreRefused(_ reads: Int, _ updates: Int) async {
        await #expect(throws: CoordinatorError(code: .invalidArgument, message: "")) {
            try await SignalCoordinatedReads.run(readCount: reads, updateCount: updates)
        }
    }

    @Test func noReadStartsOrRunsDuringAnUpdateInAnySchedule() async throws {
        try await explore { options, seed in
            let sink = SignalSink(time: options.time)
            let gate = UpdateGate(sink: sink)
            let levels = Levels()
            let overlaps = Journal<String>()
            let readers = try WorkCoordinator<Int>(
                options: SignalCoordinatedReads.readerOptions(sink: sink, in: options)
            ) { item in
                try await gate.read {
                    if sink.contains(UpdateGate.updating) { overlaps.record("read \(item)") }
                    levels.enter(0)
                    try await options.time.sleep(for: .milliseconds((item + Int(seed)) % 4))
                    levels.leave(0)
                }
            }
            let updates = try WorkCoordinator<Int>(options: options) { item in
                try await gate.update {
                    levels.enter(1)
                    if levels.running(0) > 0 { overlaps.record("update \(item)") }
                    try await options.time.sleep(for: .milliseconds(3))
                    levels.leave(1)
                }
            }
            for item in 0..<40 {
                try await readers.enqueue(item)
                if item.isMultiple(of: 8) { try await updates.enqueue(item) }
                if item.isMultiple(of: 5) { try await options.time.sleep(for: .milliseconds(2)) }
            }
            try await readers.drain()
            try await updates.drain()
            return (overlaps.count == 0).orElse("\(overlaps.elements)")
                + (readers.stats.completed == 40 && updates.stats.completed == 5).orElse("\(readers.stats)")
        }
    }
}
