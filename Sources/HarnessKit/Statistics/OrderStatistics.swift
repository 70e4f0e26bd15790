/// Quantiles and means of plain samples: exact on the values given, no interpolation models to choose from.
public enum OrderStatistics {
    /// The smallest sample that at least a share of all samples does not exceed (nearest rank).
    ///
    /// - Parameters:
    ///   - share: From 0 to 1.
    ///   - sorted: Samples in ascending order.
    /// - Returns: A sample; `nil` when there are none.
    public static func quantile<Value: Comparable>(_ share: Double, ofSorted sorted: [Value]) -> Value? {
        guard !sorted.isEmpty else { return nil }
        // 0.95 × 20 is 19.000000000000004 in binary: the rank must not climb for that.
        let rank = (share * Double(sorted.count) - 1e-9).rounded(.up)
        return sorted[min(sorted.count - 1, max(0, Int(rank) - 1))]
    }

    /// The middle sample, or the mean of the two middle ones.
    ///
    /// - Parameter values: Samples in any order.
    /// - Returns: The median; `nil` when there are no samples.
    public static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
    }

    /// The arithmetic mean.
    ///
    /// - Parameter values: Samples in any order.
    /// - Returns: The mean; `nil` when there are no samples.
    public static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// How many samples a percentile needs before it says something: ten beyond it.
    ///
    /// - Parameter share: The percentile as a share, below 1.
    /// - Returns: 10 / (1 - share), rounded up.
    public static func samplesNeeded(forQuantile share: Double) -> Int {
        Int((10 / (1 - share) - 1e-6).rounded(.up))
    }
}
