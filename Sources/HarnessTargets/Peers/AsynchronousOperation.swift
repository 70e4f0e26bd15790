import Foundation
import Synchronization

/// An operation of an `OperationQueue` that executes until its asynchronous work has ended, without holding a thread.
// Restates what Foundation declares for `Operation`; all state of this class is immutable or in the mutex.
final class AsynchronousOperation: Foundation.Operation, @unchecked Sendable {
    private enum State {
        case ready
        case executing(Task<Void, Never>?)
        case finished
    }

    private let executor: (any TaskExecutor)?
    private let work: @Sendable () async -> Void
    private let onCancelledBeforeStart: @Sendable () -> Void
    private let state = Mutex(State.ready)

    init(
        executor: (any TaskExecutor)?,
        work: @escaping @Sendable () async -> Void,
        onCancelledBeforeStart: @escaping @Sendable () -> Void
    ) {
        self.executor = executor
        self.work = work
        self.onCancelledBeforeStart = onCancelledBeforeStart
    }

    override var isAsynchronous: Bool { true }

    override var isExecuting: Bool {
        state.withLock { if case .executing = $0 { true } else { false } }
    }

    override var isFinished: Bool {
        state.withLock { if case .finished = $0 { true } else { false } }
    }

    override func start() {
        if isCancelled {
            onCancelledBeforeStart()
            move(to: .finished)
            return
        }
        move(to: .executing(nil))
        let task = Task(executorPreference: executor) {
            await self.work()
            self.move(to: .finished)
        }
        // The work may have ended already, or been cancelled before there was a task to cancel.
        state.withLock { if case .executing = $0 { $0 = .executing(task) } }
        if isCancelled { task.cancel() }
    }

    override func cancel() {
        super.cancel()
        let task: Task<Void, Never>? = state.withLock { if case .executing(let task) = $0 { task } else { nil } }
        task?.cancel()
    }

    /// Changes state with the notifications that the queue listens to.
    private func move(to next: State) {
        let changed = if case .finished = next { ["isExecuting", "isFinished"] } else { ["isExecuting"] }
        for key in changed { willChangeValue(forKey: key) }
        state.withLock { $0 = next }
        for key in changed { didChangeValue(forKey: key) }
    }
}
