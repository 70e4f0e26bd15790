/// What a coordinator keeps of an operation besides what all have: its key, or what its body returned.
///
/// One reference, so that plain operations pay for no more than an empty one.
@usableFromInline
protocol OperationTag: AnyObject, Sendable {
    /// The key as text; `nil` where there is none.
    var keyText: String? { get }

    /// The operation has ended; called with the engine's lock held.
    ///
    /// - Returns: Whether somebody waits for ``announceEnd()``.
    func hasEnded(_ record: OperationRecord) -> Bool

    /// Tells who waits for the end of the operation; called without the lock.
    func announceEnd()
}

extension OperationTag {
    @usableFromInline var keyText: String? { nil }

    @usableFromInline
    func hasEnded(_ record: OperationRecord) -> Bool { false }

    @usableFromInline
    func announceEnd() {}
}

/// The key of operations; all that wait or run under a key share it.
@usableFromInline
final class KeyTag<Key: Hashable & Sendable>: OperationTag {
    @usableFromInline let key: Key

    @usableFromInline
    init(_ key: Key) { self.key = key }

    @usableFromInline var keyText: String? { String(describing: key) }
}

extension OperationRecord {
    func hasKey<Key: Hashable & Sendable>(_ key: Key) -> Bool { (tag as? KeyTag<Key>)?.key == key }

    func output<Output: Sendable>(as type: Output.Type) -> Output? { (tag as? ResultCell)?.result(as: type) }
}
