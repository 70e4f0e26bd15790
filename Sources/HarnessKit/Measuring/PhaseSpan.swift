/// When a phase of a run really began and ended, as the runner measured it.
///
/// Phases of fixed length keep their planned times under open load, so that no operation changes its phase because the
/// generator woke late; draining and counted phases end when they end.
public struct PhaseSpan: Sendable, Equatable {
    /// The phase's name.
    public var name: String
    /// Whether it counts in measured totals.
    public var measured: Bool
    /// Nanoseconds from the start of the run.
    public var start: Int64
    /// Nanoseconds from the start of the run; not before ``start``.
    public var end: Int64

    /// Creates a span.
    public init(name: String, measured: Bool, start: Int64, end: Int64) {
        self.name = name
        self.measured = measured
        self.start = start
        self.end = max(start, end)
    }

    /// The intended starts that belong to the phase.
    public var range: Range<Int64> { start..<end }
    /// The phase's length.
    public var seconds: Double { Double(end - start) / 1e9 }
}

/// How a run came to its end.
public enum RunClosing: Sendable, Equatable {
    /// The target's drain returned: an accepted operation of which nothing more was seen is lost.
    case drained
    /// The drain was given up at this time, in nanoseconds from the start of the run; what finished later, cancelled by
    /// the shutdown, counts as unfinished.
    case gaveUp(at: Int64)
}
