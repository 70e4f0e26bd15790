/// What may not get worse from one build to the next, and how that is told.
public struct RegressionRules: Codable, Sendable, Equatable {
    /// What must be equal in virtual time, where nothing is left to chance: the history's digest, or metrics by name.
    public var exact: [String]
    /// Metrics that are compared pair by pair on the real clock, each with its margin; a change beyond it blocks.
    public var paired: [Margin]
    /// Metrics whose change is told and blocks nothing.
    public var observe: [Margin]

    /// By how much a metric may get worse.
    public struct Margin: Codable, Sendable, Equatable {
        /// The metric's fixed name.
        public var metric: String
        /// The share of the former value.
        public var share: Double
        /// Differences below this, in the metric's base unit, are none.
        public var floor: Double?

        /// Creates a margin.
        public init(_ metric: String, _ share: Double, floor: Double? = nil) {
            self.metric = metric
            self.share = share
            self.floor = floor
        }
    }

    /// Creates rules.
    public init(exact: [String], paired: [Margin], observe: [Margin]) {
        self.exact = exact
        self.paired = paired
        self.observe = observe
    }

    /// The name of the digest of a run's history among exact rules.
    public static let historyDigest = "historyDigest"

    /// The rules of a scenario that has none of its own.
    public static let standard = RegressionRules(
        exact: [
            historyDigest, "offered", "accepted", "refused", "completed", "failed", "cancelled", "lost", "duplicated",
            "hops.perOperation", "mallocs.perOperation", "mallocBytes.perOperation",
        ],
        paired: [Margin("cpu.perOperation", 0.03), Margin("throughput", 0.05)],
        observe: [Margin("response.p50", 0.1), Margin("response.p99", 0.25)]
    )
}

extension Scenario {
    /// The scenario's own rules, or the standard ones as far as they mean something for it.
    public var regressionRules: RegressionRules {
        if let regression { return regression }
        var rules = RegressionRules.standard
        if load.search != nil {
            // All other figures are those of the trial at the rate that was found: a better one offers more.
            rules.exact = [MetricCatalogue.capacity, RegressionRules.historyDigest, "lost", "duplicated"]
            rules.paired = []
            rules.observe.insert(RegressionRules.Margin(MetricCatalogue.capacity, 0.05), at: 0)
        }
        // Under open load the throughput is what was offered.
        if load.isOpen { rules.paired.removeAll { $0.metric == "throughput" } }
        func isMeasured(_ name: String) -> Bool {
            MetricCatalogue.metric(named: name).map { $0.isMeasured(at: record) } ?? (record == .history)
        }
        rules.exact.removeAll { !isMeasured($0) }
        rules.observe.removeAll { !isMeasured($0.metric) }
        return rules
    }
}
