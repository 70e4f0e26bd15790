/// One measured value with its unit and the number of samples behind it.
public struct Metric: Codable, Sendable, Equatable {
    /// In base units: seconds, operations per second, bytes, or a plain number.
    public var value: Double
    /// The unit of the value.
    public var unit: MetricUnit
    /// How many samples the value rests on.
    public var n: Int

    /// Creates a metric.
    public init(value: Double, unit: MetricUnit, n: Int) {
        self.value = value
        self.unit = unit
        self.n = n
    }
}

/// The base unit of a metric.
public enum MetricUnit: String, Codable, Sendable, CaseIterable {
    case count
    case seconds
    case perSecond
    case ratio
    case bytes
}

/// Metrics by their fixed name.
public struct MetricTable: Codable, Sendable, Equatable {
    /// Names and values, in presentation order; names are unique.
    public var metrics: [Entry] = []

    /// A named metric.
    public struct Entry: Sendable, Equatable {
        /// The fixed name.
        public var name: String
        /// The value.
        public var metric: Metric

        /// Creates an entry.
        public init(name: String, metric: Metric) {
            self.name = name
            self.metric = metric
        }
    }

    /// Creates an empty table.
    public init() {}

    /// The metric of a name; setting one that is new puts it last, setting `nil` removes it.
    public subscript(name: String) -> Metric? {
        get { metrics.first { $0.name == name }?.metric }
        set {
            let index = metrics.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let metric?): metrics[index].metric = metric
            case (let index?, nil): metrics.remove(at: index)
            case (nil, let metric?): metrics.append(Entry(name: name, metric: metric))
            case (nil, nil): break
            }
        }
    }
}
