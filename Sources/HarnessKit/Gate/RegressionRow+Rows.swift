extension [RegressionRow] {
    /// The rows with probabilities adjusted for their number; what no longer stands out is inconclusive.
    ///
    /// - Parameter share: Which share of the regressions may be false on average.
    /// - Returns: The rows in the same order.
    public func controlled(falseDiscoveries share: Double = RegressionRow.falseDiscoveries) -> [RegressionRow] {
        let tested = indices.filter { self[$0].tier == .statistical && self[$0].probability != nil }
        let adjusted = FalseDiscovery.adjusted(tested.map { self[$0].probability ?? 1 })
        var rows = self
        for (index, probability) in zip(tested, adjusted) {
            rows[index].probability = probability
            guard rows[index].verdict == .regressed, probability > share else { continue }
            rows[index] = rows[index].leftOpen(
                "one of \(tested.count) rows, which chance alone may have made stand out"
            )
        }
        return rows
    }

    /// The geometric mean of the ratios of each paired metric, for metrics with several rows.
    public var geometricMeans: [RegressionMean] {
        let rows = filter { $0.tier == .statistical && $0.ratio != nil }
        return rows.map(\.quantity).uniqued.compactMap { quantity in
            let ratios = rows.filter { $0.quantity == quantity }.compactMap(\.ratio)
            guard ratios.count > 1, let mean = OrderStatistics.geometricMean(ratios) else { return nil }
            return RegressionMean(quantity: quantity, ratio: mean, rows: ratios.count)
        }
    }
}

/// The average change of a metric over all targets.
public struct RegressionMean: Codable, Sendable, Equatable {
    /// The metric's fixed name.
    public var quantity: String
    /// The geometric mean of the ratios.
    public var ratio: Double
    /// Of how many rows.
    public var rows: Int
}
