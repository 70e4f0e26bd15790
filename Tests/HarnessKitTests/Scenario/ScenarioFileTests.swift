import Foundation
import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ScenarioFileTests {
    private func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }

    private func onlyProblem(at path: String) throws -> ScenarioProblem {
        let reading = ScenarioFile.read(path: path, registry: try Fixture.registry())
        #expect(reading.scenario == nil)
        #expect(reading.problems.count == 1)
        return try #require(reading.problems.first)
    }

    @Test func missingFileIsOneProblem() throws {
        let problem = try onlyProblem(at: "/nowhere/s.json")
        #expect(problem.description == "/nowhere/s.json:1:1: there is no such file; check the path")
    }

    @Test func folderIsOneProblem() throws {
        try withFolder { folder in
            let problem = try onlyProblem(at: folder.path)
            #expect(problem.message == "this is a folder; name a scenario file")
        }
    }

    @Test func deviceIsOneProblem() throws {
        #expect(try onlyProblem(at: "/dev/zero").message.contains("not a regular file"))
    }

    @Test func emptyFileIsOneProblem() throws {
        try withFolder { folder in
            let file = folder.appending(path: "empty.json")
            try Data().write(to: file)
            let problem = try onlyProblem(at: file.path)
            #expect(problem.message == "the file is empty; write one JSON object")
        }
    }

    @Test func fileOfHundredMegabytesIsRefusedByItsSize() throws {
        try withFolder { folder in
            let file = folder.appending(path: "large.json")
            #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: 100_000_000)
            try handle.close()
            let problem = try onlyProblem(at: file.path)
            #expect(problem.message.contains("100000000 bytes; a scenario has at most 16777216"))
        }
    }

    @Test func sizeIsKnownInWhicheverTypeThePlatformGivesIt() {
        let values: [Any] = [UInt64(7), Int64(7), Int(7), NSNumber(value: 7)]
        #expect(values.map { SourceText.size($0) } == [7, 7, 7, 7])
        #expect(SourceText.size(nil) == nil)
    }

    @Test func linkToAScenarioIsRead() throws {
        try withFolder { folder in
            let file = folder.appending(path: "s.json")
            try Data(Fixture.scenario().utf8).write(to: file)
            let link = folder.appending(path: "link.json")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
            let reading = ScenarioFile.read(path: link.path, registry: try Fixture.registry())
            #expect(reading.scenario?.name == "small")
        }
    }

    @Test func fiveMistakesAreFiveLocatedProblems() throws {
        let text = """
            {
              "$schema": "x", "format": 1, "name": "five", "seeed": 1,
              "targets": [{ "id": "q", "use": "fake.queu" }],
              "load": { "model": "open", "phases": [
                { "name": "main", "for": 5, "rate": "400" }
              ] },
              "expect": [{ "that": "response.p98 < 1s" }]
            }
            """
        let expected = [
            #"s.json:2:48: /seeed: unknown key "seeed"; did you mean "seed"?"#,
            #"s.json:3:35: /targets/0/use: unknown target plugin "fake.queu"; did you mean "fake.queue"?"#,
            #"s.json:5:30: /load/phases/0/for: the number 5 has no unit; write "5ms" or "5s""#,
            #"s.json:5:41: /load/phases/0/rate: "400" has no unit; write "400/s""#,
            #"s.json:7:24: /expect/0/that: unknown metric "response.p98"; did you mean "response.p90"?"#,
        ]
        let reading = try Fixture.read(text)
        #expect(reading.scenario == nil)
        #expect(reading.problems.map(\.description) == expected)
    }

    @Test func layoutCommentsAndKeyOrderDoNotChangeTheDigest() throws {
        let first = try Fixture.read(
            #"{"$schema":"a","format":1,"name":"n","vars":{"r":"9/s"},"targets":[{"id":"q","use":"fake.queue"}],"load":{"model":"open","phases":[{"name":"m","for":"1s","rate":"${r}"}]}}"#
        )
        let second = try Fixture.read(
            #"""
            { // the same
              "load": { "phases": [{ "rate": "9/s", "for": "1s", "name": "m", "measure": true }], "model": "open" },
              "targets": [{ "use": "fake.queue", "id": "q", "options": { "maxConcurrency": 8 } }],
              "name": "n", "format": 1, "seed": 1, "$schema": "b"
            }
            """#
        )
        let digest = try #require(first.digest)
        #expect(digest.count == 16)
        #expect(second.digest == digest)
    }

    @Test func seedOfTheCommandLineReplacesTheFilesAndChangesTheDigest() throws {
        let plain = try Fixture.read(Fixture.scenario())
        let seeded = try Fixture.read(Fixture.scenario(), seed: .max)
        #expect(plain.scenario?.seed == 5)
        #expect(seeded.scenario?.seed == .max)
        #expect(plain.digest != seeded.digest)
    }

    @Test func resolvedTreeNamesTheOriginOfEachValue() throws {
        let text = Fixture.scenario(#""vars": { "n": 3 }, "runs": { "repetitions": "${n}" }, "record": "latency""#)
        let reading = try Fixture.read(text, settings: ["record=counts"])
        let explanation = try #require(reading.resolved?.explanation)
        let lines = explanation.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        #expect(lines.contains(["\"repetitions\":", "3,", "//", "from", "${n}"]))
        #expect(lines.contains(["\"record\":", "\"counts\",", "//", "from", "--set", "record=counts"]))
        #expect(lines.contains(["\"order\":", "\"interleaved-random\",", "//", "default"]))
        #expect(lines.contains(["\"seed\":", "5,"]))
        let again = try Fixture.read(explanation)
        #expect(again.problems == [])
        #expect(again.digest == reading.digest)
    }
}
