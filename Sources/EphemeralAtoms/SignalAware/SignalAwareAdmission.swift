public import Ephemeral

/// What a signal-aware atom answers to an item.
@nonexhaustive
public enum SignalAwareAdmission: Sendable, Hashable {
    /// It was accepted under this identity.
    case accepted(OperationID)
    /// A signal of this name is live, and says that nothing is taken; no counter has changed.
    case refused(signal: String)

    /// The identity of the operation; `nil` when the item was refused.
    public var id: OperationID? {
        if case .accepted(let id) = self { id } else { nil }
    }

    /// The number of the operation, or -1 when the item was refused.
    public var rawValue: Int64 { id?.rawValue ?? -1 }
}
