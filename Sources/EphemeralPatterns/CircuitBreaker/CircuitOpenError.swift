/// A call was not made because there were too many failures before it.
public struct CircuitOpenError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened.
    public var message: String
    /// How long to wait before another attempt makes sense; `nil` when that is unknown.
    public var retryAfter: Duration?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - message: What happened.
    ///   - retryAfter: How long to wait before another attempt.
    public init(message: String, retryAfter: Duration? = nil) {
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The text shown to people.
    public var description: String {
        guard let retryAfter else { return "the circuit is open: \(message)" }
        return "the circuit is open: \(message); try again in \(retryAfter)"
    }
}
