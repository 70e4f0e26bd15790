/// What a coordinator keeps of an operation besides what all have: its key, or what its body returned.
///
/// One reference, so that plain operations pay for no more than an empty one.
@usableFromInline
protocol OperationTag: AnyObject, Sendable {
    /// The key as text; `nil` where there is none.
    var keyText: String? { get }
}

/// The key of operations; all that wait or run under a key share it.
@usableFromInline
final class KeyTag<Key: Hashable & Sendable>: OperationTag {
    @usableFromInline let key: Key

    @usableFromInline
    init(_ key: Key) { self.key = key }

    @usableFromInline var keyText: String? { String(describing: key) }
}

/// What a body returned.
@usableFromInline
final class ResultTag<Output: Sendable>: OperationTag {
    let output: Output

    @usableFromInline
    init(_ output: Output) { self.output = output }

    @usableFromInline var keyText: String? { nil }
}

extension OperationRecord {
    func hasKey<Key: Hashable & Sendable>(_ key: Key) -> Bool { (tag as? KeyTag<Key>)?.key == key }

    func output<Output: Sendable>(as type: Output.Type) -> Output? { (tag as? ResultTag<Output>)?.output }
}
