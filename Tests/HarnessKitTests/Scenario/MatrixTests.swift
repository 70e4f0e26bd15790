import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct MatrixTests {
    private static func read(_ matrix: String, cell: Int? = nil) throws -> ScenarioReading {
        let text = Fixture.scenario(
            #""vars": { "n": 1, "r": 1 }, "runs": { "repetitions": "${n}", "virtualSeeds": "${r}" }, "clock": "virtual", "matrix": \#(matrix)"#,
            targets: #"[{ "id": "p", "use": "peer.fake" }]"#
        )
        return ScenarioFile.read(text: text, path: "s.json", registry: try Fixture.registry(), cell: cell)
    }

    private static func repetitions(_ matrix: String) throws -> [[Int]] {
        let count = try read(matrix).cells
        return try (1...max(1, count)).map { cell in
            let reading = try read(matrix, cell: cell)
            let runs = try #require(reading.scenario?.runs, "\(reading.problems)")
            return [runs.repetitions, runs.virtualSeeds]
        }
    }

    @Test func everyCombinationIsAVariant() throws {
        #expect(
            try Self.repetitions(#"{ "vars.n": [1, 2], "vars.r": [3, 4] }"#) == [[1, 3], [1, 4], [2, 3], [2, 4]]
        )
    }

    @Test func combinationsAreLeftOutAndAdded() throws {
        let cells = try Self.repetitions(
            #"{ "vars.n": [1, 2], "vars.r": [3, 4], "exclude": [{ "vars.n": 2, "vars.r": 4 }], "include": [{ "vars.n": 9 }] }"#
        )
        #expect(cells == [[1, 3], [1, 4], [2, 3], [9, 1]])
    }

    @Test func variantsHaveNamesAndDigestsOfTheirOwn() throws {
        let first = try Self.read(#"{ "vars.n": [1, 2] }"#, cell: 1)
        let second = try Self.read(#"{ "vars.n": [1, 2] }"#, cell: 2)
        #expect(first.scenario?.name == "small.1-n-1")
        #expect(second.scenario?.name == "small.2-n-2")
        #expect(first.digest != second.digest)
        #expect(first.cells == 2)
        #expect(second.cell == 2)
    }

    @Test(arguments: [
        (#"{ "vars.n": 3 }"#, "/matrix/vars.n: expected a list of values, found the number 3"),
        (#"{ "vars.n": [] }"#, "the list is empty"), ("[]", "expected the matrix as an object"),
        (#"{ "vars.n": [1], "exclude": [{ "vars.m": 1 }] }"#, #"the matrix has no "vars.m"; did you mean "vars.n"?"#),
        (#"{ "vars.n": [1], "exclude": [{ "vars.n": 1 }] }"#, "leaves no variant"),
        (#"{ "load.nothing": [1] }"#, #"has no "nothing""#),
    ])
    func mistakesAreNamed(matrix: String, message: String) throws {
        let reading = try Self.read(matrix)
        #expect(reading.scenario == nil)
        #expect(reading.problems.contains { $0.description.contains(message) }, "\(reading.problems)")
    }

    @Test func aCombinationThatIsNotThereIsNamed() throws {
        let reading = try Self.read(#"{ "vars.n": [1, 2] }"#, cell: 3)
        #expect(reading.problems.contains { $0.message.contains("2 combinations, and not the number 3") })
    }

    @Test func tooManyCombinationsAreRefused() throws {
        let values = (0..<40).map(String.init).joined(separator: ",")
        let reading = try Self.read(#"{ "vars.n": [\#(values)], "vars.r": [\#(values)] }"#)
        #expect(reading.problems.contains { $0.message.contains("more than 1000 variants") })
    }
}
