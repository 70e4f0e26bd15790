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

    @Test
    func matricesOfEqualFileNamesHaveFilesOfTheirOwn() async throws {
        try await withFolder { folder in
            var files: [String] = []
            for (name, rates) in [("first", #"["10/s", "20/s"]"#), ("second", #"["12/s", "24/s"]"#)] {
                let own = folder.appending(path: name)
                try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
                let text = Self.text.replacing(#""name": "grid""#, with: "\"name\": \"\(name)\"")
                    .replacing(#"["10/s", "20/s"]"#, with: rates)
                try Data(text.utf8).write(to: own.appending(path: "grid.json"))
                files.append(own.appending(path: "grid.json").path)
            }
            let outcome = try await harness("run", files[0], files[1], "--out", folder.path, "--progress", "none")
            #expect(outcome.exit == .pass, "\(outcome.error)")
            for (file, rate) in [("grid", "10/s,"), ("grid-2", "12/s,")] {
                let path = folder.appending(path: "\(file).comparison.csv")
                let table = try String(contentsOf: path, encoding: .utf8)
                #expect(table.split(separator: "\n").contains { $0.hasPrefix(rate) }, "\(file)")
            }
            let summary = try String(contentsOf: folder.appending(path: "summary.md"), encoding: .utf8)
            #expect(summary.contains("## grid-2, all combinations"))
        }
    }

    private func harness(_ arguments: String...) async throws -> HarnessRun {
        try await HarnessRun(arguments, targets: BuiltInTargets.all)
    }
}
