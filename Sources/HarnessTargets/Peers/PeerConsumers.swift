import Synchronization

/// A fixed number of consumer tasks, as children of one task that can be cancelled and waited for.
struct PeerConsumers: Sendable {
    private let root: Task<Void, Never>
    private let finished: PeerLatch

    /// Starts the consumers.
    ///
    /// - Parameters:
    ///   - count: How many there are.
    ///   - executor: Where they run; `nil` is the global pool.
    ///   - consume: The loop of one consumer.
    init(count: Int, executor: (any TaskExecutor)?, consume: @escaping @Sendable () async -> Void) {
        let finished = PeerLatch()
        root = Task(executorPreference: executor) {
            await withDiscardingTaskGroup { group in
                for _ in 0..<count { group.addTask { await consume() } }
            }
            finished.open()
        }
        self.finished = finished
    }

    /// Returns once every consumer has come to its end.
    ///
    /// **Cancellation**: throws `CancellationError` at once; the consumers go on.
    func wait() async throws {
        try await finished.wait()
    }

    /// Cancels the consumers and returns once they have ended.
    func cancel() async {
        root.cancel()
        await root.value
    }
}
