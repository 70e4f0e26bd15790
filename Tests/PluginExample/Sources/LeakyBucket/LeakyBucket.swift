import EphemeralTime
import HarnessKit
import Synchronization

/// The bucket: a queue that one task empties at its pace.
///
/// It sleeps on the clock of the run and starts its task with the executor of the run, so it runs in virtual time too.
final class LeakyBucket: TargetInstance {
    private let interval: Duration
    private let capacity: Int
    private let environment: TargetEnvironment
    private let state = Mutex(State())
    /// One element says that there may be something to start.
    private let bell: AsyncStream<Void>
    private let ring: AsyncStream<Void>.Continuation
    private let pump = Mutex<Task<Void, Never>?>(nil)

    private struct State {
        var waiting: [Operation] = []
        var counts = TargetAccounting()

        init() {
            (counts.enqueued, counts.pending, counts.active) = (0, 0, 0)
            (counts.completed, counts.failed, counts.cancelled) = (0, 0, 0)
        }

        mutating func move(
            _ from: WritableKeyPath<TargetAccounting, Int?>,
            _ to: WritableKeyPath<TargetAccounting, Int?>
        ) {
            counts[keyPath: from] = (counts[keyPath: from] ?? 0) - 1
            counts[keyPath: to] = (counts[keyPath: to] ?? 0) + 1
        }
    }

    init(interval: Duration, capacity: Int, environment: TargetEnvironment) {
        self.interval = interval
        self.capacity = capacity
        self.environment = environment
        (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        let task = Task(executorPreference: environment.executor) { await self.leak() }
        pump.withLock { $0 = task }
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        let isTaken = state.withLock { state in
            guard state.waiting.count < capacity else { return false }
            state.waiting.append(operation)
            state.counts.enqueued = (state.counts.enqueued ?? 0) + 1
            state.counts.pending = (state.counts.pending ?? 0) + 1
            return true
        }
        if isTaken { ring.yield() }
        return isTaken ? .accepted : .refused
    }

    func drain() async throws {
        ring.finish()
        await pump.withLock { $0 }?.value
    }

    func shutdown() async {
        ring.finish()
        let task = pump.withLock { $0 }
        task?.cancel()
        await task?.value
        let left = state.withLock { state in
            defer { state.waiting = [] }
            for _ in state.waiting { state.move(\.pending, \.cancelled) }
            return state.waiting
        }
        for operation in left { environment.observer.discarded(operation) }
    }

    func accounting() -> TargetAccounting { state.withLock { $0.counts } }

    /// Starts what waits, one per interval, until the bell is finished; then waits for what runs.
    private func leak() async {
        await withDiscardingTaskGroup { group in
            for await _ in bell {
                while let operation = next() {
                    group.addTask { await self.run(operation) }
                    do {
                        try await environment.time.sleep(for: interval)
                    } catch {
                        return
                    }
                }
            }
        }
    }

    private func next() -> Operation? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            state.move(\.pending, \.active)
            return state.waiting.removeFirst()
        }
    }

    private func run(_ operation: Operation) async {
        let outcome: WritableKeyPath<TargetAccounting, Int?> & Sendable
        do {
            try await environment.body(operation)
            outcome = \.completed
        } catch is CancellationError {
            outcome = \.cancelled
        } catch {
            outcome = \.failed
        }
        state.withLock { $0.move(\.active, outcome) }
    }
}
