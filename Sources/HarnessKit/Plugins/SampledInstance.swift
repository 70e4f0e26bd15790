/// A running system whose counts may be read at any time of a run.
///
/// A run reads them every few milliseconds, from a thread of its own, when an invariant of the scenario asks for it; what
/// it reads stands in the history.
public protocol SampledInstance: TargetInstance {
    /// What the target says of itself at this moment; called from any thread, never after ``TargetInstance/shutdown()``.
    func sample() -> TargetSample
}

/// What a target says of itself at one moment.
public struct TargetSample: Sendable, Equatable {
    /// Its counts, in one consistent reading.
    public var accounting: TargetAccounting
    /// How many ended operations it still shows; `nil` when it shows none by design.
    public var visible: Int?
    /// Whether it says that its intake is closed and nothing is left.
    public var isDrained: Bool?
    /// How many bodies it may run at a time at present; `nil` when it does not tell.
    public var limit: Int?

    /// Creates a sample.
    public init(accounting: TargetAccounting, visible: Int? = nil, isDrained: Bool? = nil, limit: Int? = nil) {
        self.accounting = accounting
        self.visible = visible
        self.isDrained = isDrained
        self.limit = limit
    }
}
