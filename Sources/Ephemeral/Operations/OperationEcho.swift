public import EphemeralTime

/// What became of an operation that is no longer visible.
public struct OperationEcho: Sendable, Identifiable {
    /// The identity that `enqueue` returned.
    public let id: OperationID
    /// How it ended.
    public let outcome: OperationOutcome
    /// What the operation was ordered by, as text; `nil` where coordinators have no keys.
    public let key: String?
    /// When it ended.
    public let completedAt: ContinuousClock.Instant
    /// When it left the visible operations.
    public let leftAt: ContinuousClock.Instant

    let wallOffset: Duration

    /// When it left the visible operations, by the calendar.
    public var left: WallTime { WallTime(leftAt, wallOffset: wallOffset) }
}
