import Ephemeral
import EphemeralTime
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SignalPatternTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let pattern: String
        let name: String
        let isMatch: Bool
        var testDescription: String { "\(pattern) \(isMatch ? "matches" : "does not match") \(name)" }

        init(_ pattern: String, _ name: String, _ isMatch: Bool) {
            (self.pattern, self.name, self.isMatch) = (pattern, name, isMatch)
        }
    }

    @Test(arguments: [
        Example("error", "error", true),
        Example("error", "errors", false),
        Example("error", "erro", false),
        Example("error", "Error", false),
        Example("", "", true),
        Example("", "a", false),
        Example("error.*", "error.", true),
        Example("error.*", "error.a.b", true),
        Example("error.*", "error", false),
        Example("error.*", "xerror.a", false),
        Example("*.timeout", "http.timeout", true),
        Example("*.timeout", ".timeout", true),
        Example("*.timeout", "timeout", false),
        Example("*.timeout", "http.timeouts", false),
        Example("*mid*", "mid", true),
        Example("*mid*", "a.mid.b", true),
        Example("*mid*", "mi.d", false),
        Example("*aab*", "aaab", true),
        Example("*", "", true),
        Example("*", "anything at all", true),
        Example("**", "", true),
        Example("a*b", "ab", true),
        Example("a*b", "a.long.way.b", true),
        Example("a*b", "a.bc", false),
        Example("a*b*c", "a1b2b3c", true),
        Example("a*b*c", "a1c2b", false),
        Example("a**b", "axb", true),
        Example("*a*b*", "xxaxxbxx", true),
        Example("*a*b*", "xxbxxaxx", false),
        Example("???", "abc", true),
        Example("???", "ab", false),
        Example("???", "abcd", false),
        Example("?*", "", false),
        Example("?*", "a", true),
        Example("*?", "abc", true),
        Example("pri?", "pri1", true),
        Example("pri?", "pri", false),
        Example("pri?", "pri12", false),
        Example("a?c*", "abcdef", true),
        Example("[a-z]", "b", false),
        Example("[a-z]", "[a-z]", true),
        Example("a.c", "abc", false),
        Example("a\\*", "a\\b", true),
    ])
    func everyShapeMatchesWhatItSays(example: Example) {
        #expect(SignalPattern(example.pattern).matches(example.name) == example.isMatch)
    }

    @Test(arguments: ["é", "日", "🦆"])
    func questionMarkIsOneScalarOfAnyLength(scalar: String) {
        #expect(SignalPattern("a?b").matches("a\(scalar)b"))
        #expect(!SignalPattern("a??b").matches("a\(scalar)b"))
        #expect(SignalPattern("*?b").matches("\(scalar)b"))
    }

    @Test func aCombinedCharacterIsAsManyMarksAsItHasScalars() {
        #expect(!SignalPattern("?").matches("e\u{301}"))
        #expect(SignalPattern("??").matches("e\u{301}"))
    }

    @Test(arguments: ["\u{E9}", "*\u{E9}", "\u{E9}*", "*\u{E9}*", "\u{E9}?", "?*\u{E9}*"])
    func canonicallyEqualNamesAreToldApart(pattern: String) {
        let decomposed = pattern.replacing("\u{E9}", with: "e\u{301}")
        let name = pattern.replacing("?", with: "x").replacing("*", with: "")
        let decomposedName = name.replacing("\u{E9}", with: "e\u{301}")
        #expect(SignalPattern(pattern).matches(name))
        #expect(!SignalPattern(pattern).matches(decomposedName))
        #expect(SignalPattern(decomposed).matches(decomposedName))
        #expect(SignalPattern(pattern) != SignalPattern(decomposed))
    }

    @Test func literalsOfTheFactoriesAreNotPatterns() {
        #expect(SignalPattern.prefix("a*").matches("a*b"))
        #expect(!SignalPattern.prefix("a*").matches("abc"))
        #expect(SignalPattern.exactly("a?").matches("a?"))
        #expect(!SignalPattern.exactly("a?").matches("ab"))
        #expect(SignalPattern.containing("*").matches("a*b"))
        #expect(!SignalPattern.containing("*").matches("ab"))
        #expect(SignalPattern.prefix("").matches("anything"))
        #expect(SignalPattern.containing("").matches(""))
    }

    @Test(arguments: [("a", true), ("", true), ("a*", false), ("a?", false)])
    func onlyPatternsWithoutWildcardsAreExact(text: String, isExact: Bool) {
        #expect(SignalPattern(text).isExact == isExact)
    }

    @Test func equalityFollowsTextAndMeaning() {
        #expect(SignalPattern("a*") == SignalPattern("a*"))
        #expect(SignalPattern("a*") == .prefix("a"))
        #expect(SignalPattern("a*") != SignalPattern("*a"))
        #expect(SignalPattern("*") != SignalPattern("**"))
        #expect(SignalPattern("a*") != .exactly("a*"))
        #expect(Set(["a*", "a*", .prefix("a"), "b*"] as [SignalPattern]).count == 2)
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func agreesWithANaiveMatcher(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<4000 {
            let pattern = Self.text(from: ["a", "b", ".", "*", "?", "é"], upTo: 8, using: &random)
            let name = Self.text(from: ["a", "b", ".", "é"], upTo: 10, using: &random)
            let expected = Self.naiveMatch(Array(name.unicodeScalars), Array(pattern.unicodeScalars))
            #expect(SignalPattern(pattern).matches(name) == expected, "\(pattern) against \(name)")
        }
    }

    private static func text(from pieces: [String], upTo limit: Int, using random: inout SplitMix64) -> String {
        (0..<Int.random(in: 0...limit, using: &random))
            .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }
            .joined()
    }

    /// A table with a row for each character of the name: what a textbook does.
    private static func naiveMatch(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        var reachable = [true]
        for piece in pattern { reachable.append(reachable[reachable.count - 1] && piece == "*") }
        for scalar in name {
            var next = [false]
            for (index, piece) in pattern.enumerated() {
                next.append(
                    piece == "*"
                        ? next[index] || reachable[index + 1]
                        : reachable[index] && (piece == "?" || piece == scalar)
                )
            }
            reachable = next
        }
        return reachable[pattern.count]
    }
}
