#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

extension OrderStatistics {
    /// The geometric mean: the average that fits ratios.
    ///
    /// - Parameter values: Positive samples in any order.
    /// - Returns: The mean; `nil` when there are no samples or one is not positive.
    public static func geometricMean(_ values: [Double]) -> Double? {
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        // By logarithms, because the product of many samples overflows.
        return exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
    }
}
