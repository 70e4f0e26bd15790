/// The random order in which two builds are run.
public struct GateOrder: Sendable {
    private let random: CounterRandom

    /// Creates the order of a seed.
    public init(seed: UInt64) {
        random = CounterRandom(seed: seed, stream: "gate-order")
    }

    /// Subjects in an order drawn for a round.
    public func shuffled(_ subjects: [Int], round: Int) -> [Int] {
        var order = subjects
        for place in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(place, random.word(round, part: place).scaled(to: place + 1))
        }
        return order
    }

    /// Whether the new build comes first in a pair.
    public func isHeadFirst(round: Int, subject: Int, pair: Int) -> Bool {
        random.word(round, part: 1_000_000 + subject * 10_000 + pair) >> 63 == 1
    }
}
