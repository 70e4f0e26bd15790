/// Two values of one metric that were measured right after one another.
public struct ValuePair: Sendable, Equatable {
    /// Of the former build.
    public var base: Double
    /// Of the new one; not a number where it gave none.
    public var head: Double

    /// Creates a pair.
    public init(base: Double, head: Double) {
        self.base = base
        self.head = head
    }

    /// Whether there is a former value that a ratio can be built with.
    var isComparable: Bool { base.isFinite && base > 0 }
}
