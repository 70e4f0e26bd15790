/// A signal that was taken back before its age ended it.
public struct SignalRetractedEvent: Sendable, Hashable {
    /// The event that was taken back.
    public let retracted: SignalEvent
    /// The pattern that took it back, when it was not retracted by its exact name.
    public let pattern: String?

    /// The signal's name.
    public var signal: String { retracted.signal }

    /// The operation that had raised it.
    public var operationID: OperationID { retracted.operationID }

    /// What it was about.
    public var key: String? { retracted.key }

    /// Whether it was taken back by pattern rather than by name.
    public var wasPatternMatch: Bool { pattern != nil }
}
