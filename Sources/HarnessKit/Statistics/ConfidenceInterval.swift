/// The range that a figure lies in with some confidence; 95 % where nothing else is said.
public struct ConfidenceInterval: Codable, Sendable, Equatable {
    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double

    /// Creates a range.
    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Whether a value lies within, the ends included.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }

    /// Half of the distance between the ends.
    public var halfWidth: Double { (high - low) / 2 }
}
