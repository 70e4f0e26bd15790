import Testing

@testable import EphemeralTime

@Suite(.timeLimit(.minutes(1)))
struct SplitMix64Tests {
    /// Vigna's `splitmix64.c` with the state 1234567; the upper half of each word is what a bound of 2³² leaves.
    @Test func numbersAreThoseOfTheReferenceImplementation() {
        let published: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        var generator = SplitMix64(seed: 1_234_567)
        for word in published { #expect(generator.next(below: 1 << 32) == Int(word >> 32)) }
    }

    @Test func everyNumberBelowTheBoundOccurs() {
        var generator = SplitMix64(seed: 1)
        var seen: Set<Int> = []
        for _ in 0..<200 { seen.insert(generator.next(below: 7)) }
        #expect(seen == Set(0..<7))
    }
}
