/// What signals may lead to: bounds that keep signals which raise signals from going on for ever.
///
/// ```swift
/// options.signals.constraints = SignalConstraints(
///     terminalSignals: ["completed", "failed"],
///     leafSignals: ["metric.*"],
///     onBlocked: { event, reason in print("\(event.signal) blocked: \(reason)") }
/// )
/// ```
///
/// Only signals with a cause are judged; one that nothing led to is never blocked. A blocked signal is stored nowhere and
/// nobody is told of it except ``onBlocked``.
public struct SignalConstraints: Sendable {
    /// The greatest number of names in one causal path.
    public var maxDepth: Int
    /// Whether a signal may not lead to one of a name that its path holds already.
    public var blockCycles: Bool
    /// Names and globs of signals that end a chain: they may be raised, and nothing may be raised because of them.
    public var terminalSignals: SignalPatternSet
    /// Names and globs of signals that only report: they may be raised, and are the cause of nothing.
    public var leafSignals: SignalPatternSet
    /// Called for every blocked signal, on the task that tried to raise it, outside all locks.
    public var onBlocked: (@Sendable (_ event: SignalEvent, _ reason: SignalBlockReason) -> Void)?

    /// Creates constraints.
    ///
    /// - Parameters:
    ///   - maxDepth: The greatest number of names in one causal path; with 1 and less nothing has a cause.
    ///   - blockCycles: Whether a name may not occur twice in one path.
    ///   - terminalSignals: Signals that end a chain.
    ///   - leafSignals: Signals that only report.
    ///   - onBlocked: What is called for every blocked signal.
    public init(
        maxDepth: Int = 10,
        blockCycles: Bool = true,
        terminalSignals: SignalPatternSet = [],
        leafSignals: SignalPatternSet = [],
        onBlocked: (@Sendable (_ event: SignalEvent, _ reason: SignalBlockReason) -> Void)? = nil
    ) {
        self.maxDepth = maxDepth
        self.blockCycles = blockCycles
        self.terminalSignals = terminalSignals
        self.leafSignals = leafSignals
        self.onBlocked = onBlocked
    }

    /// Paths of up to 10 names, without cycles.
    public static let `default` = SignalConstraints()
    /// Paths of up to 5 names, without cycles.
    public static let strict = SignalConstraints(maxDepth: 5)
    /// Nothing is blocked.
    public static let none = SignalConstraints(maxDepth: .max, blockCycles: false)

    /// Why a signal must not be raised because of another.
    ///
    /// Depth is judged first, then cycles, then whether the cause is terminal, then whether it is a leaf.
    ///
    /// - Parameters:
    ///   - signal: The name of the signal.
    ///   - cause: The path of the signal that leads to it.
    /// - Returns: The reason; `nil` when it may be raised.
    public func reasonToBlock(_ signal: String, causedBy cause: SignalPropagation) -> SignalBlockReason? {
        if cause.path.count >= maxDepth { return .maxDepthExceeded }
        if blockCycles, cause.contains(signal) { return .cycleDetected }
        if terminalSignals.matches(cause.name) { return .terminalSignalReached }
        if leafSignals.matches(cause.name) { return .leafSignal }
        return nil
    }
}

/// Why a signal was blocked.
@nonexhaustive
public enum SignalBlockReason: Sendable, Hashable {
    /// Its causal path would hold more names than allowed.
    case maxDepthExceeded
    /// Its causal path holds its name already.
    case cycleDetected
    /// Its cause ends the chain.
    case terminalSignalReached
    /// Its cause only reports and leads to nothing.
    case leafSignal
}
