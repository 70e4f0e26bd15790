import HarnessKit

/// The metrics that tables show of each target.
enum KeyMetrics {
    /// What a reader looks for first.
    static let overview = [
        "throughput.capacity", "throughput", "success.ratio", "response.p50", "response.p99", "concurrency.max",
        "cpu.perOperation", "mallocs.perOperation", "hops.perOperation",
    ]

    /// What an operation costs.
    static let cost = [
        "cpu.perOperation", "hops.perOperation", "mallocs.perOperation", "mallocBytes.perOperation",
        "recorderBytes.perOperation", "contextSwitches.perOperation", "rss.peak", "threads.max",
    ]

    /// What happens within a phase.
    static let phase = [
        "offered", "completed", "failed", "throughput", "response.p50", "response.p90", "response.p99",
        "response.p99.9", "response.max",
    ]

    /// A heading for narrow tables.
    static func shortName(_ name: String) -> String {
        switch name {
        case "throughput.capacity": "capacity"
        case "success.ratio": "success"
        case "concurrency.max": "at once"
        case "cpu.perOperation": "cpu/op"
        case "mallocs.perOperation": "mallocs/op"
        case "hops.perOperation": "hops/op"
        default: PlainText.line(name, limit: 30)
        }
    }

    static let thinNote = "fewer than ten samples lie beyond this percentile: it depends on chance"

    /// The overview metrics that any target of a result has.
    static func present(in result: RunResult, of names: [String] = overview) -> [String] {
        names.filter { name in result.targets.contains { $0.total[name] != nil } }
    }
}

extension ComparisonResult {
    /// The compared targets, each once, in the order of the rows.
    var targetNames: [String] {
        var seen: Set<String> = []
        return rows.flatMap { $0.cells.map(\.target) }.filter { seen.insert($0).inserted }
    }
}
