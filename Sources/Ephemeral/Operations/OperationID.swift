/// The identity of an operation: positive, unique within the process, and in practice across processes and hosts.
public struct OperationID: Hashable, Sendable {
    /// The number behind the identity; always positive.
    public let rawValue: Int64

    /// Creates an identity from a number, as read back from a log or another process.
    ///
    /// - Parameter rawValue: The number; positive for every identity that was generated.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// A fresh identity.
    ///
    /// Safe from any task; never allocates.
    public static func next() -> OperationID {
        OperationIDGenerator.shared.next()
    }
}

extension OperationID: Comparable {
    /// Whether one comes before the other.
    public static func < (left: OperationID, right: OperationID) -> Bool { left.rawValue < right.rawValue }
}

extension OperationID: CustomStringConvertible {
    /// The text shown to people.
    public var description: String { String(rawValue) }
}
