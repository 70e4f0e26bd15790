import HarnessKit

extension Fixture {
    /// The load generator was late: figures exist, but they say nothing of the target.
    static let invalid: Fixture = {
        var run = plainRun("work")
        run.validity.verdict = .invalid
        run.validity.reasons = ["lateness.p99 is 12.3 ms, above the limit of 1.00 ms", "CPU pressure was 61.0 %"]
        return Fixture(name: "invalid", result: plain(.invalid, runs: [run]))
    }()

    /// Stopped by the user during the first run.
    static let interrupted: Fixture = {
        var run = plainRun("work")
        run.interrupted = true
        run.validity.verdict = .inconclusive
        run.validity.reasons = ["stopped 3.20 s into the run"]
        var result = plain(.inconclusive, runs: [run])
        result.interrupted = true
        return Fixture(name: "interrupted", result: result)
    }()

    /// Counts alone, few samples, no expectation measured.
    static let unmeasured: Fixture = {
        var run = plainRun("work")
        run.phases = []
        run.series = []
        run.total = metrics(["response.p99": 0.5, "response.p50": 0.25, "signals[a.*].count": 3], n: 12)
        var expectation = ExpectationResult(
            that: "response.p99 < 40ms",
            target: "work",
            level: .fail,
            verdict: .inconclusive
        )
        expectation.detail = "12 samples are too few for a 99th percentile"
        var result = plain(.inconclusive, runs: [run])
        result.environment.revision = nil
        result.environment.cpuPressure = nil
        result.environment.steal = nil
        result.targets = [TargetSummary(target: "work", use: "coordinator.work", repetitions: 1, total: run.total)]
        result.expectations = [expectation]
        return Fixture(name: "unmeasured", result: result)
    }()

    /// Text that would break a table, a terminal, a page or a spreadsheet.
    static let hostile: Fixture = {
        let target = "=HYPERLINK(\"http://example.org\") | `x` <script>alert(1)</script>"
        var run = plainRun(target)
        run.options = .object(["note": .string("a | b\n```\n# heading"), "ratio": .number(.infinity)])
        run.invariants = [
            InvariantResult(
                use: "conservation",
                options: .null,
                verdict: .fail,
                detail: "\u{1B}[2Jlost *one*\r\n| and\u{202E} another |"
            )
        ]
        run.events = [EventMark(id: "e", kind: "mark", label: "``` </details>", at: -1, end: .infinity)]
        run.series = [LevelSeries(name: "```", unit: .count, interval: 1, values: [.nan, 0, 1, -1])]
        run.total["throughput"] = Metric(value: .nan, unit: .perSecond, n: 0)
        var result = plain(.fail, runs: [run])
        result.scenario.summary = "1. A summary, with \"quotes\", <b>markup</b> and a \\ at the end\\"
        result.targets = [TargetSummary(target: target, use: "peer.task-group", repetitions: 1, total: run.total)]
        result.notes = ["# not a heading", "- not a list", "+1", String(repeating: "long ", count: 300)]
        return Fixture(name: "hostile", result: result)
    }()

    /// Nothing at all was run.
    static let empty = Fixture(name: "empty", result: plain(.pass, runs: []))

    static func plainRun(_ target: String) -> TargetRun {
        var run = TargetRun(
            target: target,
            use: "coordinator.work",
            options: .object([:]),
            clock: "virtual",
            seed: 7,
            repetition: 0
        )
        run.total = metrics(["completed": 100, "throughput": 50, "lateness.p99": 0.0123], n: 100)
        run.phases = [PhaseResult(name: "main", measured: true, start: 0, seconds: 2, metrics: run.total)]
        run.series = [LevelSeries(name: "depth", unit: .count, interval: 0.5, values: [0, 3, 1, 0])]
        return run
    }

    static func plain(_ verdict: Verdict, runs: [TargetRun]) -> RunResult {
        RunResult(
            scenario: scenario("plain", "A hundred operations"),
            environment: environment(),
            verdict: verdict,
            runs: runs,
            targets: runs.map { TargetSummary(target: $0.target, use: $0.use, repetitions: 1, total: $0.total) },
            expectations: []
        )
    }
}
