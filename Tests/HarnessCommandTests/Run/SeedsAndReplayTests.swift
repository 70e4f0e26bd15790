import Foundation
import HarnessKit
import HarnessTargets
import Synchronization
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct SeedsAndReplayTests {
    @Test
    func runFolderIsJudgedAnew() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let run = try await harness("run", file, "--out", folder.path, "--progress", "none")
            #expect(run.exit == .pass, "\(run.error)")
            let runFolder = try folder.onlyRun(of: "short")
            let replay = try await harness("replay", runFolder)
            #expect(replay.exit == .pass, "\(replay.error)")
            #expect(replay.output.contains("work, in virtual time"))
            #expect(replay.output.contains("✓ conservation"))
        }
    }

    @Test
    func aCombinationOfAMatrixIsJudgedAnew() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let text = try String(contentsOfFile: file, encoding: .utf8)
            let added = #"""
                { "vars": { "places": 2 }, "matrix": { "vars.places": [2, 3] },
                  "compare": { "baseline": "work", "rows": ["vars.places"], "metrics": ["throughput"] },
                """#
            let matrix = text.replacing("{", with: added, maxReplacements: 1)
                .replacing("\"maxConcurrency\": 2", with: "\"maxConcurrency\": \"${places}\"")
            try matrix.write(toFile: file, atomically: true, encoding: .utf8)
            let run = try await harness("run", file, "--cell", "1", "--out", folder.path, "--progress", "none")
            #expect(run.exit == .pass, "\(run.error)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            let cell = try #require(names.first { $0.hasPrefix("short.1") })
            let replay = try await harness("replay", try folder.onlyRun(of: cell))
            #expect(replay.exit == .pass, "\(replay.error)")
        }
    }

    @Test
    func replayFindsWhatTheRunFound() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario(bound: 1)
            let run = try await harness("run", file, "--out", folder.path, "--progress", "none")
            #expect(run.exit == .invariantViolated)
            let replay = try await harness("replay", try folder.onlyRun(of: "short"))
            #expect(replay.exit == .invariantViolated)
            #expect(replay.output.contains("✗ concurrency-bound: 2 attempts ran at once"))
            #expect(replay.output.contains("started"))
        }
    }

    @Test
    func folderWithoutARunIsRefused() async throws {
        try await withFolder { folder in
            let outcome = try await harness("replay", folder.path)
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("is no run folder"))
        }
    }

    @Test
    func onlyScenariosOfTheWantedClockAreRun() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let outcome = try await harness("run", file, "--clock", "real", "--out", folder.path)
            #expect(outcome.exit == .usage)
            #expect(outcome.error.contains("no scenario is left"))
        }
    }

    @Test
    func workerTellsALineForEachSeed() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let digest = try #require(ScenarioFile.read(path: file, registry: try .builtIn).digest)
            let share = ["--first", "5", "--count", "3", "--stride", "2"]
            let outcome = try await HarnessRun(
                ["swarm-worker", file, "--digest", digest] + share,
                targets: BuiltInTargets.all
            )
            #expect(outcome.exit == .pass, "\(outcome.error)")
            let reports = try outcome.output.split(separator: "\n").map {
                try JSONDecoder().decode(SeedReport.self, from: Data($0.utf8))
            }
            #expect(reports.map(\.seed) == [5, 7, 9])
            #expect(reports.allSatisfy { $0.verdict == .pass })
        }
    }

    @Test
    func workerRefusesAScenarioThatHasChanged() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let outcome = try await harness(
                "swarm-worker",
                file,
                "--digest",
                "0123456789abcdef",
                "--first",
                "5",
                "--count",
                "3"
            )
            #expect(outcome.exit == .usage)
            #expect(outcome.output == "")
        }
    }

    @Test
    func processesFindTheSameHistoriesAsThisOne() async throws {
        try await withFolder { folder in
            let file = try folder.writeVirtualScenario()
            let reading = ScenarioFile.read(path: file, registry: try .builtIn, settings: ["seed=9"])
            let scenario = try #require(reading.scenario)
            let seeds = SeedRange(first: 3, count: 4)
            let elsewhere = Mutex<[SeedReport]>([])
            let swarm = ProcessSwarm(
                executable: try BuiltHarness.path,
                file: file,
                settings: ["seed=9"],
                seed: nil,
                digest: try #require(reading.digest),
                processes: 2
            )
            let outcome = await swarm.run(scenario, seeds: seeds, interruption: Interruption()) { report in
                elsewhere.withLock { $0.append(report) }
            }
            #expect(outcome == SeedSwarmOutcome(processes: 2))
            let here = Mutex<[SeedReport]>([])
            let local = LocalSeedSwarm(runner: ScenarioRunner(registry: try .builtIn))
            _ = await local.run(scenario, seeds: seeds, interruption: Interruption()) { report in
                here.withLock { $0.append(report) }
            }
            let sorted = elsewhere.withLock { $0.sorted { $0.seed < $1.seed } }
            #expect(sorted == here.withLock(\.self))
            #expect(Set(sorted.map(\.digest)).count == 4)
        }
    }

    @Test
    func processThatFailsIsTold() async throws {
        let worker = LineWorker<SeedReport>(
            executable: "/bin/false",
            arguments: [],
            noun: "a process that shares the seeds"
        )
        #expect(await worker.run { _ in } == "a process that shares the seeds ended with the status 1")
    }

    @Test
    func processThatDoesNotEndIsEnded() async throws {
        let worker = LineWorker<SeedReport>(
            executable: "/bin/sh",
            arguments: ["-c", "echo said; cat; exit 7"],
            noun: "a process"
        )
        // What it says is no report; that it has said so tells that it runs.
        async let problem = worker.run { _ in }
        worker.end()
        #expect(await problem?.contains("the time was over") == true)
    }

    @Test(arguments: [
        ("plain/path.json", "plain/path.json"), ("with space", "'with space'"), ("it's", "'it'\\''s'"), ("", "''"),
        ("a=$HOME", "'a=$HOME'"),
    ])
    func commandsAreQuotedForTheShell(text: String, quoted: String) {
        #expect(text.shellQuoted == quoted)
    }

    @Test
    func linesThatComeInPiecesArePutTogether() {
        var splitter = LineSplitter()
        #expect(splitter.append(Data("one\ntw".utf8)) == [Data("one".utf8)])
        #expect(splitter.append(Data("o".utf8)) == [])
        #expect(splitter.append(Data("\n\nthree".utf8)) == [Data("two".utf8), Data()])
    }

    private func harness(_ arguments: String...) async throws -> HarnessRun {
        try await HarnessRun(arguments, targets: BuiltInTargets.all)
    }
}

extension PluginRegistry {
    fileprivate static var builtIn: PluginRegistry {
        get throws { try PluginRegistry(targets: BuiltInTargets.all, invariants: BuiltInTargets.invariants) }
    }
}

extension URL {
    /// The only run folder of a scenario.
    fileprivate func onlyRun(of scenario: String) throws -> String {
        let runs = try FileManager.default.contentsOfDirectory(atPath: appending(path: scenario).path)
        return appending(path: "\(scenario)/\(try #require(runs.first, "there is a run folder"))").path
    }
}
