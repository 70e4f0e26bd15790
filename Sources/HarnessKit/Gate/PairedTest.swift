#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Judges by pairs of runs whether a figure got worse by more than its margin.
///
/// A process counts as one value, the median of the logarithms of its ratios: its runs share what it is lucky with. The
/// interval is Student's, of the mean over processes, which is honest for few of them. Regressed means that the whole
/// interval lies beyond the margin, same that it lies within, on both sides.
public struct PairedTest: Sendable {
    /// The share by which the figure may get worse.
    public var margin: Double
    /// Differences of the medians below this are none.
    public var floor: Double
    /// Which direction is an improvement.
    public var better: MetricDefinition.Better

    /// Creates a test.
    public init(margin: Double, floor: Double = 0, better: MetricDefinition.Better) {
        self.margin = margin
        self.floor = floor
        self.better = better
    }

    /// What pairs say.
    public struct Outcome: Sendable, Equatable {
        /// Regressed, improved, same or inconclusive.
        public var verdict: RegressionRow.Verdict
        /// The ratio of the new values to the former; `nil` for pairs of fewer than two processes.
        public var ratio: Double?
        /// Its interval.
        public var interval: ConfidenceInterval?
        /// The probability of seeing this much more than the margin if there were no more than the margin.
        public var probability: Double?
        /// What there is to say of pairs without a ratio.
        public var detail: String?
    }

    /// Judges pairs.
    ///
    /// A pair in which the new build gave no figure, or none but zero of what should be high, is a collapse, and one
    /// collapse is a regression whatever the other pairs say.
    ///
    /// - Parameters:
    ///   - groups: Pairs by process; pairs without a positive former value do not count.
    ///   - confidence: How sure the interval is.
    /// - Returns: `nil` for pairs of fewer than two processes without a collapse.
    public func judge(_ groups: [[ValuePair]], confidence: Double = 0.95) -> Outcome? {
        let collapses = collapses(in: groups)
        let outcome = judgeRatios(groups, confidence: confidence)
        guard collapses == 0 else {
            var collapsed = outcome ?? Outcome(verdict: .regressed)
            collapsed.verdict = .regressed
            // Nothing of this is left to chance.
            collapsed.probability = nil
            collapsed.detail =
                "the head build's figure is zero or missing in \(collapses) of \(groups.joined().count) pairs in which the "
                + "base build has one"
            return collapsed
        }
        let vanished = groups.joined().count { $0.isComparable && $0.head == 0 }
        guard vanished > 0, var outcome, outcome.verdict != .regressed else { return outcome }
        outcome.verdict = .inconclusive
        outcome.detail = "the head build's figure is zero in \(vanished) of \(groups.joined().count) pairs"
        return outcome
    }

    /// In how many pairs the new build gave no figure, or none but zero of what should be high.
    public func collapses(in groups: [[ValuePair]]) -> Int {
        groups.joined().count { pair in
            guard pair.isComparable else { return false }
            return !(pair.head.isFinite && (better == .higher ? pair.head > 0 : pair.head >= 0))
        }
    }

    /// Whether runs that were made after a first suspicion bear it out: a collapse again, or the interval lies on the worse
    /// side and the ratio beyond the margin.
    public func confirms(_ groups: [[ValuePair]]) -> Bool {
        guard collapses(in: groups) == 0 else { return true }
        guard let outcome = judge(groups), let interval = outcome.interval, let ratio = outcome.ratio else {
            return false
        }
        let isWorse = better == .lower ? interval.low > 1 : interval.high < 1
        let excess = better == .lower ? ratio : 1 / ratio
        return isWorse && excess > 1 + margin && !isBelowFloor(groups)
    }

    private func judgeRatios(_ groups: [[ValuePair]], confidence: Double) -> Outcome? {
        guard let estimate = Estimate(Self.logarithms(groups).compactMap(OrderStatistics.median)) else { return nil }
        let reach = estimate.reach(confidence: confidence)
        let limit = log(1 + margin)
        // Positive is worse.
        let worse = better == .lower ? estimate.mean : -estimate.mean
        var outcome = Outcome(
            verdict: .inconclusive,
            ratio: exp(estimate.mean),
            interval: ConfidenceInterval(low: exp(estimate.mean - reach), high: exp(estimate.mean + reach)),
            probability: estimate.probability(of: worse, beyond: limit)
        )
        if worse - reach > limit {
            outcome.verdict = isBelowFloor(groups) ? .same : .regressed
        } else if worse + reach < -limit {
            outcome.verdict = isBelowFloor(groups) ? .same : .improved
        } else if worse - reach >= -limit, worse + reach <= limit {
            outcome.verdict = .same
        }
        return outcome
    }

    /// The logarithms of the ratios by process.
    static func logarithms(_ groups: [[ValuePair]]) -> [[Double]] {
        groups.map { $0.filter { $0.isComparable && $0.head > 0 && $0.head.isFinite }.map { log($0.head / $0.base) } }
            .filter { !$0.isEmpty }
    }

    private func isBelowFloor(_ groups: [[ValuePair]]) -> Bool {
        let pairs = groups.flatMap(\.self)
        guard floor > 0, let base = OrderStatistics.median(pairs.map(\.base)),
            let head = OrderStatistics.median(pairs.map(\.head))
        else { return false }
        return abs(head - base) < floor
    }
}

extension PairedTest {
    /// The mean of independent values, with how far it may stray.
    struct Estimate {
        let mean: Double
        private let standardError: Double
        private let degreesOfFreedom: Int

        /// `nil` for fewer than two values.
        init?(_ values: [Double]) {
            guard values.count > 1, let mean = OrderStatistics.mean(values) else { return nil }
            self.mean = mean
            degreesOfFreedom = values.count - 1
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            standardError = (squares / Double(degreesOfFreedom) / Double(values.count)).squareRoot()
        }

        /// How far an interval of a confidence reaches to either side.
        func reach(confidence: Double) -> Double {
            guard standardError > 0 else { return 0 }
            let tail = (1 - confidence) / 2
            return standardError * StudentT.value(exceededWith: tail, degreesOfFreedom: degreesOfFreedom)
        }

        /// How likely a mean would be as far beyond a limit if the limit were the truth.
        func probability(of value: Double, beyond limit: Double) -> Double {
            guard standardError > 0 else { return value > limit ? 0 : 1 }
            return StudentT.upperTail((value - limit) / standardError, degreesOfFreedom: degreesOfFreedom)
        }
    }
}
