import Foundation
import HarnessKit
import Synchronization
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct RunCommandTests {
    @Test
    func runLeavesAFolderFromWhichReportsCanBeRebuilt() async throws {
        try await withFolder { folder in
            let file = try folder.writeScenario("small")
            let outcome = try await run(file, "--out", folder.path)
            #expect(outcome.exit == .pass, "\(outcome.error)")
            #expect(outcome.output.contains("PASS"))
            let runs = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "small").path)
            let name = try #require(runs.first, "the scenario has a run folder")
            #expect(runs.count == 1)
            let files = try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "small/\(name)").path
            )
            let expected = ["env.json", "history", "report.md", "result.json", "results.csv", "scenario.resolved.json"]
            #expect(Set(files).isSuperset(of: expected))
        }
    }

    @Test(arguments: [("fail,invalid,inconclusive", HarnessExit.expectationFailed), ("invalid", .pass)])
    func failOnSelectsTheVerdictsThatCount(list: String, exit: HarnessExit) async throws {
        try await withFolder { folder in
            let file = try folder.writeScenario("missing", expectation: "completed > 1000")
            let outcome = try await run(file, "--out", folder.path, "--fail-on", list)
            #expect(outcome.exit == exit)
            #expect(outcome.output.contains("FAIL"))
        }
    }

    @Test
    func severalScenariosEndInASummary() async throws {
        try await withFolder { folder in
            let files = [try folder.writeScenario("first"), try folder.writeScenario("second")]
            let outcome = try await run(files[0], files[1], "--out", folder.path)
            #expect(outcome.exit == .pass, "\(outcome.error)")
            let summary = try String(contentsOf: folder.appending(path: "summary.md"), encoding: .utf8)
            #expect(summary.contains("first"))
            #expect(summary.contains("second/"))
        }
    }

    @Test
    func oneFaultyFileKeepsAllFromRunning() async throws {
        try await withFolder { folder in
            let good = try folder.writeScenario("good")
            let bad = try folder.writeScenario("bad", expectation: "nonsense")
            let outcome = try await run(good, bad, "--out", folder.appending(path: "out").path)
            #expect(outcome.exit == .usage)
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out").path))
        }
    }

    @Test
    func unwritablePlaceIsReportedBeforeAnyLoad() async throws {
        try await withFolder { folder in
            let file = try folder.writeScenario("small")
            let outcome = try await run(file, "--out", file)
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("cannot make \(file)/small"))
            #expect(outcome.error.contains("--out"))
            #expect(outcome.output == "")
        }
    }

    @Test(arguments: [
        ["--format", "papyrus"], ["--fail-on", "pass"], ["--clock", "wall"], ["--progress", "loud"],
    ])
    func optionWithAnUnknownValueIsAnError(option: [String]) async throws {
        let outcome = try await run("some.json", option[0], option[1])
        #expect(outcome.exit == .usage)
        #expect(outcome.error.contains(option[1]))
    }

    @Test
    func plainProgressNamesScenarioTargetAndCounts() async throws {
        try await withFolder { folder in
            let file = try folder.writeScenario("small")
            let outcome = try await run(file, "--out", folder.path, "--progress", "plain")
            #expect(outcome.error.contains("small: A small scenario."))
            #expect(outcome.error.contains("[1/1] only"))
            #expect(outcome.error.contains("only: offered 20, completed 20, failed 0, refused 0"))
        }
    }

    private func run(_ arguments: String...) async throws -> HarnessRun {
        let quiet = arguments.contains("--progress") ? [] : ["--progress", "none"]
        return try await HarnessRun(["run"] + arguments + quiet, targets: [InlineTarget.self])
    }
}

extension URL {
    /// Writes a scenario of twenty operations into the folder and returns its path.
    fileprivate func writeScenario(_ name: String, expectation: String = "completed == 20") throws -> String {
        let text = """
            {
              "$schema": "scenario-1.json", "format": 1, "name": "\(name)", "summary": "A small scenario.", "seed": 1,
              "targets": [{ "id": "only", "use": "test.inline" }],
              "load": {
                "model": "closed", "producers": 1, "await": "finished",
                "phases": [{ "name": "main", "operations": 20, "limit": "30s" }]
              },
              "expect": [{ "that": "\(expectation)" }]
            }
            """
        let file = appending(path: "\(name).json")
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

/// Runs operations within their submission.
private struct InlineTarget: Target {
    struct Options: Codable, Sendable {}

    static let id = "test.inline"
    static let summary = "runs operations within their submission"
    static var capabilities: TargetCapabilities { TargetCapabilities() }

    static func make(options: Options, environment: TargetEnvironment) async throws -> any TargetInstance {
        Instance(environment: environment)
    }

    struct Instance: TargetInstance {
        let environment: TargetEnvironment

        func submit(_ operation: HarnessKit.Operation) async throws -> Submission {
            try await environment.body(operation)
            return .accepted
        }

        func drain() async throws {}
        func shutdown() async {}
        func accounting() -> TargetAccounting { TargetAccounting() }
    }
}
