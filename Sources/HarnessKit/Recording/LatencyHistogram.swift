internal import Histogram

/// A distribution of durations as counts of values with three significant digits, which can be added to others.
///
/// Percentiles of several runs are worked out from their added counts, never from their percentiles.
public struct LatencyHistogram: Sendable, Equatable {
    private var values: Histogram<UInt64>

    /// Creates an empty distribution of values from a nanosecond to an hour.
    public init() {
        values = Histogram(
            highestTrackableValue: LatencyHistograms.longest,
            numberOfSignificantValueDigits: .three
        )
    }

    init(_ values: Histogram<UInt64>) {
        self.values = values
    }

    /// How many durations there are.
    public var count: Int { Int(clamping: values.totalCount) }

    /// Adds durations in nanoseconds; longer ones than an hour count as an hour.
    public mutating func record(_ nanoseconds: Int64, count: Int = 1) {
        guard count > 0 else { return }
        _ = values.record(min(UInt64(max(0, nanoseconds)), LatencyHistograms.longest), count: UInt64(count))
    }

    /// Adds all durations of another distribution.
    public mutating func add(_ other: LatencyHistogram) {
        values.add(other.values)
    }

    /// The statistics of every distribution: `<name>.mean` to `<name>.count`, percentiles only where ten samples lie
    /// beyond them.
    public func entries(named name: String) -> [MetricTable.Entry] {
        values.entries(named: name)
    }

    /// The distribution in the text format of HdrHistogram's tools, in milliseconds.
    public var percentileText: String {
        var text = ""
        values.outputPercentileDistribution(to: &text, outputValueUnitScalingRatio: 1e6)
        return text
    }
}

extension LatencyHistogram: Codable {
    private enum CodingKeys: String, CodingKey {
        case nanoseconds
        case counts
    }

    /// Decodes values and their counts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let values = try container.decode([Int64].self, forKey: .nanoseconds)
        let counts = try container.decode([Int].self, forKey: .counts)
        guard values.count == counts.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .counts,
                in: container,
                debugDescription: "\(values.count) values have \(counts.count) counts"
            )
        }
        self.init()
        for (value, count) in zip(values, counts) { record(value, count: count) }
    }

    /// Encodes values and their counts; what nothing fell on is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let recorded = Array(values.recordedValues())
        try container.encode(recorded.map { Int64(clamping: $0.value) }, forKey: .nanoseconds)
        try container.encode(recorded.map { Int(clamping: $0.count) }, forKey: .counts)
    }
}
