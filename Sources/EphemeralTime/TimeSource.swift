/// A source of instants and of sleeps, which every component takes its time from.
///
/// The instants are monotonic: windows, ages, deadlines and intervals are computed from them alone. Wall time is for
/// people and stored payloads; ``wallTime(at:)`` translates. ``SystemTimeSource`` is the machine's clock; a test passes
/// a source that it advances by hand.
///
/// ```swift
/// func age(of start: ContinuousClock.Instant, in time: some TimeSource) -> Duration {
///     start.duration(to: time.now)
/// }
/// ```
public protocol TimeSource: Sendable {
    /// The present instant. Never smaller than one read before on the same source.
    var now: ContinuousClock.Instant { get }

    /// Suspends until `deadline`, or returns at once when it has passed.
    ///
    /// **Cancellation**: throws `CancellationError` as soon as the calling task is cancelled.
    ///
    /// - Parameter deadline: The instant to sleep to, of this source.
    /// - Throws: `CancellationError`.
    func sleep(until deadline: ContinuousClock.Instant) async throws

    /// The wall time that belongs to an instant of this source.
    ///
    /// - Parameter instant: An instant of this source.
    /// - Returns: The wall time.
    func wallTime(at instant: ContinuousClock.Instant) -> WallTime
}

extension TimeSource {
    /// Suspends for `duration`, measured by this source.
    ///
    /// **Cancellation**: throws `CancellationError` as soon as the calling task is cancelled.
    ///
    /// - Parameter duration: How long to sleep; zero and less return at once.
    /// - Throws: `CancellationError`.
    public func sleep(for duration: Duration) async throws {
        try await sleep(until: now.advanced(by: duration))
    }
}
