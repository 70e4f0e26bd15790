import Foundation
import HarnessTargets
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct BaselineAndCompareTests {
    @Test
    func aRunHoldsAgainstItsOwnBaseline() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            try await folder.run(file)
            let saved = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            #expect(saved.exit == .pass, "\(saved.error)")
            let listed = try await harness("baseline", "list", "--dir", folder.baselines)
            #expect(listed.output.contains("short"))
            let again = try await folder.runAgain(file)
            #expect(again.exit == .pass, "\(again.error)")
            #expect(again.output.contains("exact figures as before"))
        }
    }

    @Test
    func aBaselineIsNotOverwrittenUnlessItIsAccepted() async throws {
        try await withFolder { folder in
            try await folder.run(try folder.writeVirtualScenario())
            let first = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            #expect(first.exit == .pass)
            let second = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            #expect(second.exit == .usage)
            #expect(second.error.contains("exists already"))
            let accepted = try await harness("baseline", "accept", folder.runs, "--dir", folder.baselines)
            #expect(accepted.exit == .pass)
        }
    }

    @Test
    func aRunWithoutItsBaselineIsAnError() async throws {
        try await withFolder { folder in
            let outcome = try await folder.runAgain(try folder.writeVirtualScenario())
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("holds no baseline of 'short'"))
            // It is said before anything runs.
            #expect(try folder.laterRuns == [])
        }
    }

    @Test
    func aBaselineOfAnotherLoadIsAnErrorBeforeTheRun() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            try await folder.run(file)
            _ = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            let outcome = try await folder.runAgain(file, "--seed", "9")
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("the baseline of 'short' is of another load"))
            #expect(try folder.laterRuns == [])
        }
    }

    @Test
    func aTargetThatTheBaselineLacksIsTold() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            try await folder.run(file)
            _ = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let target = #"{ "id": "work", "use": "coordinator.work", "options": { "maxConcurrency": 2 } }"#
            let second = target.replacing("\"work\"", with: "\"other\"")
            try text.replacing(target, with: "\(target), \(second)").write(
                toFile: file,
                atomically: true,
                encoding: .utf8
            )
            let outcome = try await folder.runAgain(file)
            #expect(outcome.exit == .pass, "\(outcome.error)")
            #expect(outcome.output.contains("other, baseline: no baseline"), "\(outcome.output)")
        }
    }

    @Test
    func anEditedBaselineIsNamed() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            try await folder.run(file)
            _ = try await harness("baseline", "save", folder.runs, "--dir", folder.baselines)
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.baselines).first)
            let path = "\(folder.baselines)/\(name)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing("completed", with: "Completed").write(toFile: path, atomically: true, encoding: .utf8)
            let outcome = try await folder.runAgain(file)
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("was changed by hand"))
            let listed = try await harness("baseline", "list", "--dir", folder.baselines)
            #expect(listed.exit == .usage)
        }
    }

    @Test
    func equalRunsAreComparedAsTheSame() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let results = [try await folder.run(file, into: "a"), try await folder.run(file, into: "b")]
            let outcome = try await harness("compare", results[0], results[1])
            #expect(outcome.exit == .pass, "\(outcome.error)")
            #expect(outcome.output.contains("same"))
            let json = try await harness("compare", results[0], results[1], "--json")
            #expect(json.output.contains("\"verdict\" : \"same\""))
        }
    }

    @Test
    func differentPlansAreRefused() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let results = [
                try await folder.run(file, into: "a"), try await folder.run(file, into: "b", "--seed", "9"),
            ]
            let outcome = try await harness("compare", results[0], results[1])
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("the plans differ"))
        }
    }

    @Test
    func whatIsNoResultIsNamed() async throws {
        try await withFolder { folder in
            let missing = try await harness("compare", folder.appending(path: "none").path)
            #expect(missing.error.contains("there is no such file or folder"))
            let empty = try await harness("compare", folder.path)
            #expect(empty.error.contains("holds no result.json"))
            let file = folder.appending(path: "result.json")
            try Data("{}".utf8).write(to: file)
            let broken = try await harness("compare", file.path)
            #expect(broken.exit == .usage)
            #expect(broken.error.contains("is no result of this version"))
        }
    }

    private func harness(_ arguments: String...) async throws -> HarnessRun {
        try await HarnessRun(arguments, targets: BuiltInTargets.all)
    }
}

extension URL {
    fileprivate var baselines: String { appending(path: "baselines").path }
    fileprivate var runs: String { appending(path: "out/short").path }

    /// What runs that were held against baselines have left.
    fileprivate var laterRuns: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: appending(path: "later/short").path) }
    }

    /// Runs a scenario and holds it against the folder's baselines.
    fileprivate func runAgain(_ file: String, _ further: String...) async throws -> HarnessRun {
        try await HarnessRun(
            ["run", file, "--out", appending(path: "later").path, "--progress", "none", "--baseline", baselines]
                + further,
            targets: BuiltInTargets.all
        )
    }

    /// Runs a scenario and returns the folder of its runs.
    @discardableResult
    fileprivate func run(_ file: String, into name: String = "out", _ further: String...) async throws -> String {
        let out = appending(path: name).path
        let outcome = try await HarnessRun(
            ["run", file, "--out", out, "--progress", "none"] + further,
            targets: BuiltInTargets.all
        )
        try #require(outcome.exit == .pass, "\(outcome.error)")
        return "\(out)/short"
    }
}
