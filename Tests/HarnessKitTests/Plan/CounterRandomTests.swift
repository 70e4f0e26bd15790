import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct CounterRandomTests {
    // First outputs of SplitMix64 seeded with 1234567, as published on Rosetta Code ("Pseudo-random numbers/Splitmix64").
    @Test(
        arguments: [
            (0, 6_457_827_717_110_365_317), (1, 3_203_168_211_198_807_973), (2, 9_817_491_932_198_370_423),
            (3, 4_593_380_528_125_082_431), (4, 16_408_922_859_458_223_821),
        ] as [(Int, UInt64)]
    )
    func wordsAreSplitMix64sPublishedOutputs(index: Int, word: UInt64) {
        #expect(CounterRandom(key: 1_234_567).word(index) == word)
    }

    // Test vectors of the FNV authors (fnv1a_64, draft-eastlake-fnv).
    @Test(
        arguments: [
            ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
        ] as [(String, UInt64)]
    )
    func stringsHashToThePublishedFNV1aValues(text: String, hash: UInt64) {
        #expect(StableHash.fnv1a(text) == hash)
    }

    @Test func streamsOfOneSeedDiffer() {
        let left = CounterRandom(seed: 1, stream: "keys")
        let right = CounterRandom(seed: 1, stream: "work")
        #expect((0..<100).allSatisfy { left.word($0) != right.word($0) })
    }

    @Test func partsOfOneWordDifferFromEachOtherAndFromTheWord() {
        let stream = CounterRandom(seed: 1, stream: "fault")
        let words = [stream.word(5)] + (0..<50).map { stream.word(5, part: $0) }
        #expect(Set(words).count == words.count)
    }

    // 100 000 uniform values: mean 1/2 with standard error 0.289 / √n = 0.00091; the bound is four of them.
    @Test func unitIntervalsAverageOneHalf() {
        let stream = CounterRandom(seed: 3, stream: "uniform")
        let values = (0..<100_000).map { stream.word($0).unitInterval }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 100_000 - 0.5) < 0.0037)
    }

    // Neighbouring operations must not resemble each other: the correlation's standard error is 1/√n = 0.0032.
    @Test(arguments: [1, 2, 256])
    func neighboursAreUncorrelated(distance: Int) {
        let stream = CounterRandom(seed: 3, stream: "uniform")
        let count = 100_000
        let products = (0..<count).reduce(0.0) {
            $0 + (stream.word($1).unitInterval - 0.5) * (stream.word($1 + distance).unitInterval - 0.5)
        }
        #expect(abs(products / Double(count) * 12) < 0.013)
    }
}
