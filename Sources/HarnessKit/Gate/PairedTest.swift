#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Two values of one metric that were measured right after one another.
public struct ValuePair: Codable, Sendable, Equatable {
    /// Of the former build.
    public var base: Double
    /// Of the new one.
    public var head: Double

    /// Creates a pair.
    public init(base: Double, head: Double) {
        self.base = base
        self.head = head
    }
}

/// Judges by pairs of runs whether a figure got worse by more than its margin.
///
/// The statistic is the median of the logarithms of the ratios; its interval comes from drawing processes anew, and pairs
/// within them. Regressed means that the whole interval lies beyond the margin, same that it lies within, on both sides.
public struct PairedTest: Sendable {
    /// The share by which the figure may get worse.
    public var margin: Double
    /// Differences of the medians below this are none.
    public var floor: Double
    /// Which direction is an improvement.
    public var better: MetricDefinition.Better
    private let bootstrap: Bootstrap

    /// Creates a test.
    public init(
        margin: Double,
        floor: Double = 0,
        better: MetricDefinition.Better,
        seed: UInt64 = 1,
        replicates: Int = 2000
    ) {
        self.margin = margin
        self.floor = floor
        self.better = better
        bootstrap = Bootstrap(seed: seed, replicates: replicates)
    }

    /// What pairs say.
    public struct Outcome: Sendable, Equatable {
        /// Regressed, improved, same or inconclusive.
        public var verdict: RegressionRow.Verdict
        /// The median ratio of the new values to the former.
        public var ratio: Double
        /// Its interval.
        public var interval: ConfidenceInterval
        /// The probability of seeing this much more than the margin if there were no more than the margin.
        public var probability: Double
    }

    /// Judges pairs.
    ///
    /// - Parameters:
    ///   - groups: Pairs by process; values that are not positive do not count.
    ///   - confidence: How sure the interval is.
    /// - Returns: `nil` for pairs of fewer than two processes.
    public func judge(_ groups: [[ValuePair]], confidence: Double = 0.95) -> Outcome? {
        let logarithms = Self.logarithms(groups)
        guard logarithms.count > 1, let median = OrderStatistics.median(logarithms.flatMap(\.self)) else { return nil }
        let replicates = bootstrap.medians(of: logarithms)
        guard let range = Bootstrap.interval(of: replicates, confidence: confidence) else { return nil }
        let limit = log(1 + margin)
        // Positive is worse.
        let sign: Double = better == .lower ? 1 : -1
        let (least, most) = sign > 0 ? (range.low, range.high) : (-range.high, -range.low)
        var outcome = Outcome(
            verdict: .inconclusive,
            ratio: exp(median),
            interval: ConfidenceInterval(low: exp(range.low), high: exp(range.high)),
            probability: Self.probability(of: replicates.map { sign * $0 }, beyond: limit)
        )
        if least > limit {
            outcome.verdict = isBelowFloor(groups) ? .same : .regressed
        } else if most < -limit {
            outcome.verdict = isBelowFloor(groups) ? .same : .improved
        } else if least >= -limit, most <= limit {
            outcome.verdict = .same
        }
        return outcome
    }

    /// Whether runs that were made after a first suspicion bear it out: the interval lies on the worse side and the median
    /// beyond the margin.
    public func confirms(_ groups: [[ValuePair]]) -> Bool {
        guard let outcome = judge(groups) else { return false }
        let isWorse = better == .lower ? outcome.interval.low > 1 : outcome.interval.high < 1
        let excess = better == .lower ? outcome.ratio : 1 / outcome.ratio
        return isWorse && excess > 1 + margin && !isBelowFloor(groups)
    }

    /// How likely values about a limit would be as far beyond it as the replicates are, which are taken as normal.
    static func probability(of replicates: [Double], beyond limit: Double) -> Double {
        let mean = OrderStatistics.mean(replicates) ?? 0
        let squares = replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, replicates.count - 1))).squareRoot()
        guard deviation > 0 else { return mean > limit ? 0 : 1 }
        return 0.5 * erfc((mean - limit) / deviation / 2.0.squareRoot())
    }

    /// The logarithms of the ratios by process.
    static func logarithms(_ groups: [[ValuePair]]) -> [[Double]] {
        groups.map { $0.filter { $0.base > 0 && $0.head > 0 }.map { log($0.head / $0.base) } }.filter { !$0.isEmpty }
    }

    private func isBelowFloor(_ groups: [[ValuePair]]) -> Bool {
        let pairs = groups.flatMap(\.self)
        guard floor > 0, let base = OrderStatistics.median(pairs.map(\.base)),
            let head = OrderStatistics.median(pairs.map(\.head))
        else { return false }
        return abs(head - base) < floor
    }
}
