/// The figures of runs that were made in pairs, by process and metric.
public struct PairedSamples: Sendable, Equatable {
    private var processes: [[String: [ValuePair]]] = []
    private var units: [String: MetricUnit] = [:]
    /// Metrics that the former build gave alone.
    private var lost: Set<String> = []

    /// Creates an empty collection.
    public init() {}

    /// How many processes of each build there are.
    public var count: Int { processes.count }

    /// How many pairs there are of a metric.
    public func pairs(of metric: String) -> Int { groups(of: metric).reduce(0) { $0 + $1.count } }

    /// Begins a new process of each build.
    public mutating func beginProcess() {
        processes.append([:])
    }

    /// Adds the figures of a pair to the process that was begun last.
    ///
    /// - Parameters:
    ///   - base: The figures of the former build.
    ///   - head: The figures of the new one.
    public mutating func append(base: MetricTable, head: MetricTable) {
        guard !processes.isEmpty else { return }
        for entry in base.metrics {
            guard let other = head[entry.name] else {
                lost.insert(entry.name)
                continue
            }
            let pair = ValuePair(base: entry.metric.value, head: other.value)
            processes[processes.count - 1][entry.name, default: []].append(pair)
            units[entry.name] = entry.metric.unit
        }
    }

    /// The pairs of a metric by process.
    public func groups(of metric: String) -> [[ValuePair]] {
        processes.map { $0[metric] ?? [] }.filter { !$0.isEmpty }
    }

    /// Why a metric without pairs cannot be judged although it should be; `nil` when nobody measures it.
    func obstacle(to metric: String) -> String? {
        if lost.contains(metric) { return "the head build does not measure it" }
        guard count > 0, processes.allSatisfy(\.isEmpty) else { return nil }
        return "no pair of runs counts"
    }

    /// The medians of a metric in both builds.
    func medians(of metric: String) -> (base: Metric, head: Metric)? {
        let pairs = groups(of: metric).flatMap(\.self)
        guard let unit = units[metric], let base = OrderStatistics.median(pairs.map(\.base)),
            let head = OrderStatistics.median(pairs.map(\.head))
        else { return nil }
        return (
            Metric(value: base, unit: unit, n: pairs.count), Metric(value: head, unit: unit, n: pairs.count)
        )
    }
}

extension PairedSamples {
    /// The rows of one target on the real clock.
    ///
    /// - Parameters:
    ///   - rules: What is compared, with margins.
    ///   - scenario: The scenario's name.
    ///   - target: The target's id.
    ///   - confidence: How sure the intervals of paired metrics are.
    ///   - seed: The seed of resampling.
    /// - Returns: One row per paired and observed metric.
    public func rows(
        rules: RegressionRules,
        scenario: String,
        target: String,
        confidence: Double,
        seed: UInt64
    ) -> [RegressionRow] {
        func row(_ margin: RegressionRules.Margin, _ tier: RegressionRow.Tier) -> RegressionRow {
            var row = RegressionRow(
                scenario: scenario,
                target: target,
                tier: tier,
                quantity: margin.metric,
                verdict: .unmeasured
            )
            let groups = groups(of: margin.metric)
            row.margin = margin.share
            guard let medians = medians(of: margin.metric) else {
                let obstacle = obstacle(to: margin.metric)
                if obstacle != nil { row.verdict = .inconclusive }
                row.detail = obstacle ?? "too few samples, or nothing that measures it"
                return row
            }
            row.base = medians.base
            row.head = medians.head
            row.pairs = groups.reduce(0) { $0 + $1.count }
            row.processes = groups.count
            var share = margin.share
            if tier == .observational, let noise = NoiseFloor.share(of: groups.map { $0.map(\.base) }, seed: seed) {
                share = max(share, 2 * noise)
                row.margin = share
            }
            let better = MetricCatalogue.metric(named: margin.metric)?.better ?? .lower
            let test = PairedTest(margin: share, floor: margin.floor ?? 0, better: better, seed: seed)
            guard let outcome = test.judge(groups, confidence: confidence) else {
                row.verdict = .inconclusive
                row.detail = "pairs of one process alone"
                return row
            }
            row.verdict = outcome.verdict
            row.ratio = outcome.ratio
            row.interval = outcome.interval
            row.probability = outcome.probability
            return row
        }
        return rules.paired.map { row($0, .statistical) } + rules.observe.map { row($0, .observational) }
    }
}
