internal import EphemeralTime

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The time of a store, in nanoseconds since 1970: it must mean the same to every process and after a restart.
struct SQLiteClock: Sendable {
    let time: any TimeSource

    var now: Int64 {
        guard time is SystemTimeSource else { return time.wallTime(at: time.now).nanoseconds }
        // Read anew each time: a process that has run for weeks must agree with one that begins now.
        var reading = timespec()
        // The call writes through its pointer, to a local that outlives it, and nowhere else.
        _ = unsafe clock_gettime(CLOCK_REALTIME, &reading)
        return Int64(reading.tv_sec) * 1_000_000_000 + Int64(reading.tv_nsec)
    }
}

extension WallTime {
    init(nanoseconds: Int64) { self.init(sinceUnixEpoch: .nanoseconds(nanoseconds)) }

    var nanoseconds: Int64 { sinceUnixEpoch.nanoseconds }
}

extension Duration {
    /// In nanoseconds, clamped so that no sum with a time of this century overflows.
    var nanoseconds: Int64 {
        let limit = Int64.max / 4
        let (seconds, attoseconds) = components
        guard abs(seconds) < limit / 1_000_000_000 else { return seconds < 0 ? -limit : limit }
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
