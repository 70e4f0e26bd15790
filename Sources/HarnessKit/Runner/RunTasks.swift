internal import Synchronization

/// The tasks that a run starts, so that they can be cancelled and waited for, or left behind.
///
/// They are not children of the runner's task: a group cannot be left while a child hangs, and a target that never
/// returns from `submit` or `run` must not take the harness with it.
final class RunTasks: Sendable {
    private let executor: (any TaskExecutor)?
    private let state = Mutex(State())

    private struct State {
        var next = 0
        var running: [Int: Task<Void, Never>?] = [:]
        var isCancelled = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    init(executor: (any TaskExecutor)?) {
        self.executor = executor
    }

    /// Starts a task on the run's executor.
    func start(_ operation: @escaping @Sendable () async -> Void) {
        let number = state.withLock { state in
            state.next += 1
            state.running[state.next] = .some(nil)
            return state.next
        }
        let body: @Sendable () async -> Void = {
            await operation()
            self.ended(number)
        }
        // Even a preference for no executor makes every executor switch of the task look the preference up.
        let task =
            if let executor { Task(executorPreference: executor) { await body() } } else { Task { await body() } }
        let isCancelled = state.withLock { state in
            if state.running[number] != nil { state.running[number] = task }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Cancels all tasks, those to come included.
    func cancelAll() {
        let tasks = state.withLock { state in
            state.isCancelled = true
            // In the order of their starts: that of a dictionary differs from process to process.
            return state.running.sorted { $0.key < $1.key }.compactMap(\.value)
        }
        for task in tasks { task.cancel() }
    }

    /// Waits until no task is running.
    func waitUntilEnded() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.running.isEmpty { return true }
                state.waiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }

    private func ended(_ number: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running[number] = nil
            guard state.running.isEmpty else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
