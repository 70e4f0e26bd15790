/// Where names were found last, by a hash that is cheap because it reads only a few bytes.
///
/// It may name the wrong place, so whoever asks compares the name. Names that share a hash push each other out, which
/// costs a look into the dictionary and no more.
struct NameCache: Sendable {
    private static let smallest = 256
    private static let largest = 16_384

    /// Places by hash; -1 is none.
    private var places = [Int32](repeating: -1, count: NameCache.smallest)
    private var mask = NameCache.smallest - 1

    subscript(hash: Int) -> Int {
        get { Int(places[hash & mask]) }
        set { places[hash & mask] = Int32(truncatingIfNeeded: newValue) }
    }

    /// Grows with the number of names, up to a limit.
    mutating func makeRoom(for count: Int) {
        guard count > places.count, places.count < Self.largest else { return }
        places = Array(repeating: -1, count: places.count * 4)
        mask = places.count - 1
    }

    mutating func forget() {
        self = NameCache()
    }

    /// A number from the length, the last four bytes, one of the first and one of the middle: names differ there.
    static func hash(_ name: String) -> Int {
        let bytes = name.utf8Span.span
        let count = bytes.count
        guard count >= 4 else { return count > 0 ? Int(bytes[0]) &* 4 &+ Int(bytes[count - 1]) : 0 }
        let tail =
            UInt64(bytes[count - 1]) | UInt64(bytes[count - 2]) << 8
            | UInt64(bytes[count - 3]) << 16 | UInt64(bytes[count - 4]) << 24
        let rest = UInt64(bytes[3]) << 32 | UInt64(bytes[count / 2]) << 40 | UInt64(truncatingIfNeeded: count) << 48
        // Fibonacci hashing: the product's upper half depends on all bits (Knuth, volume 3, 6.4).
        return Int(truncatingIfNeeded: ((tail | rest) &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
