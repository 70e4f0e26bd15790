/// Callers whose task was cancelled after they had got a number and before they registered to wait.
@usableFromInline
package struct EarlyCancellations: Sendable {
    private var callers: Set<UInt64> = []

    package init() {}

    var isEmpty: Bool { callers.isEmpty }

    @usableFromInline
    package mutating func note(_ caller: UInt64) { callers.insert(caller) }

    /// A caller registers.
    ///
    /// - Returns: Whether its cancellation came first.
    @usableFromInline
    package mutating func take(_ caller: UInt64) -> Bool { !callers.isEmpty && callers.remove(caller) != nil }

    /// The wait of a caller is over.
    @usableFromInline
    package mutating func forget(_ caller: UInt64) { _ = take(caller) }
}
