import Foundation
import HarnessKit
import HarnessReports
import HarnessTargets
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct SearchCommandTests {
    @Test func theKneeIsFoundWhereTheClosedFormPutsIt() async throws {
        try await withFolder { folder in
            let file = try folder.writeSearch()
            let options = ["--out", folder.path, "--progress", "plain", "--verify-determinism"]
            let run = try await HarnessRun(["run", file] + options, targets: BuiltInTargets.all)
            #expect(run.exit == .pass, "\(run.output)\(run.error)")
            let result = try folder.result()
            let search = try #require(result.searches?.first)
            let rate = try #require(search.rate)
            // 8 places / 8 ms = 1000/s, and a precision of 5 %.
            #expect((950...1000).contains(rate))
            #expect(search.outcome == .found)
            #expect(search.endedEarly == nil)
            #expect(result.runs.first?.virtual?.isRepeatable == true)
            #expect(run.output.contains("capacity of 'work' "))
            #expect(run.output.contains("Capacity (highest rate at which everything held)"))
            #expect(run.error.contains("trial 1 of at most "))
        }
    }

    @Test func everyReportTellsTheCapacity() async throws {
        try await withFolder { folder in
            let file = try folder.writeSearch()
            _ = try await harness("run", file, "--out", folder.path, "--progress", "none")
            let runFolder = try folder.runFolder()
            let markdown = try String(contentsOf: runFolder.appending(path: "report.md"), encoding: .utf8)
            #expect(markdown.contains("## Capacity"))
            #expect(markdown.contains("Trials of the search"))
            let long = try String(contentsOf: runFolder.appending(path: "results.csv"), encoding: .utf8)
            let row = try #require(long.split(separator: "\n").first { $0.contains(",throughput.capacity,") })
            #expect(!row.contains(",1/s,,"), "the interval is there: \(row)")
            let wide = try String(contentsOf: runFolder.appending(path: "results-wide.csv"), encoding: .utf8)
            #expect(wide.contains("throughput.capacity [1/s]"))
            let trials = try String(contentsOf: runFolder.appending(path: "trials.csv"), encoding: .utf8)
            #expect(trials.split(separator: "\n").count > 7)
        }
    }

    @Test func baselinesAndComparisonsTakeTheCapacity() async throws {
        try await withFolder { folder in
            let file = try folder.writeSearch()
            _ = try await harness("run", file, "--out", folder.path, "--progress", "none")
            let run = try folder.runFolder().path
            let baselines = folder.appending(path: "baselines").path
            let saved = try await harness("baseline", "save", run, "--dir", baselines)
            #expect(saved.exit == .pass, "\(saved.error)")
            let second = folder.appending(path: "second")
            let options = ["--out", second.path, "--progress", "none", "--baseline", baselines]
            let again = try await HarnessRun(["run", file] + options, targets: BuiltInTargets.all)
            #expect(again.exit == .pass, "\(again.output)\(again.error)")
            let other = try second.runFolder().path
            let compared = try await harness("compare", run, other, "--metrics", "throughput.capacity")
            #expect(compared.exit == .pass, "\(compared.error)")
            #expect(compared.output.contains("throughput.capacity"))
            #expect(compared.output.contains("1.00x  same"))
        }
    }

    @Test func planAndValidateTellTheRange() async throws {
        try await withFolder { folder in
            let file = try folder.writeSearch()
            let plan = try await harness("plan", file)
            #expect(plan.output.contains("search from 600/s to 2400/s, at most 21 trials of each target"))
            let validation = try await harness("validate", file)
            #expect(validation.exit == .pass)
            #expect(validation.output.contains("search from 600/s to 2400/s to 5 %: at most 21 trials of each target"))
            #expect(validation.output.contains("target 'work': capacity 8 / 8 ms = 1000/s"))
            let explanation = try await harness("explain", file)
            #expect(explanation.output.contains(#""precision": "5%""#))
        }
    }

    private func harness(_ arguments: String...) async throws -> HarnessRun {
        try await HarnessRun(arguments, targets: BuiltInTargets.all)
    }
}

extension URL {
    /// Writes a search for what eight places can do whose work takes eight milliseconds, and returns its path.
    fileprivate func writeSearch() throws -> String {
        let text = """
            {
              "$schema": "scenario-1.json", "format": 1, "name": "knee", "summary": "A search.", "seed": 1,
              "clock": "virtual",
              "targets": [{ "id": "work", "use": "coordinator.work", "options": { "maxConcurrency": 8 } }],
              "load": {
                "model": "search", "from": "600/s", "to": "2400/s",
                "phases": [
                  { "name": "main", "for": "2s" },
                  { "name": "drain", "until": "empty", "limit": "30s", "measure": false }
                ]
              },
              "work": { "time": "8ms", "as": "suspend" },
              "invariants": ["conservation"],
              "expect": [{ "that": "response.p99 < 20ms" }, { "that": "throughput.capacity >= 900/s" }]
            }
            """
        let file = appending(path: "knee.json")
        try Data(text.utf8).write(to: file)
        return file.path
    }

    fileprivate func runFolder() throws -> URL {
        let runs = try FileManager.default.contentsOfDirectory(atPath: appending(path: "knee").path)
        return appending(path: "knee/\(try #require(runs.first, "there is a run folder"))")
    }

    fileprivate func result() throws -> RunResult {
        try JSONReport.read(String(contentsOf: runFolder().appending(path: "result.json"), encoding: .utf8))
    }
}
