#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The machine's own clock: monotonic instants, real sleeps.
public struct SystemTimeSource: TimeSource {
    /// Creates the machine's clock; all values are interchangeable.
    public init() {}

    /// The present instant.
    public var now: ContinuousClock.Instant { ContinuousClock.now }

    /// Suspends until `deadline`.
    public func sleep(until deadline: ContinuousClock.Instant) async throws {
        try await Task.sleep(until: deadline, tolerance: .zero, clock: .continuous)
    }

    /// The wall time of an instant.
    public func wallTime(at instant: ContinuousClock.Instant) -> WallTime {
        let anchor = Self.anchor
        return WallTime(sinceUnixEpoch: anchor.wall + anchor.instant.duration(to: instant))
    }

    /// One reading of both clocks, taken once, so that wall times of one process keep their order and distances.
    private static let anchor: (instant: ContinuousClock.Instant, wall: Duration) = {
        var reading = timespec()
        // The call writes through its pointer, to a local that outlives it, and nowhere else.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &reading)
        let wall = Duration.seconds(Int64(reading.tv_sec)) + .nanoseconds(Int64(reading.tv_nsec))
        return (ContinuousClock.now, wall)
    }()
}

extension TimeSource where Self == SystemTimeSource {
    /// The machine's own clock.
    public static var system: SystemTimeSource { SystemTimeSource() }
}
