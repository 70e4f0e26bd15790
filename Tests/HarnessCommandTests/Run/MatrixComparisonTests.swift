import Foundation
import HarnessTargets
import Testing

@testable import HarnessCommand

@Suite(.timeLimit(.minutes(1)))
struct MatrixComparisonTests {
    private static let text = """
        {
          "$schema": "scenario-1.json", "format": 1, "name": "grid", "summary": "Two rates and two targets.", "seed": 1,
          "clock": "virtual", "vars": { "rate": "20/s" },
          "targets": [
            { "id": "two", "use": "coordinator.work", "options": { "maxConcurrency": 2 } },
            { "id": "one", "use": "coordinator.work", "options": { "maxConcurrency": 1 } }
          ],
          "load": {
            "model": "open", "arrivals": "poisson",
            "phases": [
              { "name": "main", "for": "5s", "rate": "${rate}" },
              { "name": "drain", "until": "empty", "limit": "60s", "measure": false }
            ]
          },
          "work": { "time": "40ms", "as": "suspend" },
          "matrix": { "vars.rate": ["10/s", "20/s"] },
          "compare": {
            "baseline": "two", "metrics": ["response.p50", "hops.perOperation"], "rankBy": "response.p50",
            "pareto": ["response.p50", "hops.perOperation"]
          }
        }
        """

    @Test
    func theCombinationsOfAMatrixStandInOneTable() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "grid.json")
            try Data(Self.text.utf8).write(to: file)
            let outcome = try await harness("run", file.path, "--out", folder.path, "--progress", "none")
            #expect(outcome.exit == .pass, "\(outcome.error)")
            #expect(outcome.output.contains("grid, all combinations"))
            let summary = try String(contentsOf: folder.appending(path: "summary.md"), encoding: .utf8)
            #expect(summary.contains("## grid, all combinations"))
            #expect(summary.contains("| vars.rate | Metric | `two` (baseline) | `one` |"))
            #expect(summary.contains("- vars.rate 20/s: by response.p50 (less is better): two"))
            let table = try String(contentsOf: folder.appending(path: "grid.comparison.csv"), encoding: .utf8)
            let rows = table.split(separator: "\n")
            #expect(rows.count == 9)
            #expect(rows.count { $0.hasPrefix("10/s,") } == 4)
        }
    }

    @Test
    func rowsBesideTheMatrixAreTheRunsOwnAsWell() async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "grid.json")
            let text = Self.text.replacing(
                #""baseline": "two","#,
                with: #""baseline": "two", "rows": ["vars.rate", "phase"],"#
            )
            try Data(text.utf8).write(to: file)
            let outcome = try await harness("run", file.path, "--out", folder.path, "--cell", "2", "--progress", "none")
            #expect(outcome.exit == .pass, "\(outcome.error)")
            #expect(outcome.output.contains("Compared row by row (relative to 'two')"))
            #expect(outcome.output.contains("20/s main response.p50"))
        }
    }

    private func harness(_ arguments: String...) async throws -> HarnessRun {
        try await HarnessRun(arguments, targets: BuiltInTargets.all)
    }
}
