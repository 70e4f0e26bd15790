internal import EphemeralTime

/// What the body of an ``AdaptiveRateService`` throws when it was told to come back later: every item is held back until then.
public struct RateLimitError: Error, Sendable, Hashable, CustomStringConvertible {
    /// How long nothing should be tried.
    public var retryAfter: Duration

    /// Creates an error.
    ///
    /// - Parameter retryAfter: How long nothing should be tried; less than nothing counts as nothing.
    public init(retryAfter: Duration = .seconds(1)) {
        self.retryAfter = retryAfter
    }

    /// The text shown to people.
    public var description: String { "the rate limit is reached; try again in \(retryAfter)" }

    /// The signal that says the same, in whole milliseconds and rounded up.
    var signal: String {
        let nanoseconds = max(0, retryAfter.clampedNanoseconds)
        let (whole, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return "rate-limit:\(whole + (rest > 0 ? 1 : 0))ms"
    }
}
