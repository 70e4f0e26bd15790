internal import Synchronization

/// The tasks that an object owns, from their start until its end.
final class BackgroundTasks: Sendable {
    private struct State {
        var tasks: [Task<Void, Never>] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Starts a task, which inherits nothing from whoever happened to call; after the end nothing is started.
    func start(_ name: String, _ work: @escaping @Sendable @concurrent () async -> Void) {
        state.withLock { state in
            if !state.isClosed { state.tasks.append(Task.detached(name: name, operation: work)) }
        }
    }

    /// Cancels all tasks and waits for their end.
    func shutdown() async {
        let tasks = state.withLock { state in
            state.isClosed = true
            return state.tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }
}
