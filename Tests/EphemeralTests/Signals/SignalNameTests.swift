import EphemeralTime
import Testing

@testable import Ephemeral

@Suite(.timeLimit(.minutes(1)))
struct SignalNameTests {
    @Test func aMillionDistinctNamesTakeNoMoreRoom() {
        var window = SignalWindow.forTests(capacity: 1000)
        _ = window.place(of: ["name.*"])
        var most = 0
        for number in 0..<1_000_000 {
            window.raise(Int64(number), "name.\(number)")
            most = max(most, window.names.count)
        }
        #expect(most <= 1000 + NameTable.idleLimit + 2)
        #expect(window.countOf(name: "name.999999") == 1)
        #expect(window.countOf(name: "name.999000") == 1)
        #expect(window.countOf(name: "name.998999") == 0)
        #expect(window.count(["name.*"], since: nil) == 1000)
        #expect(window.count(["name.9999*"], since: nil) == 100)
    }

    @Test func aNameThatWasForgottenIsKnownAgainWithItsQueries() {
        var window = SignalWindow.forTests(capacity: 1)
        _ = window.place(of: ["first*"])
        window.raise(0, "first")
        for number in 1...40_000 { window.raise(Int64(number), "other.\(number)") }
        window.raise(50_000, "first")
        #expect(window.count(["first*"], since: nil) == 1)
        #expect(window.countOf(name: "first") == 1)
    }

    @Test func canonicallyEqualNamesAreDistinct() {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        #expect(composed == decomposed)
        var window = SignalWindow.forTests()
        window.raise(1, composed)
        window.raise(2, decomposed)
        window.raise(3, decomposed)
        #expect(window.countOf(name: composed) == 1)
        #expect(window.countOf(name: decomposed) == 2)
        #expect(window.count(SignalPatternSet(.exactly(decomposed)), since: nil) == 2)
        #expect(window.count(SignalPatternSet(.prefix("caf\u{E9}")), since: nil) == 1)
        #expect(
            window.events([decomposed]).map { Array($0.signal.utf8) }
                == Array(repeating: Array(decomposed.utf8), count: 2)
        )
        #expect(window.remove(SignalPatternSet(.exactly(composed))).count == 1)
        #expect(window.countOf(name: decomposed) == 2)
    }

    @Test func namesOfEqualLengthAndEndsAreDistinct() {
        var window = SignalWindow.forTests(capacity: 5000)
        let names = (0..<1000).map { "prefix.\($0 % 10)\($0 / 10 % 10)\($0 / 100).same.middle.and.long.end" }
        for round in 0..<3 {
            for (index, name) in names.enumerated() { window.raise(Int64(round * 1000 + index), name) }
        }
        for name in names { #expect(window.countOf(name: name) == 3) }
    }

    @Test func eventsTellCanonicallyEqualNamesApart() {
        let event = SignalEvent.at(0, "\u{E9}")
        #expect(event.is("\u{E9}"))
        #expect(!event.is("e\u{301}"))
        #expect(!event.wouldCycle("e\u{301}"))
        let caused = SignalPropagation.root("\u{E9}").extended(by: "b")
        #expect(caused.contains("\u{E9}"))
        #expect(!caused.contains("e\u{301}"))
    }
}
