/// Samples of a duration, in nanoseconds, reduced to the statistics of the metric table.
public struct DurationSamples: Sendable, Equatable {
    /// The samples; ascending once ``sort()`` was called.
    public private(set) var nanoseconds: [Int64] = []

    /// Creates an empty collection.
    public init() {}

    /// Adds a sample.
    public mutating func append(_ value: Int64) {
        nanoseconds.append(value)
    }

    /// Sorts the samples; statistics and spectra need them ascending.
    public mutating func sort() {
        nanoseconds.sort()
    }

    /// Adds the samples of another collection; both sorted, and the result is.
    ///
    /// - Parameter other: Samples to add.
    public mutating func merge(_ other: DurationSamples) {
        nanoseconds += other.nanoseconds
        // Two ascending runs: the standard library's sort merges them in linear time.
        nanoseconds.sort()
    }

    /// The statistics of every distribution: `<name>.mean` to `<name>.count`.
    ///
    /// Percentiles are nearest ranks of the exact samples. One that fewer than ten samples lie beyond is left out: it
    /// would be noise that looks like a figure (the p99 needs 1 000 samples).
    ///
    /// - Parameter name: The distribution's name.
    /// - Returns: Entries in presentation order; the count alone when there are no samples.
    public func entries(named name: String) -> [MetricTable.Entry] {
        let count = nanoseconds.count
        var entries: [MetricTable.Entry] = []
        func add(_ statistic: String, _ value: Double, _ unit: MetricUnit = .seconds) {
            let metric = Metric(value: value, unit: unit, n: count)
            entries.append(MetricTable.Entry(name: "\(name).\(statistic)", metric: metric))
        }
        if let last = nanoseconds.last {
            add("mean", nanoseconds.reduce(0) { $0 + Double($1) } / Double(count) / 1e9)
            for (statistic, share) in Self.percentiles where count >= OrderStatistics.samplesNeeded(forQuantile: share)
            {
                let value = OrderStatistics.quantile(share, ofSorted: nanoseconds) ?? 0
                add(statistic, Double(value) / 1e9)
            }
            add("max", Double(last) / 1e9)
        }
        add("count", Double(count), .count)
        return entries
    }

    /// The percentiles of the metric table, by name.
    static let percentiles: [(name: String, share: Double)] = [
        ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999),
    ]

    /// The percentile that a metric is, by its fixed name; `nil` for one that is none.
    static func percentile(of metric: String) -> (name: String, share: Double)? {
        percentiles.first { metric.hasSuffix(".\($0.name)") }
    }

    /// Values over percentiles, denser towards 100: five points per halving of what is left, as HdrHistogram prints.
    ///
    /// - Returns: Points up to the last percentile that has a sample of its own, then 100; empty without samples.
    public func spectrum() -> [SpectrumPoint] {
        guard let last = nanoseconds.last else { return [] }
        var points: [SpectrumPoint] = []
        var share = 0.0
        var step = 0.1
        while (1 - share) * Double(nanoseconds.count) > 1, points.count < 200 {
            let value = OrderStatistics.quantile(share, ofSorted: nanoseconds) ?? last
            points.append(SpectrumPoint(percentile: share * 100, seconds: Double(value) / 1e9))
            share += step
            // Five steps are half of what was left when they began.
            if points.count.isMultiple(of: 5) { step /= 2 }
        }
        points.append(SpectrumPoint(percentile: 100, seconds: Double(last) / 1e9))
        return points
    }
}
