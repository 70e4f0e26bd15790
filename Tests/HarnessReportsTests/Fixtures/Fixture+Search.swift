import HarnessKit

extension Fixture {
    /// Three targets whose highest rate was looked for: found, higher than the range, and lower.
    static let searching: Fixture = {
        let names = ["work", "group", "slow"]
        var result = RunResult(
            scenario: scenario("knees", "The highest rate at which responses stay short."),
            environment: environment(),
            verdict: .fail,
            runs: zip(names, [987.5, 4000, nil]).map(run),
            targets: zip(names, [987.5, 4000, nil]).map(summary),
            expectations: []
        )
        result.targets[0].intervals = [MetricCatalogue.capacity: ConfidenceInterval(low: 943, high: 1041.25)]
        result.searches = [work, group, slow]
        result.runs[1].capacityBound = CapacityBound(.atLeast, 4000)
        result.runs[2].capacityBound = CapacityBound(.below, 500)
        result.expectations = [expectation("slow", 0.212, .fail), expectation("work", 0.0121, .pass)]
        result.notes = ["not monotone: 988/s held in repetition 1, and the lower 943/s did not in repetition 2"]
        return Fixture(name: "searching", result: result)
    }()

    /// The same where all is well.
    static let searched: Fixture = {
        var result = searching.result
        result.verdict = .pass
        result.searches?.removeLast()
        result.runs.removeLast()
        result.targets.removeLast()
        result.expectations.removeFirst()
        result.notes = []
        let cells = [("work", 987.5), ("group", 4000)].map { target, rate in
            let capacity = Metric(value: rate, unit: .perSecond, n: 3)
            return ComparisonResult.Cell(target: target, value: capacity, ratio: rate / 987.5)
        }
        let row = ComparisonResult.Row(metric: MetricCatalogue.capacity, cells: cells)
        result.comparison = ComparisonResult(baseline: "work", rows: [row])
        return Fixture(name: "searched", result: result)
    }()

    private static let work: CapacitySearch = {
        var search = newSearch("work")
        search.outcome = .found
        search.rate = 987.5
        search.interval = ConfidenceInterval(low: 943, high: 1041.25)
        search.completed = 2
        search.endedEarly = "the budget of 1m was spent"
        search.trials = [
            trial(1, 0, 500, p99: 0.0082), trial(2, 0, 1000, p99: nil, broken: "response.p99 < 20ms: measured 45.2 ms"),
            trial(3, 0, 987.5, p99: 0.0121),
            trial(4, 1, 943, p99: nil, broken: "unstable: the queue grew throughout phase 'main'"),
        ]
        search.trials[3].isInvalid = true
        return search
    }()

    private static let group: CapacitySearch = {
        var search = newSearch("group")
        search.outcome = .atLeast
        search.rate = 4000
        search.completed = 3
        search.interval = ConfidenceInterval(low: 4000, high: 4000, isOpenAbove: true)
        search.trials = [trial(1, 0, 500, p99: 0.0081), trial(2, 0, 4000, p99: 0.0083)]
        return search
    }()

    private static let slow: CapacitySearch = {
        var search = newSearch("slow")
        search.outcome = .below
        search.completed = 3
        search.trials = [trial(1, 0, 500, p99: 0.212, broken: "response.p99 < 20ms: measured 212 ms")]
        return search
    }()

    private static func newSearch(_ target: String) -> CapacitySearch {
        let range = RateSearch(from: 500, to: 4000)
        var search = CapacitySearch(target: target, use: "coordinator.work", clock: .real, range: range)
        search.conditions = ["response.p99 < 20ms", "lost == 0"]
        return search
    }

    private static func trial(
        _ number: Int,
        _ repetition: Int,
        _ rate: Double,
        p99: Double?,
        broken: String? = nil
    ) -> CapacitySearch.Trial {
        var trial = CapacitySearch.Trial(
            number: number,
            repetition: repetition,
            seed: 42 + UInt64(repetition),
            rate: rate,
            planDigest: "1122334455667788"
        )
        trial.holds = broken == nil
        trial.broken = [broken].compactMap(\.self)
        trial.throughput = rate * 0.99
        trial.p50 = p99.map { $0 / 2 }
        trial.p99 = p99
        trial.lateness = 0.000_08
        return trial
    }

    private static func run(_ target: String, _ rate: Double?) -> TargetRun {
        var run = TargetRun(
            target: target,
            use: "coordinator.work",
            options: .object(["maxConcurrency": .integer(8)]),
            clock: "real",
            seed: 42,
            repetition: 0
        )
        run.planDigest = "1122334455667788"
        run.total = figures(rate)
        run.phases = [PhaseResult(name: "main", measured: true, start: 0, seconds: 4, metrics: figures(nil))]
        return run
    }

    private static func summary(_ target: String, _ rate: Double?) -> TargetSummary {
        TargetSummary(target: target, use: "coordinator.work", repetitions: 1, total: figures(rate))
    }

    private static func figures(_ rate: Double?) -> MetricTable {
        var table = metrics(["offered": 3950, "throughput": 985, "response.p99": 0.0121], n: 3950)
        table[MetricCatalogue.capacity] = rate.map { Metric(value: $0, unit: .perSecond, n: 3) }
        return table
    }

    private static func expectation(_ target: String, _ measured: Double, _ verdict: Verdict) -> ExpectationResult {
        var result = ExpectationResult(that: "response.p99 < 20ms", target: target, level: .fail, verdict: verdict)
        result.measured = Metric(value: measured, unit: .seconds, n: 3950)
        return result
    }
}
