/// A level over time: depth, operations in flight, arrivals per second.
public struct LevelSeries: Codable, Sendable, Equatable {
    /// The fixed name of the level.
    public var name: String
    /// The unit of its values.
    public var unit: MetricUnit
    /// Seconds between points; the first point covers the run's beginning.
    public var interval: Double
    /// The values, oldest first.
    public var values: [Double]

    /// Creates a series.
    public init(name: String, unit: MetricUnit, interval: Double, values: [Double]) {
        self.name = name
        self.unit = unit
        self.interval = interval
        self.values = values
    }
}

/// Something that happened at a time of the run.
public struct EventMark: Codable, Sendable, Equatable {
    /// The event's id in the scenario.
    public var id: String
    /// `signal`, `retract`, `mark`, `burst`, `control`.
    public var kind: String
    /// What it did, in a word.
    public var label: String
    /// Seconds from the start of the run.
    public var at: Double
    /// When it ended; `nil` when it has no duration.
    public var end: Double?

    /// Creates a mark.
    public init(id: String, kind: String, label: String, at: Double, end: Double? = nil) {
        self.id = id
        self.kind = kind
        self.label = label
        self.at = at
        self.end = end
    }
}

/// One point of a percentile spectrum.
public struct SpectrumPoint: Codable, Sendable, Equatable {
    /// From 0 to 100.
    public var percentile: Double
    /// The value that this share of samples does not exceed.
    public var seconds: Double

    /// Creates a point.
    public init(percentile: Double, seconds: Double) {
        self.percentile = percentile
        self.seconds = seconds
    }
}
