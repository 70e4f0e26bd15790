public import Ephemeral
public import Logging

/// Writes the signals of a sink to a log, for as long as it lives.
///
/// ```swift
/// let signals = SignalLogger(sink, logger: logger, levels: ["error.*, failure": .error, "progress:*": .trace])
/// ```
///
/// Each entry carries the signal's name, operation and, if there is one, key as metadata. What is not given a level is
/// written at `debug`, and signals that are taken back at `trace`: a log at its usual level stays quiet.
///
/// **Ordering**: an entry is written on the task that raises, before `raise` returns.
public final class SignalLogger: Sendable {
    private let subscriptions: [SignalSubscription]

    /// Starts to log.
    ///
    /// - Parameters:
    ///   - sink: Whose signals to write.
    ///   - logger: Where to.
    ///   - levels: Patterns, or comma-separated lists of them, and the levels of signals that match. The first that matches
    ///     decides.
    ///   - otherLevel: The level of all other signals; `nil` leaves them out.
    public init(
        _ sink: SignalSink,
        logger: Logger,
        levels: KeyValuePairs<String, Logger.Level> = [:],
        otherLevel: Logger.Level? = .debug
    ) {
        let rules = levels.map { (patterns: SignalPatternSet([$0.key]), level: $0.value) }
        @Sendable func level(of signal: String) -> Logger.Level? {
            rules.first { $0.patterns.matches(signal) }?.level ?? otherLevel
        }
        subscriptions = [
            sink.subscribe { event in
                guard let level = level(of: event.signal) else { return }
                logger.log(level: level, "signal raised", metadata: Self.metadata(of: event))
            },
            sink.subscribeToRetractions { event in
                guard level(of: event.signal) != nil else { return }
                logger.trace("signal retracted", metadata: Self.metadata(of: event.retracted))
            },
        ]
    }

    /// Stops logging.
    ///
    /// Calling it again does nothing; releasing the logger does the same.
    public func cancel() {
        for subscription in subscriptions { subscription.cancel() }
    }

    private static func metadata(of event: SignalEvent) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["signal": "\(event.signal)", "operation": "\(event.operationID)"]
        if let key = event.key { metadata["key"] = "\(key)" }
        return metadata
    }
}
