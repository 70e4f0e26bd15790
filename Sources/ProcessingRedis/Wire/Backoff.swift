/// Pauses between attempts: random ones below a bound that doubles, so that many clients do not come back at once.
struct Backoff: Sendable {
    var first = Duration.milliseconds(50)
    var longest = Duration.seconds(5)
    private var failures = 0

    /// The pause after one failure more.
    ///
    /// - Parameter random: A number from 0 up to 1.
    /// - Returns: The pause.
    mutating func next(random: Double) -> Duration {
        let bound = min(longest, first * (1 << min(failures, 20)))
        failures += 1
        return bound * random
    }

    mutating func reset() { failures = 0 }
}
