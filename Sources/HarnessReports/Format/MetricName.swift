import HarnessKit

/// A metric's fixed name, taken apart: `response.p99.9` is the statistic `p99.9` of `response`.
struct MetricName: Hashable {
    let metric: String
    /// Empty for metrics that are one number.
    let statistic: String

    private static let statistics = ["mean", "p50", "p90", "p95", "p99", "p99.9", "max", "count"]

    init(_ name: String) {
        let statistic = Self.statistics.first { name.hasSuffix("." + $0) && name.utf8.count > $0.utf8.count + 1 }
        self.statistic = statistic ?? ""
        metric = statistic.map { String(name.dropLast($0.count + 1)) } ?? name
    }

    /// Whether a percentile rests on fewer samples than ten beyond it: chance decides it then.
    func isThin(samples: Int) -> Bool {
        let needed = ["p50": 20, "p90": 100, "p95": 200, "p99": 1000, "p99.9": 10_000]
        return needed[statistic].map { samples < $0 } ?? false
    }

    /// All names that a table of a result may hold, in the order of presentation; unknown ones come last, by name.
    ///
    /// The order does not come from the result: JSON objects have none, and a result that was read back shall be
    /// rendered as the one that was written.
    static func inOrder(_ names: some Sequence<String>) -> [String] {
        Set(names).sorted { left, right in
            let (first, second) = (rank(left), rank(right))
            return first == second ? left < right : first < second
        }
    }

    private static let families = [
        "offered", "accepted", "refused", "completed", "failed", "cancelled", "unfinished", "lost", "duplicated",
        "throughput", "throughput.capacity", "success.ratio", "response", "service", "queueWait", "lateness",
        "blockedInSubmit",
        "concurrency", "depth", "attempts.perOperation", "attempts.wasted", "recovery.time",
        "cpu.perOperation", "mallocs.perOperation",
        "mallocBytes.perOperation", "recorderBytes.perOperation", "rss.peak", "threads.max",
        "contextSwitches.perOperation",
    ]

    private static func rank(_ name: String) -> Int {
        let parts = MetricName(name)
        let family = families.firstIndex(of: parts.metric) ?? families.count
        return family * 16 + (statistics.firstIndex(of: parts.statistic) ?? statistics.count)
    }
}

extension MetricUnit {
    /// The unit as tables for programs name it.
    var symbol: String {
        switch self {
        case .count: "count"
        case .seconds: "s"
        case .perSecond: "1/s"
        case .ratio: "ratio"
        case .bytes: "B"
        }
    }
}
