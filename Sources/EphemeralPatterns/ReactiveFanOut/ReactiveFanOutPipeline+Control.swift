public import Ephemeral
internal import EphemeralTime

// Flow and end
extension ReactiveFanOutPipeline {
    /// Stops starts in both stages at once; running bodies go on.
    public func pause() {
        stage1.pause()
        stage2.pause()
    }

    /// Allows starts again.
    public func resume() {
        stage1.resume()
        stage2.resume()
    }

    /// Whether starts are stopped by ``pause()``.
    public var isPaused: Bool { stage1.isPaused }

    /// Closes the intake: what was accepted goes through both stages.
    ///
    /// Idempotent.
    public func finish() { stage1.finish() }

    /// Whether the intake is closed.
    public var isFinished: Bool { stage1.isFinished }

    /// Closes the intake and waits until everything has gone through both stages.
    ///
    /// The second stage is closed only when the first is done: nothing is lost on the way. Any number of callers may wait.
    ///
    /// **Cancellation**: throws `CancellationError`; the pipeline stays finished and goes on.
    public func drain() async throws {
        try await stage1.drain()
        try await stage2.drain()
    }

    /// Drains for at most this long.
    ///
    /// **Cancellation**: throws `CancellationError`; the pipeline stays finished and goes on.
    ///
    /// - Parameter timeout: How long to wait.
    /// - Throws: `CoordinatorError` with code `drainTimeout` when something is left then.
    public func drain(timeout: Duration) async throws {
        let deadline = time.now.clampedAdvance(by: timeout)
        try await stage1.drain(timeout: timeout)
        try await stage2.drain(timeout: time.now.duration(to: deadline))
    }

    /// Waits until nothing is in either stage; the intake stays open.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func waitUntilIdle() async throws {
        repeat {
            try await stage1.waitUntilIdle()
            try await stage2.waitUntilIdle()
        } while !isIdle
    }

    private var isIdle: Bool {
        let stats = stats
        return stats.pending == 0 && stats.active == 0
    }

    /// Whether the intake is closed and nothing is left in either stage.
    public var isDrained: Bool { stage1.isDrained && stage2.isDrained }

    /// Closes the intake, drops what waits in both stages and cancels what runs.
    ///
    /// Idempotent.
    public func cancel() {
        stage1.cancel()
        stage2.cancel()
    }

    /// Cancels, and returns when all bodies of both stages have ended.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        cancel()
        await stage1.shutdown()
        await stage2.shutdown()
    }
}

// Counters and what is visible
extension ReactiveFanOutPipeline {
    /// All items in one consistent reading: an item is pending while it waits in either stage, active while it runs in either
    /// or is handed over, and completed when the second stage has completed it.
    public var stats: CoordinatorStats {
        // In this order: an item that moves on between the two readings was in the first stage all the same.
        let second = stage2.stats
        let first = stage1.stats
        return CoordinatorStats(
            enqueued: first.enqueued,
            pending: first.pending + second.pending,
            active: first.active + first.completed - second.enqueued + second.active,
            completed: second.completed,
            failed: first.failed + second.failed,
            cancelled: first.cancelled + second.cancelled,
            overflowed: first.overflowed + second.overflowed
        )
    }

    /// The counters of the first stage alone.
    public var stage1Stats: CoordinatorStats { stage1.stats }

    /// The counters of the second stage alone.
    public var stage2Stats: CoordinatorStats { stage2.stats }

    /// The visible operations of the first stage, then those of the second.
    ///
    /// O(window).
    public func snapshot() -> [OperationSnapshot] { stage1.snapshot() + stage2.snapshot() }

    /// The signals of visible operations of both stages that satisfy a query, by time within each stage.
    ///
    /// O(window).
    public func signals(_ query: SignalQuery = .all) -> [SignalEvent] { stage1.signals(query) + stage2.signals(query) }
}
