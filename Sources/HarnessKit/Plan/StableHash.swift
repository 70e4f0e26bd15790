internal import EphemeralTime

/// A 64-bit hash that is the same in every process and on every machine, unlike `Hasher`.
///
/// Words are chained through SplitMix64's bijective mixer; strings enter by their FNV-1a hash and length.
struct StableHash: Sendable {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ word: UInt64) {
        value = CounterRandom.mix(value ^ word) &+ 0x9e37_79b9_7f4a_7c15
    }

    mutating func combine(_ number: Int64) {
        combine(UInt64(bitPattern: number))
    }

    mutating func combine(_ number: Int) {
        combine(Int64(number))
    }

    mutating func combine(_ number: Double) {
        combine(number.bitPattern)
    }

    mutating func combine(_ duration: Duration) {
        combine(duration.clampedNanoseconds)
    }

    mutating func combine(_ text: String) {
        combine(Self.fnv1a(text))
        combine(text.utf8.count)
    }

    /// The value in 16 hexadecimal digits.
    var hexadecimal: String { Self.hexadecimal(value) }

    /// A word in 16 hexadecimal digits.
    static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// FNV-1a, 64 bits, of a string's UTF-8 (Fowler, Noll, Vo; draft-eastlake-fnv).
    static func fnv1a(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        return hash
    }
}
