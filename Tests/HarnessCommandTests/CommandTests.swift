import Foundation
import HarnessKit
import Synchronization
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct CommandTests {
    private func run(_ arguments: String..., targets: [any Target.Type] = [StubTarget.self]) async throws -> HarnessRun
    {
        try await HarnessRun(arguments, targets: targets)
    }

    @Test(arguments: ["ramp", "burst", "compare", "closed", "search"])
    func everyTemplateValidates(_ template: String) async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "my file.json").path
            let written = try await run("new", template, file)
            #expect(written.exit == .pass)
            let validated = try await run("validate", file)
            #expect(validated.exit == .pass)
            #expect(validated.error == "")
            #expect(validated.output.hasPrefix("\(file): OK (my-file, "))
            let planned = try await run("plan", file)
            #expect(planned.exit == .pass)
        }
    }

    @Test func existingFileIsNeverOverwritten() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "s.json")
            try Data("precious".utf8).write(to: file)
            let outcome = try await run("new", "ramp", file.path)
            #expect(outcome.exit == .usage)
            #expect(outcome.error == "error: \(file.path) exists; name another file or remove it\n")
            #expect(try String(contentsOf: file, encoding: .utf8) == "precious")
        }
    }

    @Test func newInAFolderThatDoesNotExistIsAnError() async throws {
        let outcome = try await run("new", "ramp", "/nowhere/at/all.json")
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("cannot be written"))
    }

    @Test func validateGoesThroughFoldersAndReportsEveryFile() async throws {
        try await withFolder { folder in
            let inner = folder.appending(path: "inner")
            let schema = folder.appending(path: "schema")
            for path in [inner, schema] {
                try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            }
            _ = try await run("new", "ramp", folder.appending(path: "good.json").path)
            try Data("{".utf8).write(to: inner.appending(path: "bad.json"))
            try Data("{".utf8).write(to: schema.appending(path: "scenario-1.json"))
            try Data("{".utf8).write(to: folder.appending(path: "notes.txt"))
            let outcome = try await run("validate", folder.path)
            #expect(outcome.exit == .usage)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.first?.contains("good.json: OK") == true)
            #expect(lines.count { $0.contains("expected operations") } == 1)
            #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") }, "closed forms belong to the file above them")
            #expect(outcome.error.split(separator: "\n").count == 1)
            #expect(outcome.error.contains("inner/bad.json:1:2: expected a key in double quotes"))
        }
    }

    @Test func missingPathAndEmptyFolderAreErrors() async throws {
        try await withFolder { folder in
            let outcome = try await run("validate", "/nowhere.json", folder.path)
            #expect(outcome.exit == .usage)
            #expect(
                outcome.error == """
                    error: /nowhere.json: there is no such file or folder; check the path
                    error: \(folder.path): the folder holds no scenario (*.json); name another

                    """
            )
        }
    }

    @Test func settingsAndSeedReachThePlan() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "s.json").path
            _ = try await run("new", "burst", file)
            let plain = try await run("plan", file)
            let changed = try await run("plan", file, "--set", "load.phases.main.for=7s", "--seed", "9")
            #expect(plain.output.contains("main   1s    7s             1700"))
            #expect(changed.output.contains("main   1s    8s             1900"))
            #expect(changed.output.contains("seed 9"))
        }
    }

    @Test func planAsCSVHasOneRowPerOperation() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "s.json").path
            _ = try await run("new", "burst", file)
            let outcome = try await run("plan", file, "--csv")
            let rows = outcome.output.split(separator: "\r\n")
            #expect(rows.count == 1 + 1900)
            #expect(rows.first == "operation,phase,intended_start_s,key,attempt,work_s,error")
            #expect(rows[1] == "0,warm,0.0025,0,1,0.002,")
        }
    }

    @Test(arguments: [
        (#"{ "urgent": "12.5%", "bulk": "87.5%" }"#, "lanes: urgent 12.5%, bulk 87.5%"),
        (#"["bulk", "urgent"]"#, "lanes: bulk, urgent, in turn"),
    ])
    func planShowsTheLanes(priorities: String, line: String) async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "s.json")
            let scenario = """
                { "$schema": "x", "format": 1, "name": "laned", "targets": [{ "id": "l", "use": "stub.lanes" }],
                  "load": { "model": "open", "priorities": \(priorities),
                            "phases": [{ "name": "main", "for": "1s", "rate": "10/s" }] } }
                """
            try Data(scenario.utf8).write(to: file)
            let summary = try await run("plan", file.path, targets: [StubLanes.self])
            #expect(summary.output.contains(line + "\n"))
            let explained = try await run("explain", file.path, targets: [StubLanes.self])
            #expect(explained.output.contains("\"priorities\""))
            let rows = try await run("plan", file.path, "--csv", targets: [StubLanes.self]).output.split(
                separator: "\r\n"
            )
            #expect(rows.first == "operation,phase,intended_start_s,key,lane,attempt,work_s,error")
            let lanes = rows.dropFirst().map { $0.split(separator: ",")[4] }
            #expect(lanes.count == 10)
            #expect(lanes.allSatisfy { ["urgent", "bulk"].contains($0) })
        }
    }

    @Test func describeSaysWhatAnInvariantNeeds() async throws {
        let outcome = try await run("describe", "window-bound")
        #expect(outcome.output.contains("reads the target's counts every few milliseconds"))
    }

    @Test func explainedScenarioCanBeReadAgain() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "s.json").path
            _ = try await run("new", "ramp", file)
            let explained = try await run("explain", file)
            #expect(explained.output.contains("// from ${peak}"))
            let again = folder.appending(path: "again.json")
            try Data(explained.output.utf8).write(to: again)
            let digests = [try await run("validate", file), try await run("validate", again.path)].map {
                $0.output.split(separator: " ").last
            }
            #expect(digests[0] == digests[1])
        }
    }

    @Test(arguments: ["targets", "loads", "faults", "invariants", "metrics", "reporters"])
    func listsAreTablesOrJSON(_ topic: String) async throws {
        let table = try await run("list", topic)
        let json = try await run("list", topic, "--json")
        let entries = try JSONDecoder().decode([[String: String]].self, from: Data(json.output.utf8))
        #expect(!entries.isEmpty)
        #expect(entries.allSatisfy { $0["id"] != nil && $0["summary"] != nil })
        #expect(table.output.split(separator: "\n").count == entries.count)
    }

    @Test func describeShowsOptionsWithTypesAndDefaults() async throws {
        let outcome = try await run("describe", "stub.queue")
        #expect(
            outcome.output == """
                stub.queue (targets)
                  A queue for tests.
                  operations are pushed in
                  cannot be a stage of a pipeline: it does not tell when an operation has ended
                  promises conservation, concurrency-bound, no-task-leak

                Options:
                  limit  whole number            how many run at once
                  pause  duration, as "250ms"    how long to rest

                """
        )
    }

    @Test func describeSuggestsWhatWasMeant() async throws {
        let outcome = try await run("describe", "respose.p99")
        #expect(outcome.exit == .usage)
        #expect(outcome.error == "error: there is nothing called 'respose.p99'; did you mean \"response.p99\"?\n")
    }

    @Test(arguments: ["validate", "explain", "plan", "schema", "new", "list", "describe"])
    func everyCommandHasHelp(_ command: String) async throws {
        let outcome = try await run(command, "--help")
        #expect(outcome.exit == .pass)
        #expect(outcome.output.contains("USAGE: harness \(command)"))
        #expect(outcome.error == "")
    }

    @Test(arguments: [
        ["frobnicate"], ["validate"], ["plan", "--csv"], ["list", "nothing"], ["new", "big", "x.json"],
    ])
    func wrongUsageIsExitCodeOneOnStandardError(_ arguments: [String]) async throws {
        let printed = Mutex("")
        let terminal = Terminal(
            output: { text in Issue.record("printed \(text)") },
            error: { text in printed.withLock { $0 += text } }
        )
        let registry = try PluginRegistry(targets: [])
        #expect(await HarnessCommand.run(arguments, registry: registry, terminal: terminal) == .usage)
        #expect(printed.withLock { $0 }.hasPrefix("Error: "))
    }

    @Test func templateWithoutAnyTargetIsAnError() async throws {
        let outcome = try await run("new", "ramp", "/tmp/never-written.json", targets: [])
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains("has no target plugin"))
    }

    @Test(arguments: [
        ([HarnessExit](), HarnessExit.pass), ([.invalid, .regression], .regression),
        ([.regression, .expectationFailed, .invalid], .expectationFailed),
        ([.expectationFailed, .invariantViolated, .pass], .invariantViolated), ([.interrupted, .usage], .interrupted),
    ])
    func worstOutcomeDecidesTheExitCode(_ codes: [HarnessExit], expected: HarnessExit) {
        #expect(HarnessExit.worst(of: codes) == expected)
    }
}

/// A target that never runs.
private enum StubTarget: Target {
    struct Options: Codable, Sendable {
        var limit: Int?
        var pause: DurationText?
    }

    static let id = "stub.queue"
    static let summary = "A queue for tests."
    static let optionDescriptions = ["limit": "how many run at once", "pause": "how long to rest"]
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        StubInstance()
    }
}

/// A target with lanes that never runs.
private enum StubLanes: Target {
    struct Options: Codable, Sendable {}

    static let id = "stub.lanes"
    static let summary = "Lanes for tests."
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func lanes(of options: Options) -> [String]? { ["urgent", "bulk"] }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        StubInstance()
    }
}

private struct StubInstance: TargetInstance {
    func drain() async throws {}
    func shutdown() async {}
    func accounting() -> TargetAccounting { TargetAccounting() }
}
