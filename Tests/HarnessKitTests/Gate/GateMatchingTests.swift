import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct GateMatchingTests {
    static func subject(_ scenario: String, _ target: String, _ clocks: [RunClock] = [.real, .virtual]) -> GateSubject {
        GateSubject(
            scenario: scenario,
            target: target,
            planDigest: "p",
            clocks: clocks,
            seed: 1,
            rules: RegressionRules(exact: ["completed"], paired: [], observe: [])
        )
    }

    static func hello(_ subjects: [GateSubject], problems: [String] = []) -> GateHello {
        GateHello(environment: MachineReading().environment(command: ""), subjects: subjects, problems: problems)
    }

    @Test func aTargetThatTheNewBuildLostBlocks() throws {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a"), Self.subject("s", "b")]),
            head: Self.hello([Self.subject("s", "b")])
        )
        let row = try #require(matching.lost.first)
        #expect(matching.lost.count == 1)
        #expect(row.isBlocking)
        #expect(row.target == "a")
        #expect(row.quantity == "target")
        #expect(row.detail?.contains("the base build can run it and the head build cannot") == true)
        #expect(matching.pairs.map(\.base) == [1])
        #expect(matching.pairs.map(\.head) == [0])
        #expect(matching.subjects.map(\.target) == ["b", "a"])
    }

    @Test func aScenarioThatTheNewBuildCannotReadIsNamedWithItsProblem() {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a")]),
            head: Self.hello([], problems: ["s.json:3:4: error: unknown target"])
        )
        #expect(matching.lost.map(\.verdict) == [.regressed])
        #expect(matching.lost.first?.detail?.contains("it cannot read s.json:3:4: error: unknown target") == true)
    }

    @Test func aClockThatTheNewBuildLostBlocksAndTheOtherIsCompared() {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a")]),
            head: Self.hello([Self.subject("s", "a", [.real])])
        )
        #expect(matching.lost.map(\.quantity) == ["clock"])
        #expect(matching.lost.first?.detail?.contains("on the virtual clock") == true)
        #expect(matching.pairs.map(\.subject.clocks) == [[.real]])
    }

    @Test func whatIsNewIsToldAndBlocksNothing() {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a", [.real])]),
            head: Self.hello([Self.subject("s", "a"), Self.subject("s", "b")])
        )
        #expect(matching.lost.isEmpty)
        #expect(matching.pairs.map(\.subject.clocks) == [[.real]])
        #expect(
            matching.notes == [
                "new, and not compared: s, target 'a', on the virtual clock", "new, and not compared: s, target 'b'",
            ]
        )
    }

    @Test func whatIsMeantToGoDoesNotBlock() {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a"), Self.subject("s", "b")]),
            head: Self.hello([Self.subject("s", "b", [.real])]),
            accepting: ["target", "clock"]
        )
        #expect(matching.lost.map(\.verdict) == [.accepted, .accepted])
    }

    @Test func targetsThatNobodyAskedForAreLeftOut() {
        let matching = GateMatching(
            base: Self.hello([Self.subject("s", "a"), Self.subject("s", "b")]),
            head: Self.hello([Self.subject("s", "b")]),
            targets: ["b*"]
        )
        #expect(matching.lost.isEmpty)
        #expect(matching.subjects.map(\.target) == ["b"])
    }
}
