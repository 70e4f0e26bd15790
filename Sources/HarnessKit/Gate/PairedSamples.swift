/// The figures of runs that were made in pairs, by process and metric.
public struct PairedSamples: Sendable, Equatable {
    private var processes: [[String: [ValuePair]]] = []
    /// Runs of one build that gave no percentile while the other build's did.
    private var lacking: [String: OneSidedRuns] = [:]
    private var units: [String: MetricUnit] = [:]
    /// Metrics that the new build gave, or would have given had anything been done.
    private var given: Set<String> = []

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
    ///   - head: The figures of the new one; what is missing there counts against it, but for percentiles: a run gives none
    ///     that has too few samples by chance.
    public mutating func append(base: MetricTable, head: MetricTable) {
        guard !processes.isEmpty else { return }
        let isIdle = Self.isCollapse(base: base, head: head)
        for name in (base.metrics + head.metrics).map(\.name).uniqued where Self.isPercentile(name) && !isIdle {
            let (isBaseLacking, isHeadLacking) = (base[name] == nil, head[name] == nil)
            lacking[name, default: OneSidedRuns()].count(base: isBaseLacking, head: isHeadLacking, in: count)
        }
        for entry in base.metrics {
            units[entry.name] = entry.metric.unit
            // Without a pair, so that it is known that somebody measures it.
            processes[processes.count - 1][entry.name, default: []] += []
            guard isIdle || head[entry.name] != nil || !Self.isPercentile(entry.name) else { continue }
            let value = head[entry.name]?.value ?? .nan
            let pair = ValuePair(base: entry.metric.value, head: value)
            processes[processes.count - 1][entry.name, default: []].append(pair)
            if isIdle || head[entry.name] != nil { given.insert(entry.name) }
        }
    }

    /// Whether the new build got nothing done where the former one did.
    public static func isCollapse(base: MetricTable, head: MetricTable) -> Bool {
        guard let former = base["completed"]?.value, let new = head["completed"]?.value else { return false }
        return former > 0 && new == 0
    }

    private static func isPercentile(_ metric: String) -> Bool {
        MetricCatalogue.distributions.contains { metric.hasPrefix("\($0.name).p") }
    }

    /// The pairs of a metric by process, of those in which the former build gave a figure.
    public func groups(of metric: String) -> [[ValuePair]] {
        processes.map { ($0[metric] ?? []).filter(\.isComparable) }.filter { !$0.isEmpty }
    }

    /// Why a metric cannot be judged although it should be; `nil` when it can, or when nobody measures it.
    func obstacle(to metric: String) -> String? {
        let isMeasured = processes.contains { $0[metric] != nil }
        if isMeasured, !given.contains(metric) { return "the head build does not measure it" }
        if isMeasured, groups(of: metric).isEmpty { return "the base build's figure is zero in every pair" }
        guard count > 0, processes.allSatisfy(\.isEmpty) else { return nil }
        return "no pair of runs counts"
    }

    /// What there is to say of pairs that a percentile has no part in; `nil` when there are none.
    func remark(on metric: String) -> (text: String, isBeyondChance: Bool)? {
        guard let runs = lacking[metric], runs.base + runs.head > 0 else { return nil }
        let isBeyondChance = runs.chance <= OneSidedRuns.suspicion
        let (head, base) = (FindingText.count(runs.head, "run"), FindingText.count(runs.base, "run"))
        let text = "missing in \(head) of the head build alone and in \(base) of the base build alone"
        return (isBeyondChance ? text + ", which is more than chance explains" : text, isBeyondChance)
    }

    /// The medians of a metric in both builds.
    func medians(of metric: String) -> (base: Metric, head: Metric?)? {
        let pairs = groups(of: metric).flatMap(\.self)
        guard let unit = units[metric], let base = OrderStatistics.median(pairs.map(\.base)) else { return nil }
        let heads = pairs.map(\.head).filter(\.isFinite)
        return (
            Metric(value: base, unit: unit, n: pairs.count),
            OrderStatistics.median(heads).map { Metric(value: $0, unit: unit, n: heads.count) }
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
            let obstacle = obstacle(to: margin.metric)
            guard obstacle == nil, let medians = medians(of: margin.metric) else {
                if obstacle != nil { row.verdict = .inconclusive }
                row.detail = obstacle ?? "too few samples, or nothing that measures it"
                return row
            }
            row.base = medians.base
            row.head = medians.head
            row.pairs = groups.reduce(0) { $0 + $1.count }
            row.processes = groups.count
            var share = margin.share
            let former = groups.map { $0.map(\.base) }
            if tier == .observational, let noise = NoiseFloor.share(of: former, whole: true, seed: seed) {
                share = max(share, 2 * noise)
                row.margin = share
            }
            let better = MetricCatalogue.metric(named: margin.metric)?.better ?? .lower
            let test = PairedTest(margin: share, floor: margin.floor ?? 0, better: better)
            guard let outcome = test.judge(groups, confidence: confidence) else {
                row.verdict = .inconclusive
                row.detail = "pairs of one process alone"
                return row
            }
            row.verdict = outcome.verdict
            row.ratio = outcome.ratio
            row.interval = outcome.interval
            row.probability = outcome.probability
            row.detail = outcome.detail
            guard let remark = remark(on: margin.metric) else { return row }
            row.detail = [outcome.detail, remark.text].compactMap(\.self).joined(separator: "; ")
            // What remains may be the better runs.
            if remark.isBeyondChance, row.verdict != .regressed { row.verdict = .inconclusive }
            return row
        }
        return rules.paired.map { row($0, .statistical) } + rules.observe.map { row($0, .observational) }
    }
}
