package import EphemeralTime

/// Signals of the recent past that can be asked for: those of a sink, or those of a coordinator's visible operations.
public protocol SignalHistory: Sendable {
    /// The signals that satisfy a query, by time.
    func signals(_ query: SignalQuery) -> [SignalEvent]

    /// How many signals satisfy a query.
    func count(_ query: SignalQuery) -> Int

    /// Whether any signal satisfies a query.
    func contains(_ query: SignalQuery) -> Bool
}

extension SignalSink {
    /// The clock of ages and time stamps, for what is made for one sink.
    package var timeSource: any TimeSource { time.source }
}
