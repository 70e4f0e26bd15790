import EphemeralTesting
import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct AsyncSignalProcessorTests {
    let stage = Stage()
    let starts = Journal<String>()
    let ends = Journal<String>()

    /// A processor whose handlers stop at the gate, and throw for signals named `error`.
    private func processor(
        _ maxConcurrency: Int = 1,
        room: Int = 10,
        overflow: SignalOverflowPolicy = .dropOldest
    ) throws -> AsyncSignalProcessor {
        try AsyncSignalProcessor(
            maxConcurrency: maxConcurrency,
            maxQueueSize: room,
            overflow: overflow,
            time: stage.time,
            executor: stage.executor
        ) { [starts, ends, stage] event in
            starts.record(event.signal)
            try await stage.gate.wait()
            if event.signal == "error" { throw Failure() }
            ends.record(event.signal)
        }
    }

    private func event(_ name: String) -> SignalEvent { .at(0, name) }

    @Test(arguments: [(0, 1), (-1, 1), (1, 0), (1, -5)])
    func boundsBelowOneAreRefused(_ maxConcurrency: Int, _ maxQueueSize: Int) {
        let error = #expect(throws: CoordinatorError.self) {
            try AsyncSignalProcessor(maxConcurrency: maxConcurrency, maxQueueSize: maxQueueSize) { _ in }
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test func handlersBeginInOrderAndNotMoreThanAllowed() throws {
        let processor = try processor(2)
        for name in ["a", "b", "c", "d"] { #expect(processor.enqueue(event(name))) }
        #expect(starts.count == 0)
        stage.run()
        #expect(starts.elements == ["a", "b"])
        #expect(processor.stats == SignalHandlerStats(enqueued: 4, queued: 2, running: 2))
        stage.release()
        #expect(starts.elements == ["a", "b", "c"])
        stage.open()
        #expect(starts.elements == ["a", "b", "c", "d"])
        #expect(processor.stats == SignalHandlerStats(enqueued: 4, processed: 4))
    }

    @Test func anIdleProcessorHasNothingToRunAndWakesForASignal() throws {
        let processor = try processor()
        stage.open()
        processor.enqueue(event("a"))
        stage.run()
        #expect(ends.elements == ["a"])
        #expect(stage.executor.jobCount == 0)
        #expect(stage.time.deadlines.isEmpty)
        processor.enqueue(event("b"))
        stage.run()
        #expect(ends.elements == ["a", "b"])
    }

    @Test func theOldestIsDroppedAndTheBoundHolds() throws {
        let processor = try processor(room: 2)
        processor.enqueue(event("running"))
        stage.run()
        for name in ["a", "b", "c", "d"] { #expect(processor.enqueue(event(name))) }
        #expect(processor.queuedCount == 2)
        #expect(processor.droppedCount == 2)
        stage.open()
        #expect(starts.elements == ["running", "c", "d"])
    }

    @Test func theNewestIsRefusedWhenThePolicySaysSo() throws {
        let processor = try processor(room: 1, overflow: .dropNewest)
        processor.enqueue(event("running"))
        stage.run()
        #expect(processor.enqueue(event("a")))
        #expect(!processor.enqueue(event("b")))
        stage.open()
        #expect(starts.elements == ["running", "a"])
        #expect(processor.stats == SignalHandlerStats(enqueued: 3, processed: 2, dropped: 1))
    }

    @Test func anErrorIsCountedAndStopsNobody() throws {
        let processor = try processor()
        for name in ["error", "a"] { processor.enqueue(event(name)) }
        stage.open()
        #expect(ends.elements == ["a"])
        #expect(processor.failedCount == 1)
        #expect(processor.processedCount == 1)
    }

    @Test func flushingWaitsForWhatCameBeforeAndForNothingElse() throws {
        let processor = try processor()
        for name in ["a", "b"] { processor.enqueue(event(name)) }
        let flush = stage.call { try await processor.flush() }
        for name in ["c", "d"] { processor.enqueue(event(name)) }
        stage.release()
        #expect(flush.isSuspended)
        stage.release()
        #expect(flush.hasSucceeded)
        #expect(processor.stats.queued + processor.stats.running == 2)
        #expect(processor.enqueue(event("e")))
        stage.open()
        let last = stage.call { try await processor.flush() }
        #expect(last.hasSucceeded)
    }

    @Test func flushingCountsDroppedSignalsAsDone() throws {
        let processor = try processor(room: 1)
        for name in ["a", "b"] { processor.enqueue(event(name)) }
        let flush = stage.call { try await processor.flush() }
        processor.enqueue(event("c"))
        stage.release()
        #expect(starts.elements == ["b", "c"])
        #expect(flush.hasSucceeded)
        stage.open()
    }

    @Test(arguments: [true, false])
    func aCancelledFlushThrowsAndChangesNothing(_ isCancelledBefore: Bool) throws {
        let processor = try processor()
        processor.enqueue(event("a"))
        let flush = stage.call(cancelled: isCancelledBefore) { try await processor.flush() }
        flush.task.cancel()
        stage.run()
        #expect(flush.error is CancellationError)
        stage.open()
        #expect(processor.processedCount == 1)
    }

    @Test func shuttingDownHandlesWhatWaitsAndJoinsWhatRuns() throws {
        let processor = try processor()
        for name in ["a", "b"] { processor.enqueue(event(name)) }
        let shutdown = stage.call { #expect(await processor.shutdown()) }
        #expect(!processor.enqueue(event("late")))
        #expect(shutdown.isSuspended)
        stage.open()
        #expect(shutdown.hasSucceeded)
        #expect(ends.elements == ["a", "b"])
        #expect(processor.stats == SignalHandlerStats(enqueued: 3, processed: 2, dropped: 1))
        #expect(stage.time.deadlines.isEmpty)
        let again = stage.call { #expect(await processor.shutdown()) }
        #expect(again.hasSucceeded)
    }

    @Test func shuttingDownWithoutDrainingDropsWhatWaitsAndCancelsWhatRuns() throws {
        let processor = try processor()
        for name in ["a", "b", "c"] { processor.enqueue(event(name)) }
        stage.run()
        let shutdown = stage.call { #expect(await processor.shutdown(drain: false)) }
        #expect(shutdown.hasSucceeded)
        #expect(starts.elements == ["a"])
        #expect(processor.stats == SignalHandlerStats(enqueued: 3, failed: 1, dropped: 2))
    }

    @Test func afterTheTimeoutTheRestIsDroppedAndCancelled() throws {
        let processor = try processor()
        for name in ["a", "b"] { processor.enqueue(event(name)) }
        let shutdown = stage.call { #expect(await processor.shutdown(timeout: .seconds(2)) == false) }
        #expect(stage.time.deadlines == [stage.time.now + .seconds(2)])
        stage.time.advance(by: .seconds(2))
        stage.run()
        #expect(shutdown.hasSucceeded)
        #expect(processor.stats == SignalHandlerStats(enqueued: 2, failed: 1, dropped: 1))
    }

    @Test(arguments: [Duration.zero, .seconds(-1), .seconds(Int64.max)])
    func anyTimeoutIsTaken(_ timeout: Duration) throws {
        let processor = try processor()
        processor.enqueue(event("a"))
        let shutdown = stage.call { await processor.shutdown(timeout: timeout) }
        stage.open()
        #expect(shutdown.hasSucceeded)
    }

    @Test func aCancelledShutdownDropsWhatWaitsAndJoinsWhatItCancels() throws {
        let processor = try processor()
        for name in ["a", "b"] { processor.enqueue(event(name)) }
        let shutdown = stage.call(cancelled: true) { #expect(await processor.shutdown()) }
        #expect(shutdown.hasSucceeded)
        #expect(processor.stats == SignalHandlerStats(enqueued: 2, failed: 1, dropped: 1))
    }

    @Test func aCancelledShutdownWaitsForStubbornHandlersUntilTheTimeout() throws {
        let processor = try AsyncSignalProcessor(time: stage.time, executor: stage.executor) { [stage] _ in
            await stage.gate.waitIgnoringCancellation()
        }
        processor.enqueue(event("a"))
        stage.run()
        let shutdown = stage.call(cancelled: true) { #expect(await processor.shutdown() == false) }
        #expect(shutdown.isSuspended)
        stage.time.advance(by: .seconds(5))
        stage.run()
        #expect(shutdown.hasSucceeded)
        stage.open()
        #expect(processor.processedCount == 1)
    }

    @Test func aReleasedProcessorHandlesWhatItHasAccepted() throws {
        var processor: AsyncSignalProcessor? = try processor()
        for name in ["a", "b"] { processor?.enqueue(event(name)) }
        processor = nil
        stage.open()
        #expect(ends.elements == ["a", "b"])
    }

    @Test func aHandlerMayHandOverMore() throws {
        let later = Journal<AsyncSignalProcessor>()
        let processor = try AsyncSignalProcessor(maxConcurrency: 1, executor: stage.executor) { [ends] event in
            ends.record(event.signal)
            if event.signal == "a" { later.elements.first?.enqueue(.at(0, "b")) }
        }
        later.record(processor)
        processor.enqueue(event("a"))
        stage.run()
        #expect(ends.elements == ["a", "b"])
    }

    @Test func whatManyTasksHandOverIsHandledOrDroppedAndNeverBoth() async throws {
        let handled = Journal<String>()
        let processor = try AsyncSignalProcessor(maxConcurrency: 3, maxQueueSize: 16) { handled.record($0.signal) }
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for number in 0..<500 {
                        processor.enqueue(.at(0, "\(task).\(number)"))
                        let stats = processor.stats
                        let parts = stats.queued + stats.running + stats.processed + stats.failed + stats.dropped
                        #expect(stats.enqueued == parts)
                        #expect(stats.queued <= 16 && stats.running <= 3)
                    }
                }
            }
        }
        #expect(await processor.shutdown())
        #expect(processor.stats.enqueued == 2000)
        #expect(processor.processedCount + processor.droppedCount == 2000)
        #expect(handled.count == processor.processedCount)
        #expect(Set(handled.elements).count == handled.count)
    }
}
