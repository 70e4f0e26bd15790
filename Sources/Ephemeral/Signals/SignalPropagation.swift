/// The causal path of a signal: the names that led to it, from the root to itself.
///
/// Immutable and shared.
public struct SignalPropagation: Sendable, Hashable {
    /// The names from the root to the signal itself; never empty.
    public let path: [String]

    private init(path: [String]) {
        self.path = path
    }

    /// The path of a signal that nothing led to.
    public static func root(_ name: String) -> SignalPropagation {
        SignalPropagation(path: [name])
    }

    /// The path of a signal that this one leads to.
    ///
    /// O(depth).
    public func extended(by name: String) -> SignalPropagation {
        SignalPropagation(path: path + [name])
    }

    /// The name of the signal itself.
    var name: String { path[path.count - 1] }

    /// How many signals led here; 0 for a root.
    public var depth: Int { path.count - 1 }

    /// Whether the path holds this name.
    ///
    /// O(depth).
    public func contains(_ name: String) -> Bool { path.contains { $0.hasSameBytes(as: name) } }
}

extension SignalPropagation: CustomStringConvertible {
    /// The names joined by arrows: `a -> b -> c`.
    public var description: String { path.joined(separator: " -> ") }
}
