import Dispatch
import HarnessKit
import Synchronization

/// A dispatch queue whose thread waits at a semaphore for a free slot and then starts the body as a task.
///
/// The usual form, a concurrent queue whose threads wait until their bodies have ended, cannot be used: on Linux such
/// threads come from the pool that runs the tasks they wait for. Four waiting threads on two CPUs stopped all tasks for
/// two seconds at a time, until Dispatch added threads. A serial queue takes its one thread from another pool.
enum DispatchQueuePeer: Target {
    static let id = "peer.dispatch-queue"
    static let summary = "A Dispatch queue that waits at a semaphore for a free slot and starts each body as a task."
    static let optionDescriptions = QueuedPeerOptions.descriptions

    static var capabilities: TargetCapabilities {
        var capabilities = TargetCapabilities()
        capabilities.refuses = true
        capabilities.discards = true
        capabilities.virtualObstacle = "it waits on a Dispatch queue, outside of any executor"
        return capabilities
    }

    static func validate(_ options: QueuedPeerOptions) throws { try options.validate() }

    static func make(options: QueuedPeerOptions, environment: TargetEnvironment) async throws -> any TargetInstance {
        DispatchQueuePeerInstance(options: options, environment: environment)
    }
}

private final class DispatchQueuePeerInstance: TargetInstance {
    private struct State {
        var isOpen = true
        var isCancelled = false
        /// What runs, by the operation's index: needed only to cancel it.
        var running: [Int: Task<Void, Never>] = [:]
    }

    private let queue = DispatchQueue(label: "peer.dispatch-queue")
    private let group = DispatchGroup()
    private let slots: DispatchSemaphore
    private let capacity: Int
    private let executor: (any TaskExecutor)?
    private let work: PeerWork
    private let state = Mutex(State())

    init(options: QueuedPeerOptions, environment: TargetEnvironment) {
        slots = DispatchSemaphore(value: PeerLimits.concurrency(options.maxConcurrency))
        capacity = options.queueCapacity ?? .max
        executor = environment.executor
        work = PeerWork(environment)
    }

    func trySubmit(_ operation: Operation) -> ImmediateSubmission {
        state.withLock { state in
            guard state.isOpen, work.pending < capacity else { return .refused }
            work.enqueue()
            group.enter()
            queue.async { self.start(operation) }
            return .accepted
        }
    }

    func submit(_ operation: Operation) async throws -> Submission { trySubmit(operation).settled }

    func drain() async throws {
        try await close().wait()
    }

    func shutdown() async {
        let finished = close()
        let running = state.withLock { state in
            state.isCancelled = true
            return state.running.values
        }
        for task in running { task.cancel() }
        // Nothing that cancels this task may cut short the promise that all work has ended.
        await Task { try? await finished.wait() }.value
    }

    func accounting() -> TargetAccounting { work.accounting() }

    /// Closes the intake; the latch opens when everything that was taken has ended.
    private func close() -> PeerLatch {
        state.withLock { $0.isOpen = false }
        let finished = PeerLatch()
        group.notify(queue: .global()) { finished.open() }
        return finished
    }

    /// Runs on the queue's thread, which waits here while all slots are taken.
    private func start(_ operation: Operation) {
        slots.wait()
        let isStarted = state.withLock { state in
            guard !state.isCancelled else { return false }
            // Created under the lock: the task's own end, which takes the lock, then finds it in the table.
            state.running[operation.index] = Task(executorPreference: executor) {
                await self.work.run(operation)
                _ = self.state.withLock { $0.running.removeValue(forKey: operation.index) }
                self.leave()
            }
            return true
        }
        if !isStarted {
            work.discard(operation)
            leave()
        }
    }

    private func leave() {
        slots.signal()
        group.leave()
    }
}
