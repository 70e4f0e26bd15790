/// A metric that runs measure and expectations name.
public struct MetricDefinition: Sendable, Equatable {
    /// The fixed name, statistic included: `response.p99`.
    public var name: String
    /// The base unit of its values.
    public var unit: MetricUnit
    /// Which direction is an improvement; `nil` where neither is.
    public var better: Better?
    /// The lowest recording level that can give it.
    public var needs: RecordingLevel
    /// The only clock on which it is measured; `nil` when it is on each.
    public var clock: RunClock?
    /// One line on what it is.
    public var summary: String

    /// A direction of improvement.
    public enum Better: String, Sendable, CaseIterable, Codable {
        case higher
        case lower
    }

    /// Creates a definition.
    public init(name: String, unit: MetricUnit, better: Better?, needs: RecordingLevel, summary: String) {
        self.name = name
        self.unit = unit
        self.better = better
        self.needs = needs
        self.summary = summary
    }

    /// Whether a run that records at `level` can give this metric.
    public func isMeasured(at level: RecordingLevel) -> Bool {
        level.detail >= needs.detail
    }
}

/// The metrics of every harness: the one table of names, units and directions.
public enum MetricCatalogue {
    /// A family of metrics over one distribution of durations: `<name>.<statistic>`.
    public struct Distribution: Sendable, Equatable {
        /// The name before the statistic.
        public var name: String
        /// One line on what is measured.
        public var summary: String

        /// Creates a family.
        public init(name: String, summary: String) {
            self.name = name
            self.summary = summary
        }
    }

    /// The statistics that every distribution has, in presentation order.
    public static let statistics = ["mean", "p50", "p90", "p95", "p99", "p99.9", "max", "count"]

    /// The statistics that `time.until(start)` may carry; `max` when it carries none.
    public static let timeStatistics = ["p50", "p90", "p95", "p99", "max"]

    /// The distributions.
    public static let distributions = [
        Distribution(name: "response", summary: "time from the intended start to the finish"),
        Distribution(name: "service", summary: "time from the start of the execution to the finish"),
        Distribution(name: "queueWait", summary: "time from the submission to the start of the execution"),
        Distribution(name: "lateness", summary: "time from the intended start to the submission"),
        Distribution(name: "blockedInSubmit", summary: "time that the submission itself took"),
    ]

    /// Every metric with a fixed name, in presentation order.
    public static let all: [MetricDefinition] = counts + rates + latencies + levels + costs

    /// The name of the metric that a search for the highest rate finds.
    public static let capacity = "throughput.capacity"

    /// The metric of a fixed name.
    public static func metric(named name: String) -> MetricDefinition? {
        byName[name]
    }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    private static let counts = [
        count("offered", nil, "operations offered to the target"),
        count("accepted", .higher, "operations the target took"),
        count("refused", .lower, "operations the target refused"),
        count("completed", .higher, "operations that ended normally"),
        count("failed", .lower, "operations that ended with an error"),
        count("cancelled", .lower, "operations that ended by cancellation"),
        count("unfinished", .lower, "accepted operations still open when the run ended"),
        count("lost", .lower, "accepted operations of which neither harness nor target knows an end"),
        count("duplicated", .lower, "operations that finished more than once"),
    ]

    private static let rates = [
        MetricDefinition(
            name: "throughput",
            unit: .perSecond,
            better: .higher,
            needs: .counts,
            summary: "completed operations per second of the measured phase"
        ),
        MetricDefinition(
            name: capacity,
            unit: .perSecond,
            better: .higher,
            needs: .counts,
            summary: "highest rate at which the expectations held; needs \"model\": \"search\""
        ),
        MetricDefinition(
            name: "success.ratio",
            unit: .ratio,
            better: .higher,
            needs: .counts,
            summary: "share of the offered operations that completed"
        ),
    ]

    private static let latencies = distributions.flatMap { family in
        statistics.map { statistic in
            let isCount = statistic == "count"
            return MetricDefinition(
                name: "\(family.name).\(statistic)",
                unit: isCount ? .count : .seconds,
                better: isCount ? nil : .lower,
                needs: .latency,
                summary: isCount ? "samples of: \(family.summary)" : "\(family.summary), \(words(for: statistic))"
            )
        }
    }

    private static let levels = [
        MetricDefinition(
            name: "concurrency.max",
            unit: .count,
            better: nil,
            needs: .counts,
            summary: "most attempts that ran at one time"
        ),
        MetricDefinition(
            name: "depth.max",
            unit: .count,
            better: .lower,
            needs: .latency,
            summary: "most accepted operations that waited at one time"
        ),
        MetricDefinition(
            name: "attempts.perOperation.mean",
            unit: .count,
            better: .lower,
            needs: .latency,
            summary: "attempts per operation, mean"
        ),
        MetricDefinition(
            name: "attempts.wasted",
            unit: .ratio,
            better: .lower,
            needs: .history,
            summary: "share of the attempts that did not end an operation successfully"
        ),
        MetricDefinition(
            name: "recovery.time",
            unit: .seconds,
            better: .lower,
            needs: .history,
            summary: "time from the end of the last fault with a window until responses are as before the first one"
        ),
    ]

    private static let costs = [
        cost("cpu.perOperation", .seconds, "CPU time of the process per finished operation", on: .real),
        cost("mallocs.perOperation", .count, "heap allocations per finished operation; needs the counting allocator"),
        cost(
            "mallocBytes.perOperation",
            .bytes,
            "allocated bytes per finished operation; needs the counting allocator"
        ),
        cost(
            "recorderBytes.perOperation",
            .bytes,
            "bytes for recorded events per finished operation, no part of the former; needs the counting allocator"
        ),
        cost("hops.perOperation", .count, "steps of the executor per finished operation", on: .virtual),
        cost("rss.peak", .bytes, "largest resident memory of the process during the run, or during a phase", on: .real),
        cost(
            "threads.max",
            .count,
            "most threads of the process, of those at the begin and the end of a phase",
            on: .real
        ),
        cost(
            "contextSwitches.perOperation",
            .count,
            "context switches of the process per finished operation",
            on: .real
        ),
    ]

    private static func count(_ name: String, _ better: MetricDefinition.Better?, _ text: String) -> MetricDefinition {
        MetricDefinition(name: name, unit: .count, better: better, needs: .counts, summary: text)
    }

    private static func cost(
        _ name: String,
        _ unit: MetricUnit,
        _ text: String,
        on clock: RunClock? = nil
    ) -> MetricDefinition {
        var metric = MetricDefinition(name: name, unit: unit, better: .lower, needs: .counts, summary: text)
        metric.clock = clock
        return metric
    }

    private static func words(for statistic: String) -> String {
        switch statistic {
        case "mean": "mean"
        case "max": "largest"
        case "p50": "median"
        default: "\(statistic.dropFirst())th percentile"
        }
    }
}

extension RecordingLevel {
    /// How much the level keeps, as a rank: more answers more.
    var detail: Int {
        switch self {
        case .counts: 0
        case .latency: 1
        case .history: 2
        }
    }
}
