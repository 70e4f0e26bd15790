/// A target that was not run on a clock of its scenario, because it cannot be, or because something is not there.
public struct SkippedRun: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The plugin's id.
    public var use: String
    /// The clock.
    public var clock: RunClock
    /// Why it cannot be run on it.
    public var reason: String

    /// Creates a value.
    public init(target: String, use: String, clock: RunClock, reason: String) {
        self.target = target
        self.use = use
        self.clock = clock
        self.reason = reason
    }
}

extension SkippedRun {
    /// The fact in a sentence for people.
    var note: String { "\(target) was not run on the \(clock.rawValue) clock: \(reason)" }
}
