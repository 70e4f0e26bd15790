public import Ephemeral
public import Metrics

/// The metrics of one coordinator: timers and counters of its operations, and gauges of its counters.
///
/// ```swift
/// let metrics = CoordinatorMetrics(name: "mail")
/// var options = EphemeralOptions()
/// options.observer = metrics
/// let mails = try WorkCoordinator<Mail>(options: options) { mail in try await mail.send() }
/// // Whenever the metrics are read:
/// metrics.record(mails.stats)
/// ```
///
/// All metrics have a dimension `coordinator` with the coordinator's name:
///
/// | Metric | Kind | What |
/// |---|---|---|
/// | `ephemeral_operation_duration` | timer | how long bodies ran; dimension `outcome` |
/// | `ephemeral_operation_queue_delay` | timer | how long operations waited for their start |
/// | `ephemeral_operations_finalized_total` | counter | operations that left the window; dimension `outcome` |
/// | `ephemeral_operations_discarded_total` | counter | accepted operations that were dropped before their start |
/// | `ephemeral_deferrals_exhausted_total` | counter | operations that started although a deferring signal was live |
/// | `ephemeral_operations` | gauge | accepted operations by `state`, as of the last ``record(_:)`` |
/// | `ephemeral_operations_overflowed` | gauge | operations accepted past the queue's capacity, as of the same reading |
///
/// An operation is timed when it leaves the coordinator's window. With `maxTrackedOperations` at 0 that is its end, with a
/// wide window it may be minutes later, and what is visible when a program ends is not timed at all.
public struct CoordinatorMetrics: CoordinatorObserver {
    private let durations: [String: Timer]
    private let queueDelay: Timer
    private let finalized: [String: Counter]
    private let discarded: Counter
    private let exhausted: Counter
    private let gauges: [Reading]

    private struct Reading: Sendable {
        let gauge: Gauge
        let value: @Sendable (CoordinatorStats) -> Int
    }

    /// Creates the metrics of a coordinator.
    ///
    /// - Parameters:
    ///   - name: The coordinator's name, for the dimension `coordinator`.
    ///   - factory: What makes the metrics; the one of the process by default.
    public init(name: String, factory: any MetricsFactory = MetricsSystem.factory) {
        let dimensions = [("coordinator", name)]
        func byOutcome<Metric>(_ make: ([(String, String)]) -> Metric) -> [String: Metric] {
            Dictionary(uniqueKeysWithValues: Self.outcomes.map { ($0, make(dimensions + [("outcome", $0)])) })
        }
        durations = byOutcome { Timer(label: "ephemeral_operation_duration", dimensions: $0, factory: factory) }
        finalized = byOutcome {
            Counter(label: "ephemeral_operations_finalized_total", dimensions: $0, factory: factory)
        }
        queueDelay = Timer(label: "ephemeral_operation_queue_delay", dimensions: dimensions, factory: factory)
        discarded = Counter(label: "ephemeral_operations_discarded_total", dimensions: dimensions, factory: factory)
        exhausted = Counter(label: "ephemeral_deferrals_exhausted_total", dimensions: dimensions, factory: factory)
        let states = Self.states.map { state, value in
            let dimensions = dimensions + [("state", state)]
            return Reading(
                gauge: Gauge(label: "ephemeral_operations", dimensions: dimensions, factory: factory),
                value: value
            )
        }
        let overflowed = Gauge(label: "ephemeral_operations_overflowed", dimensions: dimensions, factory: factory)
        gauges = states + [Reading(gauge: overflowed) { $0.overflowed }]
    }

    /// Sets the gauges.
    ///
    /// - Parameter stats: A reading of the coordinator's counters.
    public func record(_ stats: CoordinatorStats) {
        for reading in gauges { reading.gauge.record(reading.value(stats)) }
    }

    /// Times an operation that has left the window.
    public func operationFinalized(_ snapshot: OperationSnapshot) {
        let outcome = Self.name(of: snapshot.outcome)
        finalized[outcome]?.increment()
        guard snapshot.startedAt != nil else { return }
        queueDelay.record(duration: snapshot.queueDelay)
        if let duration = snapshot.duration { durations[outcome]?.record(duration: duration) }
    }

    /// Counts an operation that was dropped before it started.
    public func operationDiscarded(_ id: OperationID) { discarded.increment() }

    /// Counts an operation that started although a deferring signal was live.
    public func deferralExhausted(_ id: OperationID) { exhausted.increment() }

    /// The states that an operation is in one of, so that a sum over them is the number of accepted ones.
    private static let states: [(String, @Sendable (CoordinatorStats) -> Int)] = [
        ("pending", { $0.pending }),
        ("active", { $0.active }),
        ("completed", { $0.completed }),
        ("failed", { $0.failed }),
        ("cancelled", { $0.cancelled }),
    ]

    private static let outcomes = ["completed", "failed", "cancelled", "skipped", "other"]

    private static func name(of outcome: OperationOutcome) -> String {
        switch outcome {
        case .completed: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .skipped: "skipped"
        case .running: "other"
        @unknown default: "other"
        }
    }
}
