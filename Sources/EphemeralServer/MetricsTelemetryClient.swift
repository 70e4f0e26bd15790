public import EphemeralPatterns
internal import EphemeralTime
public import Metrics
internal import Synchronization

/// Telemetry as metrics: events and exceptions are counted, measured values recorded.
///
/// | Metric | Kind | What |
/// |---|---|---|
/// | `ephemeral_telemetry_events_total` | counter | calls of `trackEvent` |
/// | `ephemeral_telemetry_exceptions_total` | counter | calls of `trackException` |
/// | `ephemeral_telemetry_values` | recorder | values of `trackMetric` |
///
/// All have a dimension `name`. Names come from signals and may be any number: after a bound, further ones are called `other`.
/// Properties do not become dimensions.
public final class MetricsTelemetryClient: TelemetryClient {
    private let counters: NamedMetrics<Counter>
    private let exceptions: NamedMetrics<Counter>
    private let recorders: NamedMetrics<Recorder>

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - maxNames: How many different names each metric tells apart; less than 0 counts as 0.
    ///   - factory: What makes the metrics; the one of the process by default.
    public init(maxNames: Int = 100, factory: any MetricsFactory = MetricsSystem.factory) {
        counters = NamedMetrics(maxNames: maxNames) { name in
            Counter(label: "ephemeral_telemetry_events_total", dimensions: [("name", name)], factory: factory)
        }
        exceptions = NamedMetrics(maxNames: maxNames) { name in
            Counter(label: "ephemeral_telemetry_exceptions_total", dimensions: [("name", name)], factory: factory)
        }
        recorders = NamedMetrics(maxNames: maxNames) { name in
            Recorder(label: "ephemeral_telemetry_values", dimensions: [("name", name)], factory: factory)
        }
    }

    /// Counts an event.
    public func trackEvent(_ name: String, properties: [String: String]) async throws { counters[name].increment() }

    /// Counts an exception.
    public func trackException(_ name: String, properties: [String: String]) async throws {
        exceptions[name].increment()
    }

    /// Records a measured value.
    public func trackMetric(_ name: String, value: Double, properties: [String: String]) async throws {
        recorders[name].record(value)
    }
}

/// Metrics by name, made when they are needed, up to a bound.
private final class NamedMetrics<Metric: Sendable>: Sendable {
    private let maxNames: Int
    private let make: @Sendable (_ name: String) -> Metric
    private let known = Mutex<[String: Metric]>([:])
    private let other: Metric

    init(maxNames: Int, make: @escaping @Sendable (_ name: String) -> Metric) {
        self.maxNames = maxNames
        self.make = make
        other = make("other")
    }

    subscript(name: String) -> Metric {
        if let metric = known.withLock({ $0[name] }) { return metric }
        // Made outside the lock: the factory is somebody else's. A second one of the same name is the same metric.
        guard known.withLock({ $0.count < maxNames }) else { return other }
        let metric = make(name)
        known.withLock { known in
            if known.count < maxNames { known[name] = metric }
        }
        return metric
    }
}
