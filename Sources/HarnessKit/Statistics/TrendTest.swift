#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// Whether a series rises or falls over time, without assuming how its values scatter.
///
/// Mann and Kendall's test for a trend, with Theil and Sen's slope.
public struct TrendTest: Sendable, Equatable {
    /// The median of the slopes between all pairs of values, per step.
    public var slope: Double
    /// The probability of at least this much rise by chance, in a series without a trend.
    public var risingProbability: Double

    /// Tests a series.
    ///
    /// Ties are allowed for in the variance; the statistic is taken as normal, which holds from about eight values on. Fewer than three values have no trend.
    ///
    /// - Parameter values: Values at equal distances.
    public init?(_ values: [Double]) {
        guard values.count > 2 else { return nil }
        var slopes: [Double] = []
        var score = 0
        for left in values.indices {
            for right in values.indices.dropFirst(left + 1) {
                let difference = values[right] - values[left]
                slopes.append(difference / Double(right - left))
                score += difference > 0 ? 1 : difference < 0 ? -1 : 0
            }
        }
        slope = OrderStatistics.median(slopes) ?? 0
        let ties = Dictionary(grouping: values) { $0 }.values.map { Self.weight($0.count) }.reduce(0, +)
        let variance = (Self.weight(values.count) - ties) / 18
        guard variance > 0 else {
            risingProbability = 1
            return
        }
        // One step towards zero, because the score moves in whole steps.
        let corrected = Double(score == 0 ? 0 : score > 0 ? score - 1 : score + 1)
        risingProbability = 0.5 * erfc(corrected / variance.squareRoot() / 2.0.squareRoot())
    }

    private static func weight(_ count: Int) -> Double {
        Double(count) * Double(count - 1) * Double(2 * count + 5)
    }
}
