/// Callers whose task was cancelled after they had got a number and before they registered to wait.
@usableFromInline
struct EarlyCancellations: Sendable {
    private var callers: Set<UInt64> = []

    var isEmpty: Bool { callers.isEmpty }

    @usableFromInline
    mutating func note(_ caller: UInt64) { callers.insert(caller) }

    /// A caller registers.
    ///
    /// - Returns: Whether its cancellation came first.
    @usableFromInline
    mutating func take(_ caller: UInt64) -> Bool { !callers.isEmpty && callers.remove(caller) != nil }

    /// The wait of a caller is over.
    @usableFromInline
    mutating func forget(_ caller: UInt64) { _ = take(caller) }
}
