/// How long to wait between attempts: exponentially longer, up to a cap, and at random so that many do not come back at once.
public struct RetryPolicy: Sendable, Hashable {
    /// The longest pause after the first attempt.
    public var base: Duration
    /// By how much the longest pause grows with each attempt.
    public var multiplier: Double
    /// The longest pause after any attempt.
    public var cap: Duration
    /// Which part of a pause is left to chance: 0 is none of it, 1 is all of it.
    public var jitter: Double

    /// Creates a policy; the default waits up to 1, 2, 4 … 60 seconds, all of it at random.
    ///
    /// - Parameters:
    ///   - base: The longest pause after the first attempt.
    ///   - multiplier: By how much the longest pause grows with each attempt; 1 or more.
    ///   - cap: The longest pause after any attempt.
    ///   - jitter: Which part of a pause is left to chance, from 0 to 1.
    public init(
        base: Duration = .seconds(1),
        multiplier: Double = 2,
        cap: Duration = .seconds(60),
        jitter: Double = 1
    ) {
        self.base = base
        self.multiplier = multiplier
        self.cap = cap
        self.jitter = jitter
    }

    /// The pause after an attempt.
    ///
    /// - Parameters:
    ///   - attempt: Which attempt has failed, beginning with 1.
    ///   - chance: A number from 0 to 1.
    /// - Returns: The pause.
    public func pause(afterAttempt attempt: Int, chance: Double) -> Duration {
        var longest = base
        var attempt = attempt
        while attempt > 1, longest < cap {
            longest = longest * multiplier
            attempt -= 1
        }
        return min(longest, cap) * (1 - jitter * (1 - chance))
    }

    func validate(_ name: String) throws {
        guard base >= .zero else { throw ProcessingError.invalid("\(name).base", base, "give zero or more") }
        guard cap >= base else {
            throw ProcessingError.invalid("\(name).cap", cap, "give \(name).base (\(base)) or more")
        }
        guard multiplier >= 1, multiplier.isFinite else {
            throw ProcessingError.invalid("\(name).multiplier", multiplier, "give 1 or more")
        }
        guard (0...1).contains(jitter) else { throw ProcessingError.invalid("\(name).jitter", jitter, "give 0 to 1") }
    }
}
