/// The figure of a target that is set in relation to another one's, and what is known of it.
struct RelativeValue: Sendable, Equatable {
    var target: String
    /// The median over the target's runs.
    var metric: Metric
    /// Whether the true value may be higher.
    var isLowerBound: Bool
    /// Whether the true value is lower.
    var isUpperBound: Bool

    /// Takes the median; `nil` when no run has a value.
    init?(_ readings: [Reading], of target: String) {
        let known = readings.filter { $0.metric != nil }
        guard let median = Judge.median(of: known.compactMap(\.metric)) else { return nil }
        self.target = target
        metric = median
        isLowerBound = known.contains(where: \.isLowerBound)
        isUpperBound = known.contains(where: \.isUpperBound)
    }

    /// The best of several targets, of equals the one that is known best, and then the first.
    ///
    /// - Parameters:
    ///   - values: The values, by name of the target.
    ///   - isBetterLower: Which end is best.
    /// - Returns: The value with what is known of the best one, whichever target that truly is; `nil` for no values.
    static func best(of values: [RelativeValue], isBetterLower: Bool) -> RelativeValue? {
        func rank(_ value: RelativeValue) -> (Double, Int) {
            let isBound = value.isLowerBound || value.isUpperBound
            return (isBetterLower ? value.metric.value : -value.metric.value, isBound ? 1 : 0)
        }
        guard var best = values.min(by: { rank($0) < rank($1) }) else { return nil }
        // Another target that is only known to be at least this may truly be better.
        if isBetterLower {
            best.isUpperBound = values.contains(where: \.isUpperBound)
        } else {
            best.isLowerBound = values.contains(where: \.isLowerBound)
        }
        return best
    }

    /// The answer for the ratio to another value.
    ///
    /// - Parameters:
    ///   - condition: What must hold for the ratio.
    ///   - ratio: The ratio of the values as they are.
    ///   - other: What the value was divided by.
    /// - Returns: The verdict, and what is known of the ratio where it is not exact.
    func verdict(
        _ condition: Expectation.Condition,
        ratio: Double,
        to other: RelativeValue
    ) -> (verdict: Verdict, remark: String?) {
        switch (isLowerBound || other.isUpperBound, isUpperBound || other.isLowerBound) {
        case (false, false): (condition.holds(for: ratio) ? .pass : .fail, nil)
        case (true, false): (condition.verdict(forAtLeast: ratio), "the ratio is at least this")
        case (false, true) where isUpperBound: (condition.verdict(forLessThan: ratio), "the ratio is less than this")
        case (false, true): (condition.verdict(forAtMost: ratio), "the ratio is at most this")
        case (true, true): (.inconclusive, "neither value is known from both sides, and the ratio may be any")
        }
    }
}
