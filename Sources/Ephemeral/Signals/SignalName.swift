/// A signal name with a cheap hash, which is made before the sink's lock is taken; equal when the bytes are.
///
/// `String` compares by canonical equivalence, which patterns do not; two names that only some patterns tell apart must
/// not share an entry.
struct SignalName: Hashable, Sendable {
    let text: String
    /// A number for ``NameCache``; dictionaries hash the text, lest somebody choose names that collide.
    let quickHash: Int

    init(_ text: String) {
        self.text = text
        quickHash = NameCache.hash(text)
    }

    static func == (left: SignalName, right: SignalName) -> Bool { left.text.hasSameBytes(as: right.text) }

    func hash(into hasher: inout Hasher) { text.hash(into: &hasher) }
}

extension String {
    /// Whether two strings are equal byte by byte.
    func hasSameBytes(as other: String) -> Bool {
        // Comparing strings is one comparison of two words for most names. Equal strings of equal length differ in bytes
        // only if neither is ASCII: what is equal to an ASCII text without being it takes more bytes.
        guard self == other, utf8.count == other.utf8.count else { return false }
        return utf8Span.isKnownASCII || utf8.elementsEqual(other.utf8)
    }
}

extension SignalName: CustomStringConvertible {
    var description: String { text }
}
