import Ephemeral
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalPatternSetTests {
    @Test func noPatternsMatchNothing() {
        let none: SignalPatternSet = []
        #expect(none.isEmpty)
        #expect(!none.matches(""))
        #expect(!none.matches("a"))
    }

    @Test func anyOfThePatternsIsEnough() {
        let patterns: SignalPatternSet = ["stop", "error.*"]
        #expect(patterns.matches("stop"))
        #expect(patterns.matches("error.io"))
        #expect(!patterns.matches("stopped"))
    }

    @Test(arguments: ["stop,error.*", " stop ,\terror.* ", ",stop,, error.*,", "stop\n,\u{A0}error.*"])
    func commasSeparateAndSpacesAroundDoNotCount(text: String) {
        let patterns: SignalPatternSet = [text]
        #expect(patterns == ["stop", "error.*"])
        #expect(patterns.patterns.map(\.text) == ["stop", "error.*"])
    }

    @Test(arguments: ["", " ", ",", " , ,, "])
    func blankTextsAreNoPatterns(text: String) {
        #expect(([text] as SignalPatternSet).isEmpty)
    }

    @Test func spacesWithinANameCount() {
        #expect((["a b"] as SignalPatternSet).matches("a b"))
        #expect(!(["a b"] as SignalPatternSet).matches("ab"))
    }
}
