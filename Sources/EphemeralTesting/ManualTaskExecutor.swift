internal import Synchronization

/// An executor that runs nothing by itself: jobs wait in a queue until a test runs them, one at a time, on its own thread.
///
/// A test passes it as the executor of the options, spawns its callers on it too, and so decides the interleaving:
///
/// ```swift
/// let executor = ManualTaskExecutor()
/// var options = EphemeralOptions(maxConcurrency: 2)
/// options.executor = executor
/// let coordinator = try WorkCoordinator<Int>(options: options) { print($0) }
/// _ = coordinator.tryEnqueue(1)
/// #expect(coordinator.pendingCount == 1)
/// executor.runUntilIdle()
/// #expect(coordinator.stats.completed == 1)
/// ```
///
/// **Ordering**: jobs run in the order in which they were queued.
public final class ManualTaskExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    /// Creates an executor without jobs.
    public init() {}

    /// How many jobs wait to be run.
    public var jobCount: Int { jobs.withLock { $0.count } }

    /// Queues a job; the runtime calls this.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs the oldest job, up to its end or its next suspension.
    ///
    /// - Returns: Whether there was one.
    @discardableResult
    public func runNext() -> Bool {
        guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { return false }
        // Each job is taken out of the queue before it runs, so that it runs once, as its executor promises.
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        return true
    }

    /// Runs jobs until none is left, those included that are queued meanwhile.
    ///
    /// - Returns: How many were run.
    @discardableResult
    public func runUntilIdle() -> Int {
        var count = 0
        while runNext() { count += 1 }
        return count
    }

    /// Creates a task that runs on this executor; its first job is queued at once.
    ///
    /// - Parameter work: What the task does.
    /// - Returns: The task.
    @discardableResult
    public func spawn<Success: Sendable>(
        _ work: @escaping @Sendable @concurrent () async throws -> Success
    ) -> Task<Success, any Error> {
        Task(executorPreference: self, operation: work)
    }
}
