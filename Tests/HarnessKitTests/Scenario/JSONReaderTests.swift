import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct JSONReaderTests {
    struct BadInput: CustomTestStringConvertible {
        var text: String
        var line: Int
        var column: Int
        var pointer = ""
        var words: String

        var testDescription: String { words }
    }

    private func read(_ bytes: [UInt8]) -> (value: LocatedValue?, problems: [ScenarioProblem]) {
        JSONReader.read(SourceText(path: "f.json", bytes: bytes))
    }

    @Test(arguments: [
        BadInput(text: "", line: 1, column: 1, words: "the file is empty"),
        BadInput(text: "  // nothing\n", line: 1, column: 1, words: "holds no value"),
        BadInput(text: "\u{FEFF}{}", line: 1, column: 1, words: "byte order mark"),
        BadInput(text: "{\"a\": [1, 2,]}", line: 1, column: 12, pointer: "/a", words: "trailing comma before ']'"),
        BadInput(text: "{\n  \"a\": 1,\n}", line: 2, column: 9, words: "trailing comma before '}'"),
        BadInput(text: "{\"a\": \"\\x\"}", line: 1, column: 8, pointer: "/a", words: "does not make an escape"),
        BadInput(text: "{\"a\": \"\\u12\"}", line: 1, column: 8, pointer: "/a", words: "four hexadecimal digits"),
        BadInput(text: "[\"\\ud800\"]", line: 1, column: 3, pointer: "/0", words: "half of a surrogate pair"),
        BadInput(text: "[\"\\udc00\\ud800\"]", line: 1, column: 3, pointer: "/0", words: "half of a surrogate pair"),
        BadInput(text: "[\"\\ud800\\u0041\"]", line: 1, column: 3, pointer: "/0", words: "half of a surrogate pair"),
        BadInput(text: "[1e999]", line: 1, column: 2, pointer: "/0", words: "out of range"),
        BadInput(text: "[9223372036854775808]", line: 1, column: 2, pointer: "/0", words: "out of range"),
        BadInput(text: "[01]", line: 1, column: 2, pointer: "/0", words: "remove the leading zeros"),
        BadInput(text: "[1.]", line: 1, column: 2, pointer: "/0", words: "lacks a digit before ']'"),
        BadInput(text: "[-]", line: 1, column: 2, pointer: "/0", words: "lacks a digit"),
        BadInput(text: "[250ms]", line: 1, column: 2, pointer: "/0", words: "\"250ms\""),
        BadInput(text: "{\"a\": \"x\u{0}y\"}", line: 1, column: 9, pointer: "/a", words: "NUL byte"),
        BadInput(text: "{\u{0}}", line: 1, column: 2, words: "found a NUL byte"),
        BadInput(text: "[\"\\u0000\"]", line: 1, column: 3, pointer: "/0", words: "NUL character"),
        BadInput(text: "[\"a\nb\"]", line: 1, column: 4, pointer: "/0", words: "ends on its line"),
        BadInput(text: "[\"abc", line: 1, column: 2, pointer: "/0", words: "not closed"),
        BadInput(text: "['abc']", line: 1, column: 2, pointer: "/0", words: "double quotes"),
        BadInput(text: "[True]", line: 1, column: 2, pointer: "/0", words: "write true"),
        BadInput(text: "[NaN]", line: 1, column: 2, pointer: "/0", words: "'NaN' is not a JSON value"),
        BadInput(text: "{a: 1}", line: 1, column: 2, words: "a key in double quotes"),
        BadInput(text: "{\"a\" 1}", line: 1, column: 6, pointer: "/a", words: "':' after the key"),
        BadInput(text: "{\"a\": 1 \"b\": 2}", line: 1, column: 9, words: "expected ',' or '}'"),
        BadInput(text: "{} x", line: 1, column: 4, words: "after the end of the document"),
        BadInput(text: "/* open", line: 1, column: 1, words: "comment is not closed"),
        BadInput(text: "{\"é😀\": tru}", line: 1, column: 8, pointer: "/é😀", words: "'tru' is not a JSON value"),
        BadInput(text: "{\"a\":", line: 1, column: 6, pointer: "/a", words: "the end of the file"),
    ])
    func badInputIsOneLocatedProblem(_ input: BadInput) throws {
        let (value, problems) = read(Array(input.text.utf8))
        #expect(value == nil)
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.message.contains(input.words), "\(problem.message)")
        #expect(problem.line == input.line)
        #expect(problem.column == input.column)
        #expect(problem.pointer == input.pointer)
    }

    @Test func textThatIsNotUTF8IsOneProblemWithByteAndLine() throws {
        let (value, problems) = read(Array("{\n  \"a\": \"".utf8) + [0xFF, 0x22, 0x7D])
        #expect(value == nil)
        #expect(
            problems.map(\.description) == [
                "f.json:2:9: the file is not UTF-8 at byte 10 (line 2); save it as UTF-8"
            ]
        )
    }

    @Test(arguments: ["[", "{\"a\":"])
    func nestingOfTenThousandLevelsIsOneProblem(_ opening: String) {
        let (value, problems) = read(Array(String(repeating: opening, count: 10_000).utf8))
        #expect(value == nil)
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("deeper than 64 levels") == true)
    }

    @Test func nestingOfSixtyFourLevelsIsRead() {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(read(Array(text.utf8)).value != nil)
        #expect(read(Array("[\(text)]".utf8)).value == nil)
    }

    @Test func everyDuplicateKeyIsReportedAndReadingGoesOn() {
        let (value, problems) = read(Array("{\"a\": 1, \"a\": 2,\n \"b\": {\"c\": 1, \"c\": 1}}".utf8))
        #expect(value?.plain == ["a": .integer(1), "b": ["c": .integer(1)]])
        #expect(problems.map { "\($0.line):\($0.column) \($0.pointer)" } == ["1:10 /a", "2:16 /b/c"])
    }

    @Test func valuesKeepTheirTypesAndPlaces() throws {
        let text =
            "// a comment\n{ \"i\": 1, \"n\": 1.5e2, /* b */ \"s\": \"\\u00e9\\ud83d\\ude00\\n/\", \"l\": [true, null] }"
        let value = try #require(read(Array(text.utf8)).value)
        #expect(
            value.plain == ["i": .integer(1), "n": .number(150), "s": "é😀\n/", "l": [.bool(true), .null]]
        )
        guard case .object(let members) = value.content else { return }
        #expect(members.map(\.nameOffset) == [15, 23, 43, 73])
    }

    @Test(arguments: [0, 1, 1023, 1024, 1025, 3000, 5000])
    func positionsInLongLinesCountEveryScalar(_ scalars: Int) {
        let text = "x\n" + String(repeating: "é", count: scalars) + "!"
        let source = SourceText(path: "", bytes: Array(text.utf8))
        #expect(source.position(at: 2 + 2 * scalars) == SourcePosition(line: 2, column: scalars + 1))
    }

    @Test(arguments: [("a\nb", 2, 2, 1), ("a\r\nb", 3, 2, 1), ("a\rb", 2, 2, 1), ("é😀x", 6, 1, 3)])
    func positionsCountLinesAndScalarsFromOne(_ text: String, offset: Int, line: Int, column: Int) {
        let source = SourceText(path: "", bytes: Array(text.utf8))
        #expect(source.position(at: offset) == SourcePosition(line: line, column: column))
    }
}
