/// Somebody who is told what becomes of a coordinator's operations.
///
/// Every method has a default that does nothing. They are called on the task where the event happened, outside all
/// locks, may call the coordinator, and should be quick: a worker waits for them.
public protocol CoordinatorObserver: Sendable {
    /// An operation has left the window, by limit, by age or by `evict(_:)`.
    func operationFinalized(_ snapshot: OperationSnapshot)

    /// An accepted operation was dropped before it started, by cancellation or by a cancel signal.
    func operationDiscarded(_ id: OperationID)

    /// An operation was held back as long as the options allow and starts although a deferring signal is live.
    func deferralExhausted(_ id: OperationID)
}

extension CoordinatorObserver {
    /// Does nothing.
    public func operationFinalized(_ snapshot: OperationSnapshot) {}
    /// Does nothing.
    public func operationDiscarded(_ id: OperationID) {}
    /// Does nothing.
    public func deferralExhausted(_ id: OperationID) {}
}
