/// A stream of random words of which any can be had at once, without drawing those before it.
///
/// Word number *i* is the *i*-th output of SplitMix64 seeded with the stream's key: the 64-bit mixer of that generator
/// applied to `key + (i + 1) × γ` (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014;
/// constants of Vigna's reference `splitmix64.c`, which are Stafford's variant 13). Streams with different keys are
/// windows of one sequence of 2⁶⁴ words at random distances, and do not meet in practice.
struct CounterRandom: Sendable, Equatable {
    private let key: UInt64

    /// Creates a stream from its key, which is SplitMix64's seed.
    init(key: UInt64) {
        self.key = key
    }

    /// Creates the stream of a name under a seed.
    init(seed: UInt64, stream: String) {
        key = Self.mix(Self.mix(seed &+ Self.gamma) &+ StableHash.fnv1a(stream))
    }

    /// Word number `index`.
    @inline(__always)
    func word(_ index: Int) -> UInt64 {
        Self.mix(key &+ (UInt64(bitPattern: Int64(index)) &+ 1) &* Self.gamma)
    }

    /// Word number `part` of the stream that word number `index` seeds.
    @inline(__always)
    func word(_ index: Int, part: Int) -> UInt64 {
        CounterRandom(key: word(index)).word(part)
    }

    /// Elements in an order that word number `draw` seeds (Fisher and Yates).
    func shuffled<Element>(_ elements: [Element], draw: Int) -> [Element] {
        var order = elements
        for place in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(place, word(draw, part: place).scaled(to: place + 1))
        }
        return order
    }

    /// SplitMix64's output function: a bijection of 64-bit words in which every input bit moves every output bit.
    @inline(__always)
    static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    private static let gamma: UInt64 = 0x9e37_79b9_7f4a_7c15
}

extension UInt64 {
    /// The word as a number in [0, 1), by its upper 53 bits.
    @inline(__always)
    var unitInterval: Double {
        Double(self >> 11) * 0x1p-53
    }

    /// The word as a number in 0..<count, each equally likely up to count / 2⁶⁴.
    @inline(__always)
    func scaled(to count: Int) -> Int {
        Int(multipliedFullWidth(by: UInt64(count)).high)
    }
}
