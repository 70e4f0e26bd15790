#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// An instant as whole nanoseconds since the monotonic clock's epoch: half the size of `ContinuousClock.Instant`, and
/// compared and subtracted in one machine instruction.
///
/// The range is 292 years on either side of the epoch; instants outside are clamped to it.
@usableFromInline
package struct Timestamp: Hashable, Sendable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package init(_ instant: ContinuousClock.Instant) {
        nanoseconds = (instant - ContinuousClock().systemEpoch).clampedNanoseconds
    }

    package var instant: ContinuousClock.Instant {
        ContinuousClock().systemEpoch.advanced(by: .nanoseconds(nanoseconds))
    }

    package static let distantPast = Timestamp(nanoseconds: .min)
    package static let distantFuture = Timestamp(nanoseconds: .max)

    @usableFromInline
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The timestamp `nanoseconds` later, clamped at the ends of the range.
    package func advanced(byNanoseconds nanoseconds: Int64) -> Timestamp {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        guard overflow else { return Timestamp(nanoseconds: sum) }
        return nanoseconds < 0 ? .distantPast : .distantFuture
    }

    package func duration(to other: Timestamp) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }
}

extension Duration {
    /// The duration in nanoseconds, rounded towards zero and clamped to 64 bits (292 years).
    package var clampedNanoseconds: Int64 {
        // Outside this range `components` may trap, and nothing inside it overflows.
        guard self < .nanoseconds(Int64.max) else { return .max }
        guard self > .nanoseconds(Int64.min) else { return .min }
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

/// A time source as a hot path wants it: the machine's clock is read without an existential call and without the
/// 128-bit arithmetic of `Duration`.
package enum FastTimeSource: Sendable {
    case system
    case custom(any TimeSource)

    package init(_ source: any TimeSource) {
        self = source is SystemTimeSource ? .system : .custom(source)
    }

    /// The present, on the time line of ``source``: `ContinuousClock` reads `CLOCK_BOOTTIME` on Linux, as this does.
    package var now: Timestamp {
        switch self {
        case .system:
            var reading = timespec()
            // The call writes through its pointer, to a local that outlives it, and nowhere else.
            _ = unsafe clock_gettime(CLOCK_BOOTTIME, &reading)
            return Timestamp(nanoseconds: Int64(reading.tv_sec) &* 1_000_000_000 &+ Int64(reading.tv_nsec))
        case .custom(let source):
            return Timestamp(source.now)
        }
    }

    package var source: any TimeSource {
        switch self {
        case .system: SystemTimeSource()
        case .custom(let source): source
        }
    }
}
