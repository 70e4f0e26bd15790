internal import EphemeralTime
internal import Synchronization

/// Runs a handler over values in the background: a bounded number at a time, from a bounded queue, without polling.
final class HandlerPool<Value: Sendable>: Sendable {
    private let state: Mutex<HandlerQueue<Value>>
    private let time: FastTimeSource
    private let spawner: TaskSpawner
    private let handler: @Sendable (Value) async throws -> Void

    init(
        maxConcurrency: Int,
        maxQueueSize: Int,
        overflow: SignalOverflowPolicy = .dropOldest,
        time: FastTimeSource,
        spawner: TaskSpawner,
        handler: @escaping @Sendable (Value) async throws -> Void
    ) {
        state = Mutex(HandlerQueue(capacity: maxQueueSize, maxWorkers: maxConcurrency, overflow: overflow))
        self.time = time
        self.spawner = spawner
        self.handler = handler
    }

    var stats: SignalHandlerStats { state.withLock { $0.stats } }

    func enqueue(_ value: Value) -> Bool {
        let arrival = state.withLock { $0.enqueue(value) }
        if let worker = arrival.worker { start(worker) }
        for continuation in arrival.ready { continuation.resume() }
        return arrival.isAccepted
    }

    private func start(_ worker: Int) {
        let task = spawner.spawn("Ephemeral signal handler \(worker)") { await self.work(worker) }
        if state.withLock({ $0.register(task, worker: worker) }) { task.cancel() }
    }

    private func work(_ worker: Int) async {
        var finished: (number: UInt64, hasFailed: Bool)?
        var pace = WorkerPace()
        while true {
            let turn = state.withLock { $0.next(worker: worker, finished: finished) }
            for continuation in turn.ready { continuation.resume() }
            guard let entry = turn.entry else { return }
            do {
                try await handler(entry.value)
                finished = (entry.number, false)
            } catch {
                finished = (entry.number, true)
            }
            if pace.isTimeToYield(at: time.now) { await Task.yield() }
        }
    }

    /// Waits until everything that was accepted so far has been handled or dropped.
    func flush() async throws {
        let waiter = state.withLock { $0.waiters.nextWaiter() }
        defer { state.withLock { $0.waiters.forget(waiter) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { $0.wait(waiter, continuation) }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.cancel(waiter) }?.resume(throwing: CancellationError())
        }
    }

    /// Accepts nothing more and waits for what is left, for a limited time.
    ///
    /// - Parameters:
    ///   - drain: Whether what waits is still handled; otherwise it is dropped and running handlers are cancelled.
    ///   - timeout: How long to wait; then the rest is dropped and cancelled.
    /// - Returns: Whether all handlers have ended.
    func shutdown(drain: Bool, timeout: Duration) async -> Bool {
        state.withLock { $0.close() }
        if !drain { abandon() }
        if isIdle { return true }
        if await flush(timeout: timeout) { return true }
        abandon()
        if Task.isCancelled {
            // The caller is in a hurry, but handlers that give in to their cancellation shall not outlive it. A task of its
            // own, which nobody cancels, waits for them.
            await spawner.spawn("Ephemeral flush") { _ = await self.flush(timeout: timeout) }.value
        }
        return isIdle
    }

    private var isIdle: Bool { state.withLock { $0.stats.queued + $0.stats.running == 0 } }

    private func flush(timeout: Duration) async -> Bool {
        let deadline = time.now.advanced(byNanoseconds: timeout.clampedNanoseconds).instant
        let source = time.source
        let hasEnded = try? await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask(name: "Ephemeral flush") {
                try await self.flush()
                return true
            }
            group.addTask(name: "Ephemeral flush timeout") {
                try await source.sleep(until: deadline)
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        return hasEnded ?? false
    }

    private func abandon() {
        let abandonment = state.withLock { $0.abandon() }
        for task in abandonment.tasks { task.cancel() }
        for continuation in abandonment.ready { continuation.resume() }
    }
}
