/// The range that a figure lies in with some confidence; 95 % where nothing else is said.
public struct ConfidenceInterval: Codable, Sendable, Equatable {
    /// The lower end.
    public var low: Double
    /// The upper end.
    public var high: Double
    /// In files only where it is true.
    private var openAbove: Bool?

    /// Creates a range.
    ///
    /// - Parameters:
    ///   - low: The lower end.
    ///   - high: The upper end.
    ///   - isOpenAbove: Whether nothing was looked at above the upper end, so that the value may lie there as well.
    public init(low: Double, high: Double, isOpenAbove: Bool = false) {
        self.low = low
        self.high = high
        openAbove = isOpenAbove ? true : nil
    }

    /// Whether nothing was looked at above the upper end, so that the value may lie there as well.
    public var isOpenAbove: Bool { openAbove == true }

    /// Whether a value lies within, the ends included.
    public func contains(_ value: Double) -> Bool { low <= value && (value <= high || isOpenAbove) }

    /// Half of the distance between the ends.
    public var halfWidth: Double { isOpenAbove ? .infinity : (high - low) / 2 }
}
