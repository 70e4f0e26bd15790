public import Ephemeral
internal import EphemeralTime

/// Tells whether signals of a kind are too frequent: a moving window over a sink.
///
/// ```swift
/// let detector = try SignalAnomalyDetector(sink, pattern: ["http.error.*"], threshold: 3, window: .seconds(5))
/// if detector.isAnomalous { alert() }
/// ```
///
/// It looks at the signals' time stamps by the sink's clock. A signal that is already old when it is raised does not count,
/// nor does one that the sink has dropped: give it a capacity above the threshold and an age above the window.
///
/// Asking is O(log window), however many signals there are.
public struct SignalAnomalyDetector: Sendable {
    /// Which signals count.
    public let pattern: SignalPatternSet
    /// From how many on they are too many.
    public let threshold: Int
    /// How long a signal counts.
    public let window: Duration
    private let sink: SignalSink

    /// Creates a detector.
    ///
    /// - Parameters:
    ///   - sink: Whose signals count.
    ///   - pattern: Which of them.
    ///   - threshold: From how many on they are too many.
    ///   - window: How long a signal counts, from its time stamp.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when a number or time is not positive, or the pattern is blank.
    public init(
        _ sink: SignalSink,
        pattern: SignalPatternSet = ["error.*"],
        threshold: Int = 5,
        window: Duration = .seconds(10)
    ) throws {
        try Validation.notBlank(pattern, "pattern")
        try Validation.positive(threshold, "threshold")
        try Validation.positive(window, "window")
        self.sink = sink
        self.pattern = pattern
        self.threshold = threshold
        self.window = window
    }

    /// Whether there are at least ``threshold`` matching signals in the window.
    public var isAnomalous: Bool { matchCount >= threshold }

    /// How many matching signals there are in the window.
    public var matchCount: Int {
        sink.count(.matching(anyOf: pattern).since(sink.timeSource.instant(before: window)))
    }
}
