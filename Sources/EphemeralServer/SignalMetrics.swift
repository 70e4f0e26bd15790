public import Ephemeral
public import Metrics

/// Counts the signals of a sink, for as long as it lives: one counter for each pattern.
///
/// ```swift
/// let signals = SignalMetrics(sink, patterns: ["error.*", "backpressure.*"])
/// ```
///
/// The counters are called `ephemeral_signals_total` and have a dimension `pattern`, so that their number does not grow
/// with the signals' names. A signal that matches several patterns is counted under each.
public final class SignalMetrics: Sendable {
    private let subscriptions: [SignalSubscription]

    /// Starts to count.
    ///
    /// - Parameters:
    ///   - sink: Whose signals to count.
    ///   - patterns: Names and globs, each of which gets a counter; the same one twice gets one.
    ///   - factory: What makes the counters; the one of the process by default.
    public init(_ sink: SignalSink, patterns: SignalPatternSet, factory: any MetricsFactory = MetricsSystem.factory) {
        var known: Set<SignalPattern> = []
        subscriptions = patterns.patterns.filter { known.insert($0).inserted }.map { pattern in
            let counter = Counter(
                label: "ephemeral_signals_total",
                dimensions: [("pattern", pattern.text)],
                factory: factory
            )
            return sink.subscribe(to: SignalPatternSet([pattern.text])) { _ in counter.increment() }
        }
    }

    /// Stops counting; the counters keep their values.
    ///
    /// Calling it again does nothing; releasing the metrics does the same.
    public func cancel() {
        for subscription in subscriptions { subscription.cancel() }
    }
}
