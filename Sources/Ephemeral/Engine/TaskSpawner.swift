/// The one place where the library creates tasks, so that all of them run on the executor of the options.
///
/// Tasks that outlive their caller inherit neither the priority nor the task-local values of whoever happened to enqueue
/// first; those of a call that waits for them inherit both.
package struct TaskSpawner: Sendable {
    package let executor: (any TaskExecutor)?
    let inheritsContext: Bool

    package init(executor: (any TaskExecutor)?, inheritsContext: Bool = false) {
        self.executor = executor
        self.inheritsContext = inheritsContext
    }

    @discardableResult
    package func spawn<Value: Sendable>(
        _ name: String,
        _ work: @escaping @Sendable @concurrent () async -> Value
    ) -> Task<Value, Never> {
        // A task that is given an executor, even none, takes a lock at every suspension to look it up.
        switch (executor, inheritsContext) {
        case (let executor?, true): Task(name: name, executorPreference: executor, operation: work)
        case (let executor?, false): Task.detached(name: name, executorPreference: executor, operation: work)
        case (nil, true): Task(name: name, operation: work)
        case (nil, false): Task.detached(name: name, operation: work)
        }
    }
}
