extension MetricTable {
    /// Decodes a table; names come in alphabetical order.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: AnyCodingKey.self)
        metrics = try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
            Entry(name: $0.stringValue, metric: try container.decode(Metric.self, forKey: $0))
        }
    }

    /// Encodes the table.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: AnyCodingKey.self)
        for entry in metrics {
            try container.encode(entry.metric, forKey: AnyCodingKey(entry.name))
        }
    }
}
