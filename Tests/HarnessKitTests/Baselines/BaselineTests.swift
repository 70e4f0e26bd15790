import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct BaselineTests {
    static func result(completed: Double = 20, digest: String = "h", plan: String = "p") -> RunResult {
        var result = ResultComparisonTests.result([("a", [100])], plan: plan, clock: "virtual")
        result.runs[0].historyDigest = digest
        result.runs[0].total["completed"] = Metric(value: completed, unit: .count, n: 20)
        result.targets[0].clock = .virtual
        result.targets[0].total = result.runs[0].total
        return result
    }

    static let rules = RegressionRules(exact: ["historyDigest", "completed"], paired: [], observe: [])

    @Test func aBaselineSurvivesItsFile() throws {
        let baseline = try Baseline(Self.result())
        let read = try Baseline.read(baseline.text, path: "b.json")
        // Metrics come back in alphabetical order.
        #expect(read.text == baseline.text)
        #expect(read.entries.map(\.record.historyDigest) == ["h"])
        #expect(read.entries.first?.record.total["completed"]?.value == 20)
    }

    @Test func theSameFiguresHold() throws {
        let rows = try Baseline(Self.result()).rows(for: Self.result(), rules: Self.rules)
        #expect(rows.map(\.verdict) == [.same, .same, .same])
    }

    @Test func anItemLessIsARegression() throws {
        var result = Self.result(completed: 19, digest: "i")
        result.hold(against: try Baseline(Self.result()).rows(for: result, rules: Self.rules))
        #expect(result.verdict == .fail)
        #expect(ExitStatus(result) == .regression)
        #expect(result.regressions?.filter(\.isBlocking).map(\.quantity) == ["historyDigest", "completed"])
    }

    @Test func aCutFileIsRefused() throws {
        let text = try Baseline(Self.result()).text
        let error = #expect(throws: BaselineError.self) {
            try Baseline.read(String(text.prefix(text.count / 2)), path: "b.json")
        }
        #expect(error?.description.contains("only a part") == true)
    }

    @Test func aFileThatWasEditedIsRefused() throws {
        let text = try Baseline(Self.result()).text
        let edited = text.replacing("\"value\" : 20", with: "\"value\" : 21")
        #expect(edited != text)
        let error = #expect(throws: BaselineError.self) { try Baseline.read(edited, path: "b.json") }
        #expect(error?.description.contains("b.json was changed by hand") == true)
    }

    @Test func aFileOfAnotherFormatIsRefused() throws {
        let text = try Baseline(Self.result()).text.replacing("\"format\" : 1", with: "\"format\" : 2")
        let error = #expect(throws: BaselineError.self) { try Baseline.read(text, path: "b.json") }
        #expect(error?.description.contains("has the format 2") == true)
    }

    @Test func anotherScenarioIsRefused() throws {
        var other = Self.result()
        other.scenario.name = "other"
        let error = #expect(throws: BaselineError.self) {
            try Baseline(Self.result()).rows(for: other, rules: Self.rules)
        }
        #expect(error?.description.contains("of the scenario 's', and 'other' was run") == true)
    }

    @Test func anotherMachineIsRefused() throws {
        var other = Self.result()
        other.environment.cpu = "another"
        let error = #expect(throws: BaselineError.self) {
            try Baseline(Self.result()).rows(for: other, rules: Self.rules)
        }
        #expect(error?.description.contains("another machine or build (CPU: the baseline has") == true)
        let own = Baseline.fileName(scenario: "s", environment: Self.result().environment)
        #expect(own != Baseline.fileName(scenario: "s", environment: other.environment))
    }

    @Test func anotherLoadIsRefused() throws {
        let error = #expect(throws: BaselineError.self) {
            try Baseline(Self.result()).rows(for: Self.result(plan: "q"), rules: Self.rules)
        }
        #expect(error?.description.contains("target 'a' had the plan p and has q") == true)
    }

    @Test func whatWentWrongIsNoBaseline() {
        var failed = Self.result()
        failed.verdict = .fail
        #expect(throws: BaselineError.self) { try Baseline(failed) }
    }

    @Test(arguments: [
        ("", "is no baseline, or only a part of one"), ("[1, 2]", "is no baseline, or only a part of one"),
        ("\u{0}\u{1}", "is no baseline, or only a part of one"),
        (#"{"format": 1, "scenario": {"name": "s"}}"#, "is no baseline, or only a part of one"),
        (#"{"checksum": "0", "baseline": []}"#, "has the format none, and this version reads format 1"),
        (#"{"checksum": "0", "baseline": {"format": "1"}}"#, #"has the format "1", and this version reads format 1"#),
        (#"{"checksum": "0", "baseline": {"format": 1}}"#, "was changed by hand"),
    ])
    func whatIsNoBaselineIsNamedWithItsMend(text: String, message: String) {
        let error = #expect(throws: BaselineError.self) { try Baseline.read(text, path: "dir/b.json") }
        #expect(error?.description.hasPrefix("dir/b.json \(message)") == true, "\(String(describing: error))")
        #expect(error?.description.contains("'harness baseline ") == true)
    }

    @Test func aTargetWithoutABaselineIsTold() throws {
        var baseline = try Baseline(Self.result())
        baseline.entries = []
        let rows = try baseline.rows(for: Self.result(), rules: Self.rules)
        #expect(rows.map(\.quantity) == [RegressionRow.baseline])
        let detail = try #require(rows.first?.detail)
        #expect(detail.hasPrefix("no baseline: it has no figures of this target on the virtual clock"))
        #expect(rows.filter(\.isBlocking).isEmpty)
    }

    @Test func aTargetOfTheBaselineThatWasNotRunIsTold() throws {
        var baseline = try Baseline(Self.result())
        baseline.entries[0].target = "former"
        let rows = try baseline.rows(for: Self.result(), rules: Self.rules)
        #expect(rows.map(\.target) == ["a", "former"])
        #expect(rows.last?.detail?.contains("and it was not run there") == true)
    }
}
