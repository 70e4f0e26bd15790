public import EphemeralTime
internal import Synchronization

/// A clock that stands still until a test moves it, and whose sleepers the test can wait for.
///
/// ```swift
/// let time = ManualTimeSource()
/// async let pause: Void = time.sleep(for: .seconds(5))
/// let deadline = try await time.nextSleep()
/// time.advance(to: deadline)
/// try await pause
/// ```
///
/// A test first awaits ``nextSleep()``, which returns as soon as somebody sleeps, and then advances: no yielding, no
/// guessing whether the code under test has come to its sleep yet.
///
/// **Ordering**: sleepers that become due together are woken in the order of their deadlines, those with the same
/// deadline in the order in which they fell asleep.
public final class ManualTimeSource: TimeSource {
    private let state: Mutex<ManualTimeState>
    private let start: ContinuousClock.Instant
    private let startWallTime: WallTime

    /// Creates a clock that stands still.
    ///
    /// - Parameters:
    ///   - start: Its first instant.
    ///   - wallTime: The wall time that belongs to it; 2026-01-01T00:00:00Z by default.
    public init(
        startingAt start: ContinuousClock.Instant = ContinuousClock().systemEpoch.advanced(by: .seconds(1_000_000)),
        wallTime: WallTime = WallTime(sinceUnixEpoch: .seconds(1_767_225_600))
    ) {
        self.start = start
        startWallTime = wallTime
        state = Mutex(ManualTimeState(now: start))
    }

    /// The present instant.
    public var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// The deadlines of everybody who sleeps now, earliest first.
    public var deadlines: [ContinuousClock.Instant] { state.withLock { $0.sleepers.map(\.deadline) } }

    /// The wall time that belongs to an instant: it runs with the clock.
    public func wallTime(at instant: ContinuousClock.Instant) -> WallTime {
        WallTime(sinceUnixEpoch: startWallTime.sinceUnixEpoch + start.duration(to: instant))
    }

    /// Suspends until the clock is moved to `deadline` or past it; returns at once when it is there.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func sleep(until deadline: ContinuousClock.Instant) async throws {
        let id = state.withLock { $0.nextIdentity() }
        defer { state.withLock { $0.forget(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                perform(state.withLock { $0.fallAsleep(id, until: deadline, continuation) })
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }?()
        }
    }

    /// Suspends until somebody sleeps whom no earlier call has reported.
    ///
    /// Every sleep is reported once, in the order in which the sleepers fell asleep; one that is over before a call asks
    /// is not reported.
    ///
    /// **Cancellation**: throws `CancellationError`.
    ///
    /// - Returns: The deadline of the sleeper.
    /// - Throws: `CancellationError` when the calling task is cancelled.
    @discardableResult
    public func nextSleep() async throws -> ContinuousClock.Instant {
        let id = state.withLock { $0.nextIdentity() }
        defer { state.withLock { $0.forget(id) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                perform(state.withLock { $0.awaitSleep(id, continuation) })
            }
        } onCancel: {
            state.withLock { $0.cancel(id) }?()
        }
    }

    /// Moves the clock and wakes exactly those who are due then.
    ///
    /// - Parameter instant: The new present; one that has passed changes nothing.
    public func advance(to instant: ContinuousClock.Instant) {
        perform(state.withLock { $0.advance(to: instant) })
    }

    /// Moves the clock and wakes exactly those who are due then.
    ///
    /// - Parameter duration: How far; zero and less change nothing.
    public func advance(by duration: Duration) {
        perform(state.withLock { $0.advance(to: $0.now.advanced(by: duration)) })
    }

    private func perform(_ resumptions: [ManualTimeState.Resumption]) {
        for resume in resumptions { resume() }
    }
}
