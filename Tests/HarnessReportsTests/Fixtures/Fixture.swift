import HarnessKit

/// Results for the tests of renderers, each with a name that its golden files carry.
struct Fixture: Sendable, CustomStringConvertible {
    let name: String
    let result: RunResult

    var description: String { name }

    static let all = [passing, failing, invalid, interrupted, unmeasured, hostile, empty, searching, searched]

    static func environment() -> EnvironmentInfo {
        var environment = EnvironmentInfo(
            cpu: "AMD EPYC 7763",
            cores: 2,
            memoryBytes: 25_769_803_776,
            kernel: "Linux 6.18.44",
            swift: "Swift 6.3.1",
            build: "release",
            revision: "v0.1.0-12-gabc1234",
            load: 1.234,
            allocator: "jemalloc (counted)",
            startedAt: "2026-09-01T12:00:00Z",
            seconds: 41.234,
            command: "harness run Scenarios/compare"
        )
        environment.cpuPressure = 0.0312
        environment.steal = 0
        return environment
    }

    static func scenario(_ name: String, _ summary: String) -> ScenarioInfo {
        var scenario = ScenarioInfo(
            name: name,
            summary: summary,
            digest: "00c0ffee00c0ffee",
            seed: 42,
            record: .history
        )
        scenario.file = "Scenarios/compare/\(name).json"
        scenario.tags = ["compare", "ci"]
        return scenario
    }

    /// A table of metrics in the order that a runner would write them in, which is not the order of presentation.
    static func metrics(_ values: KeyValuePairs<String, Double>, n: Int) -> MetricTable {
        var table = MetricTable()
        for (name, value) in values { table[name] = Metric(value: value, unit: unit(of: name), n: n) }
        return table
    }

    private static func unit(of name: String) -> MetricUnit {
        switch name {
        case "throughput": .perSecond
        case "success.ratio": .ratio
        case "cpu.perOperation": .seconds
        case "mallocBytes.perOperation", "rss.peak": .bytes
        case _ where ["response", "service", "queueWait", "lateness"].contains { name.hasPrefix($0 + ".") }: .seconds
        default: .count
        }
    }
}
