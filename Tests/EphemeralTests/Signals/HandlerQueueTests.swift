import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct HandlerQueueTests {
    private func queue(
        capacity: Int = 3,
        workers: Int = 2,
        _ overflow: SignalOverflowPolicy = .dropOldest
    ) -> HandlerQueue<Int> {
        HandlerQueue(capacity: capacity, maxWorkers: workers, overflow: overflow)
    }

    @Test func aWorkerIsStartedForEachValueUpToTheLimit() {
        var queue = queue()
        let arrivals = (1...4).map { queue.enqueue($0) }
        #expect(arrivals.map(\.worker) == [1, 2, nil, nil])
    }

    @Test func aValueThatAnIdleWorkerIsOnItsWayToNeedsNoOther() {
        var queue = queue()
        #expect(queue.enqueue(1).worker == 1)
        let turn = queue.next(worker: 1, finished: nil)
        #expect(turn.entry?.value == 1)
        #expect(queue.enqueue(2).worker == 2)
        let second = queue.next(worker: 1, finished: (1, false))
        #expect(second.entry?.value == 2)
        // The second worker finds nothing and ends; the next value starts one again.
        let third = queue.next(worker: 2, finished: nil)
        #expect(third.entry == nil)
        #expect(queue.enqueue(3).worker == 3)
    }

    @Test func theOldestGoesWhenThereIsNoRoom() {
        var queue = queue(capacity: 2)
        for value in 1...5 {
            let arrival = queue.enqueue(value)
            #expect(arrival.isAccepted)
            #expect(queue.stats.queued <= 2)
        }
        let first = queue.next(worker: 1, finished: nil)
        #expect(first.entry?.value == 4)
        #expect(queue.stats == SignalHandlerStats(enqueued: 5, queued: 1, running: 1, dropped: 3))
    }

    @Test func theNewestGoesWhenThePolicySaysSo() {
        var queue = queue(capacity: 2, .dropNewest)
        let accepted = (1...4).map { queue.enqueue($0).isAccepted }
        #expect(accepted == [true, true, false, false])
        let first = queue.next(worker: 1, finished: nil)
        #expect(first.entry?.value == 1)
        #expect(queue.stats == SignalHandlerStats(enqueued: 4, queued: 1, running: 1, dropped: 2))
    }

    @Test func aTaskThatIsRegisteredAfterItsWorkerEndedIsForgotten() {
        var queue = queue()
        let task = Task<Void, Never> {}
        _ = queue.enqueue(1)
        _ = queue.next(worker: 1, finished: nil)
        _ = queue.next(worker: 1, finished: (1, false))
        let isCancelled = queue.register(task, worker: 1)
        #expect(!isCancelled)
        let abandoned = queue.abandon()
        #expect(abandoned.tasks.isEmpty)
    }

    @Test func aTaskThatIsRegisteredAfterTheQueueWasGivenUpIsCancelled() {
        var queue = queue()
        _ = queue.enqueue(1)
        _ = queue.next(worker: 1, finished: nil)
        let abandoned = queue.abandon()
        #expect(abandoned.tasks.isEmpty)
        let isCancelled = queue.register(Task<Void, Never> {}, worker: 1)
        #expect(isCancelled)
    }

    /// Every order of arrivals, starts and ends, successful or not, and an end of the intake somewhere.
    @Test(arguments: 0..<UInt64(200))
    func everyReadingAddsUp(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = queue(capacity: 3, workers: 2, seed % 2 == 0 ? .dropOldest : .dropNewest)
        var idle: [Int] = []
        var busy: [(worker: Int, number: UInt64)] = []
        for step in 0..<60 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                if let worker = queue.enqueue(step).worker { idle.append(worker) }
            case 2 where !idle.isEmpty:
                let worker = idle.remove(at: Int.random(in: idle.indices, using: &random))
                let turn = queue.next(worker: worker, finished: nil)
                if let entry = turn.entry { busy.append((worker, entry.number)) }
            case 3 where !busy.isEmpty:
                let ended = busy.remove(at: Int.random(in: busy.indices, using: &random))
                let turn = queue.next(worker: ended.worker, finished: (ended.number, Bool.random(using: &random)))
                if let entry = turn.entry { busy.append((ended.worker, entry.number)) }
            default:
                if step == 50 { queue.close() }
                if step == 55 { _ = queue.abandon() }
            }
            let stats = queue.stats
            let parts = [stats.queued, stats.running, stats.processed, stats.failed, stats.dropped]
            #expect(stats.enqueued == parts.reduce(0, +))
            #expect(parts.allSatisfy { $0 >= 0 })
            #expect(stats.running == busy.count)
            #expect(stats.running <= 2 && stats.queued <= 3)
            // Nothing is left lying: whatever waits has a worker on its way, or all workers are at work.
            #expect(stats.queued == 0 || !idle.isEmpty || busy.count == 2)
        }
    }
}
