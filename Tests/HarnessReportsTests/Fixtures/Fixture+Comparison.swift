import HarnessKit

extension Fixture {
    /// Two targets, two repetitions each, everything measured, all checks held.
    static let passing = Fixture(
        name: "passing",
        result: comparison(verdict: .pass, title: "Work coordinator beside a task group")
    )

    /// The same with a violated invariant, a missed expectation, a missed warning and an unanswered invariant.
    static let failing: Fixture = {
        var result = comparison(verdict: .fail, title: nil)
        result.runs[2].invariants[1] = InvariantResult(
            use: "concurrency-bound",
            options: .object(["max": .integer(8)]),
            verdict: .fail,
            detail: "9 operations ran at once at 1.203 s: #4711 started while #4702...#4710 were running"
        )
        result.runs[0].invariants[2].verdict = .unknown
        result.runs[0].invariants[2].detail = "no two operations shared a key"
        result.expectations[0].verdict = .fail
        result.expectations[0].measured = Metric(value: 0.0552, unit: .seconds, n: 40_000)
        result.expectations[0].margin = -0.38
        result.expectations[2].verdict = .fail
        result.expectations[2].margin = -0.001
        return Fixture(name: "failing", result: result)
    }()

    private static func comparison(verdict: Verdict, title: String?) -> RunResult {
        var result = RunResult(
            scenario: scenario(
                "queue-beside-peers",
                "A steady stream of short operations with one burst and one pause."
            ),
            environment: environment(),
            verdict: verdict,
            runs: [run("work", 0, 1), run("group", 0, 0.158), run("group", 1, 0.162), run("work", 1, 1.04)],
            targets: [summary("work", 1.02), summary("group", 0.16)],
            expectations: expectations()
        )
        result.scenario.title = title
        result.comparison = ComparisonResult(baseline: "group", rows: rows())
        result.notes = ["8 workers at 1.00 ms each can do 8000 operations per second; 4000 are offered: 50 % busy."]
        return result
    }

    private static func run(_ target: String, _ repetition: Int, _ speed: Double) -> TargetRun {
        var run = TargetRun(
            target: target,
            use: target == "work" ? "coordinator.work" : "peer.task-group",
            options: .object(["maxConcurrency": .integer(8), "backoff": .object(["kind": .string("none")])]),
            clock: "real",
            seed: 42,
            repetition: repetition
        )
        run.planDigest = "1122334455667788"
        run.contention = CPUContention(pressure: 0.031 * Double(1 + repetition), steal: 0.0004)
        run.phases = [
            PhaseResult(name: "warm", measured: false, start: 0, seconds: 2, metrics: figures(speed, n: 400)),
            PhaseResult(name: "hold", measured: true, start: 2, seconds: 10, metrics: figures(speed, n: 40_000)),
        ]
        run.total = figures(speed, n: 40_000)
        run.invariants = [
            InvariantResult(
                use: "conservation",
                options: .object([:]),
                verdict: .pass,
                detail: "all 40400 operations finished once"
            ),
            InvariantResult(
                use: "concurrency-bound",
                options: .object(["max": .integer(8)]),
                verdict: .pass,
                detail: "at most 8"
            ),
            InvariantResult(use: "fifo-per-key", options: .object([:]), verdict: .pass, detail: "64 keys in order"),
        ]
        run.series = [
            LevelSeries(
                name: "arrivals",
                unit: .perSecond,
                interval: 0.25,
                values: (0..<48).map { $0 < 8 ? 200 : $0 == 24 ? 16_000 : 4000 }
            ),
            LevelSeries(
                name: "depth",
                unit: .count,
                interval: 0.25,
                values: (0..<48).map { (24..<34).contains($0) ? Double(34 - $0) * 150 / speed : 0 }
            ),
        ]
        run.events = [
            EventMark(id: "spike", kind: "burst", label: "3000 operations over 250ms", at: 6, end: 6.25),
            EventMark(id: "deferred", kind: "signal", label: "backpressure.downstream", at: 9, end: 10.5),
            EventMark(id: "probe", kind: "mark", label: "probe", at: 11),
        ]
        run.spectra = [
            "response": [SpectrumPoint(percentile: 50, seconds: 0.001), SpectrumPoint(percentile: 100, seconds: 0.09)]
        ]
        return run
    }

    private static func figures(_ speed: Double, n: Int) -> MetricTable {
        metrics(
            [
                "throughput": 4000 * speed, "offered": Double(n), "accepted": Double(n), "completed": Double(n) - 7,
                "failed": 7, "success.ratio": (Double(n) - 7) / Double(n), "response.p50": 0.00121 / speed,
                "response.p90": 0.0031 / speed, "response.p99": 0.0312 / speed, "response.p99.9": 0.0478 / speed,
                "response.max": 0.0902, "lateness.p50": 0.0000312, "lateness.p99": 0.000411, "concurrency.max": 8,
                "cpu.perOperation": 0.00000165 / speed, "mallocs.perOperation": 5.08 * (1 - speed / 1.1),
                "mallocBytes.perOperation": 812.5, "contextSwitches.perOperation": 0.0123, "rss.peak": 44_040_192,
            ],
            n: n
        )
    }

    private static func summary(_ target: String, _ speed: Double) -> TargetSummary {
        TargetSummary(
            target: target,
            use: target == "work" ? "coordinator.work" : "peer.task-group",
            repetitions: 2,
            total: figures(speed, n: 40_000),
            spread: ["throughput": TargetSummary.Spread(min: 3920 * speed, max: 4080 * speed)]
        )
    }

    private static func expectations() -> [ExpectationResult] {
        var first = ExpectationResult(that: "response.p99 < 40ms", target: "work", level: .fail, verdict: .pass)
        first.phase = "hold"
        first.measured = Metric(value: 0.0306, unit: .seconds, n: 40_000)
        first.margin = 0.235
        var second = first
        second.target = "group"
        second.measured = Metric(value: 0.0398, unit: .seconds, n: 40_000)
        second.margin = 0.005
        var third = ExpectationResult(
            that: "mallocs.perOperation in 0...0.01",
            target: "work",
            level: .warn,
            verdict: .pass
        )
        third.measured = Metric(value: 0.01, unit: .count, n: 40_000)
        third.margin = 0
        var fourth = ExpectationResult(
            that: "time.until(depth <= 8) < 3s",
            target: "work",
            level: .fail,
            verdict: .pass
        )
        fourth.scope = "after deferred.end"
        fourth.measured = Metric(value: 1.75, unit: .seconds, n: 1)
        fourth.margin = 0.416
        return [first, second, third, fourth]
    }

    private static func rows() -> [ComparisonResult.Row] {
        let names: [(String, MetricUnit, Double, Double)] = [
            ("throughput", .perSecond, 4080, 640), ("response.p50", .seconds, 0.00119, 0.00756),
            ("response.p99", .seconds, 0.0306, 0.195), ("cpu.perOperation", .seconds, 0.00000162, 0.0000103),
        ]
        return names.map { name, unit, work, group in
            ComparisonResult.Row(
                metric: name,
                cells: [
                    .init(target: "work", value: Metric(value: work, unit: unit, n: 40_000), ratio: work / group),
                    .init(target: "group", value: Metric(value: group, unit: unit, n: 40_000), ratio: 1),
                ]
            )
        }
    }
}
