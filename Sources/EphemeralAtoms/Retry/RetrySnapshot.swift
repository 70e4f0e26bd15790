public import Ephemeral

/// What is known of one item of a retrying atom at one moment: a value that never changes, without the item.
public struct RetrySnapshot: Sendable, Identifiable {
    /// The identity that `enqueue` returned; signals of all its attempts carry it.
    public let id: OperationID
    /// What became of it; running also between two attempts.
    public let outcome: OperationOutcome
    /// How many attempts have begun.
    public let attempts: Int
    /// The error of the last attempt that failed.
    public let lastError: (any Error)?
    /// When the next attempt may begin; `nil` unless one is waited for.
    public let nextAttemptAt: ContinuousClock.Instant?
    /// When it was accepted.
    public let enqueuedAt: ContinuousClock.Instant
    /// When its first attempt began; `nil` if none did.
    public let startedAt: ContinuousClock.Instant?
    /// When it ended; `nil` while it has not.
    public let completedAt: ContinuousClock.Instant?

    /// The time from the first attempt to the end, waits included; `nil` while it has not ended or if it never began.
    public var duration: Duration? {
        guard let startedAt, let completedAt else { return nil }
        return startedAt.duration(to: completedAt)
    }

    /// The error because of which the item failed.
    public var error: (any Error)? {
        if case .failed(let error) = outcome { error } else { nil }
    }
}

/// An attempt's handle on itself: which one it is, and the operation that it raises signals for.
public struct RetryAttempt: Sendable {
    /// The number of the attempt, from 1.
    public let number: Int
    /// The operation; its identity is that of the item, the same in all attempts.
    public let context: OperationContext
}
