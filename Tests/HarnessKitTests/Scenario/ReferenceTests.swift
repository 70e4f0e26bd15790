import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ReferenceTests {
    @Test func variableThatIsAWholeStringKeepsItsType() throws {
        let text = Fixture.scenario(
            #""vars": { "n": 3, "tags": ["a", "b"] }, "runs": { "repetitions": "${n}" }, "tags": "${tags}""#
        )
        let scenario = try #require(try Fixture.read(text).scenario)
        #expect(scenario.runs.repetitions == 3)
        #expect(scenario.tags == ["a", "b"])
    }

    @Test func variablesWithinTextArePutIn() throws {
        let text = Fixture.scenario(
            #""vars": { "n": 3, "who": "${env:WHO}" }, "summary": "${n} of ${who}${env:MISSING:-!}""#
        )
        let scenario = try Fixture.read(text, environment: ["WHO": "us", "MISSING": ""]).scenario
        #expect(scenario?.summary == "3 of us!")
    }

    @Test(arguments: [
        (
            #""vars": { "peak": "1/s" }"#,
            #"/vars/peak: the variable "peak" is not used; remove it or refer to it as ${peak}"#
        ),
        (#""summary": "${peek}""#, #"/summary: the variable "peek" is not defined in "vars""#),
        (
            #""vars": { "peak": "x" }, "tags": ["${peak}", "${peek}"]"#,
            #"/tags/1: the variable "peek" is not defined in "vars"; did you mean "peak"?"#
        ),
        (
            #""summary": "${env:NOPE}""#,
            #"/summary: the environment variable "NOPE" is not set; set it, or give a default as ${env:NOPE:-value}"#
        ),
        (#""summary": "${open""#, #"/summary: "${open" has a reference without its end; close it with '}'"#),
        (
            #""vars": { "a": "${b}", "b": "${a}" }, "summary": "${a}""#,
            #"/vars/b: the variable "a" refers to itself; break the circle"#
        ),
        (
            #""vars": { "a": [1] }, "summary": "x${a}""#,
            "/summary: ${a} is an array; only a value without parts fits into a text"
        ),
        (#""vars": 3"#, "/vars: expected the variables as an object, found the number 3"),
    ])
    func wrongReferencesAreLocated(_ members: String, expected: String) throws {
        #expect(try Fixture.problems(Fixture.scenario(members)) == [expected])
    }

    @Test func problemOfAVariablesValueNamesTheReference() throws {
        let text = Fixture.scenario(#""vars": { "n": "x" }, "runs": { "repetitions": "${n}" }"#)
        #expect(
            try Fixture.problems(text)
                == ["/runs/repetitions: expected a whole number, found a string (the value comes from ${n})"]
        )
    }

    @Test func referencesThatGrowExponentiallyEndInOneProblem() throws {
        let doubling = (1...40).map { #""v\#($0)": ["${v\#($0 - 1)}", "${v\#($0 - 1)}"]"# }
        let text = Fixture.scenario(#""vars": { "v0": "x", \#(doubling.joined(separator: ", ")) }, "tags": "${v40}""#)
        let problems = try Fixture.problems(text)
        #expect(problems.contains { $0.contains("grow to more than a megabyte") })
        #expect(problems.count < 10)
    }

    @Test func referencesDoNotNestDeeperThanFiles() throws {
        let nested = (1...40).map { #""v\#($0)": [["${v\#($0 - 1)}"]]"# }
        let text = Fixture.scenario(#""vars": { "v0": "x", \#(nested.joined(separator: ", ")) }, "tags": "${v40}""#)
        #expect(try Fixture.problems(text).contains { $0.contains("nests deeper than 64 levels") })
    }
}

@Suite(.timeLimit(.minutes(1)))
struct OverrideTests {
    @Test func settingsReachKeysIdsNamesAndIndices() throws {
        let text = Fixture.scenario(#""vars": { "top": 9 }, "runs": { "repetitions": "${top}" }, "tags": ["a"]"#)
        let settings = [
            "load.phases.main.rate=900/s", "targets.1.id=peer", "vars.top=4", "tags=[\"x\", \"y\"]",
            "load.phases.drain.measure=true", "name=42x",
        ]
        let scenario = try #require(try Fixture.read(text, settings: settings).scenario)
        #expect(scenario.load.phases[0].rate == .constant(900))
        #expect(scenario.load.phases[1].measure)
        #expect(scenario.targets.map(\.id) == ["q", "peer"])
        #expect(scenario.runs.repetitions == 4)
        #expect(scenario.tags == ["x", "y"])
        #expect(scenario.name == "42x")
    }

    @Test(arguments: [
        (
            "load.phases.hold.rate=1/s",
            #"/load/phases: --set load.phases.hold.rate: "load.phases", the part of it that exists, has no "hold"; known: main, drain"#
        ),
        ("laod.model=open", #": --set laod.model: the scenario has no "laod"; did you mean "load"?"#),
        ("name.first=x", #"/name: --set name.first: "name", the part of it that exists, has no "first""#),
        ("load", ": --set load: write path=value, as load.phases.hold.rate=900/s"),
        (
            "tags=[1",
            ": --set tags=[1 holds broken JSON: column 3: expected ',' or ']' to go on or to close the array, found the end of the file"
        ),
        (
            "load.phases.main.rate=900",
            #"/load/phases/0/rate: the number 900 has no unit; write "900/s" (the value comes from --set load.phases.main.rate=900)"#
        ),
    ])
    func wrongSettingsAreOneProblem(_ setting: String, expected: String) throws {
        #expect(try Fixture.problems(Fixture.scenario(), settings: [setting]) == [expected])
    }
}
