internal import Ephemeral

/// How often something is tried again, after how long, and because of which errors.
public struct RetryPolicy: Sendable {
    /// How many attempts an item gets in all.
    public var maxAttempts = 3
    /// How long an item waits after this many failures: 1 before its second attempt, 2 before its third.
    ///
    /// Zero and less do not wait. Called outside all locks.
    public var backoff: @Sendable (_ failures: Int) -> Duration = { .milliseconds(50) * $0 }
    /// Whether an error is worth another attempt; `CancellationError` never is, and never gets here.
    ///
    /// Called outside all locks.
    public var retryIf: @Sendable (_ error: any Error) -> Bool = { _ in true }
    /// How long an item waits after this error, which was its given number of failures; ``backoff`` decides when `nil`.
    ///
    /// Called outside all locks.
    package var backoffByError: (@Sendable (_ error: any Error, _ failures: Int) -> Duration)?

    /// Creates a policy.
    ///
    /// - Parameter maxAttempts: How many attempts an item gets in all.
    public init(maxAttempts: Int = 3) { self.maxAttempts = maxAttempts }

    func validate() throws {
        guard maxAttempts > 0 else { throw CoordinatorError.invalid("maxAttempts", maxAttempts, "give 1 or more") }
    }

    /// How long to wait before the next attempt; `nil` when there is none.
    func delay(after error: any Error, attempt: Int) -> Duration? {
        guard attempt < maxAttempts, !(error is CancellationError), retryIf(error) else { return nil }
        return backoffByError?(error, attempt) ?? backoff(attempt)
    }
}
