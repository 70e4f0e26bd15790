import Testing

@testable import HarnessKit

@Suite(.timeLimit(.minutes(1)))
struct ResultComparisonTests {
    /// A result with runs of targets, each with the throughputs of its repetitions.
    static func result(
        _ targets: [(id: String, throughputs: [Double])],
        plan: String = "p",
        clock: String = "real"
    ) -> RunResult {
        let runs = targets.flatMap { target in
            target.throughputs.enumerated().map { number, value in
                var run = JudgeFixture.run([("throughput", value, .perSecond)], of: target.id)
                run.repetition = number
                run.planDigest = plan
                run.clock = clock
                run.options = ["maxConcurrency": .integer(Int64(target.id.utf8.count))]
                return run
            }
        }
        let environment = MachineReading().environment(command: "")
        return RunResult(
            scenario: ScenarioInfo(name: "s", summary: "", digest: "d", seed: 1, record: .counts),
            environment: environment,
            verdict: .pass,
            runs: runs,
            targets: targets.map {
                TargetSummary(target: $0.id, use: "x", repetitions: $0.throughputs.count, total: MetricTable())
            },
            expectations: []
        )
    }

    private static func compared(_ label: String, _ throughputs: [Double], plan: String = "p") -> ComparedResult {
        ComparedResult(label: label, result: result([("a", throughputs)], plan: plan))
    }

    @Test func twiceAsManyIsBetterAndHalfIsWorse() throws {
        let results = [
            Self.compared("A", [100, 101, 99, 100, 102]), Self.compared("B", [200, 203, 199, 201, 198]),
            Self.compared("C", [50, 51, 49, 50, 50]),
        ]
        let comparison = try ResultComparison(results)
        #expect(comparison.columns == ["A", "B", "C"])
        #expect(comparison.rowKeys == ["target"])
        let row = try #require(comparison.rows.first)
        #expect(row.keys == ["a"])
        #expect(row.cells.map(\.verdict) == [.reference, .better, .worse])
        #expect(row.cells[1].ratio == 2.0)
        #expect(try #require(row.cells[1].ratioInterval).contains(2))
    }

    @Test func overlappingRunsShowNoClearDifference() throws {
        let comparison = try ResultComparison([
            Self.compared("A", [100, 110, 90, 105]), Self.compared("B", [104, 92, 111, 99]),
        ])
        #expect(comparison.rows.first?.cells.last?.verdict == .unclear)
        var settings = ResultComparison.Settings()
        settings.margin = 0.5
        let wide = try ResultComparison(
            [Self.compared("A", [100, 110, 90]), Self.compared("B", [104, 92, 111])],
            settings: settings
        )
        #expect(wide.rows.first?.cells.last?.verdict == .same)
    }

    @Test func singleRunsOfTheRealClockHaveNoIntervalAndOnesOfVirtualTimeNeedNone() throws {
        let real = try ResultComparison([Self.compared("A", [100]), Self.compared("B", [200])])
        #expect(real.rows.first?.cells.last?.verdict == .single)
        let virtual = try ResultComparison(
            [("A", 100.0), ("B", 100.0), ("C", 99.0)].map { label, value in
                ComparedResult(label: label, result: Self.result([("a", [value])], clock: "virtual"))
            }
        )
        #expect(virtual.rows.first?.cells.map(\.verdict) == [.reference, .same, .worse])
    }

    @Test func differentPlansAreRefusedByName() throws {
        let error = #expect(throws: ComparisonError.self) {
            try ResultComparison([Self.compared("A", [1, 2]), Self.compared("B", [1, 2], plan: "q")])
        }
        #expect(error?.description.contains("target a: A has the plan p, B has the plan q") == true)
    }

    @Test func differentPlansMayStandInDifferentRows() throws {
        let results = ["p", "q"].map { plan in
            ComparedResult(
                label: plan,
                result: Self.result([("a", [100, 101]), ("b", [200, 202])], plan: plan),
                scenario: ["vars": ["rate": .string(plan)]]
            )
        }
        var settings = ResultComparison.Settings()
        settings.rows = ["vars.rate"]
        settings.column = "target"
        let comparison = try ResultComparison(results, settings: settings)
        #expect(comparison.rows.map(\.keys) == [["p"], ["q"]])
        #expect(
            comparison.means == [
                ResultComparison.Mean(metric: "throughput", ratios: [1, comparison.means[0].ratios[1]])
            ]
        )
        #expect(abs(try #require(comparison.means[0].ratios[1]) - 2) < 1e-9)
    }

    @Test func theTargetsOfOneResultAreComparedWithItsFirst() throws {
        let result = ComparedResult(label: "A", result: Self.result([("b", [10, 11, 10]), ("a", [30, 31, 30])]))
        let comparison = try ResultComparison([result])
        #expect(comparison.columns == ["b", "a"])
        #expect(comparison.rows.first?.cells.last?.ratio == 3)
    }

    @Test func anyOptionCanBeAKey() throws {
        var settings = ResultComparison.Settings()
        settings.column = "options.maxConcurrency"
        settings.rows = ["clock"]
        let result = ComparedResult(label: "A", result: Self.result([("a", [10, 11]), ("bb", [30, 31])]))
        #expect(try ResultComparison([result], settings: settings).columns == ["1", "2"])
        settings.column = "options.nothing"
        let error = #expect(throws: ComparisonError.self) { try ResultComparison([result], settings: settings) }
        #expect(error?.description.contains("'options.nothing'") == true)
    }

    @Test func otherMachinesAreNamed() throws {
        var other = Self.compared("B", [1, 2])
        other.result.environment.cpu = "another"
        let comparison = try ResultComparison([Self.compared("A", [1, 2]), other])
        #expect(comparison.differences.count == 1)
        #expect(comparison.differences.first?.hasPrefix("CPU: A has") == true)
    }

    @Test func nothingInCommonIsSaid() throws {
        let other = ComparedResult(label: "B", result: Self.result([("b", [1, 2])]))
        let error = #expect(throws: ComparisonError.self) {
            try ResultComparison([Self.compared("A", [1, 2]), other])
        }
        #expect(error?.description.contains("nothing can be compared") == true)
    }

    @Test(arguments: [
        ("load.phases.main.rate", "4/s"), ("load.phases.0.rate", "4/s"), ("vars.a.b", "7"), ("vars.nothing", nil),
    ])
    func pathsLeadIntoTheScenario(path: String, value: String?) {
        let scenario: JSONValue = [
            "vars": ["a.b": .integer(7)], "load": ["phases": [["name": "main", "rate": "4/s"]]],
        ]
        let compared = ComparedResult(label: "A", result: Self.result([("a", [1])]), scenario: scenario)
        #expect(compared.value(of: path, run: compared.result.runs[0], phase: nil) == value)
    }
}
