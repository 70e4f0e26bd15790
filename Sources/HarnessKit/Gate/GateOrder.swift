/// The random order in which two builds are run.
public struct GateOrder: Sendable {
    private let random: CounterRandom

    /// Creates the order of a seed.
    public init(seed: UInt64) {
        random = CounterRandom(seed: seed, stream: "gate-order")
    }

    /// Subjects in an order drawn for a round.
    public func shuffled(_ subjects: [Int], round: Int) -> [Int] {
        random.shuffled(subjects, draw: round)
    }

    /// Whether the new build comes first in a pair.
    public func isHeadFirst(round: Int, subject: Int, pair: Int) -> Bool {
        random.word(round, part: 1_000_000 + subject * 10_000 + pair) >> 63 == 1
    }
}
