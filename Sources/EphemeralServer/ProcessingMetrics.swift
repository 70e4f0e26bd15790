public import Metrics
public import Processing

/// The metrics of a processing manager and its workers.
///
/// ```swift
/// let metrics = ProcessingMetrics()
/// var options = ProcessingOptions()
/// options.observer = metrics
/// let manager = try ProcessingManager(store: store, processors: processors, options: options)
/// // Whenever the metrics are read:
/// metrics.record(try await manager.queueStatus())
/// ```
///
/// | Metric | Kind | What |
/// |---|---|---|
/// | `processing_jobs_enqueued_total` | counter | jobs stored; dimensions `queue`, `priority` |
/// | `processing_jobs_total` | counter | attempts that ended; dimensions `queue`, `outcome` |
/// | `processing_job_duration` | timer | how long attempts took, with the report of their end; the same dimensions |
/// | `processing_leases_lost_total` | counter | attempts whose result was discarded; dimension `queue` |
/// | `processing_critical_total` | counter | runs of critical operations; dimension `outcome` |
/// | `processing_critical_duration` | timer | how long they took; the same dimension |
/// | `processing_store_failures_total` | counter | calls that a store did not do; dimension `code` |
/// | `processing_jobs` | gauge | jobs of a queue by `state`, as of the last ``record(_:)`` |
/// | `processing_oldest_job_seconds` | gauge | age of the oldest waiting job by `priority`, as of the same reading |
public struct ProcessingMetrics: ProcessingObserver {
    private let factory: any MetricsFactory

    /// Creates the metrics.
    ///
    /// - Parameter factory: What makes the metrics; the one of the process by default.
    public init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    /// Sets the gauges.
    ///
    /// - Parameter queues: A reading of the queues.
    public func record(_ queues: [QueueStatus]) {
        for status in queues {
            let states = [
                ("waiting", status.totalWaiting), ("running", status.running), ("delayed", status.delayed),
                ("dead", status.dead),
            ]
            for (state, count) in states {
                gauge("processing_jobs", [("queue", status.queue), ("state", state)]).record(count)
            }
            for priority in JobPriority.allCases {
                let age = status.oldestWaiting[priority] ?? .zero
                gauge("processing_oldest_job_seconds", [("queue", status.queue), ("priority", priority.rawValue)])
                    .record(age / .seconds(1))
            }
        }
    }

    /// Counts stored jobs.
    public func jobsEnqueued(_ count: Int, queue: String, priority: JobPriority) {
        counter("processing_jobs_enqueued_total", [("queue", queue), ("priority", priority.rawValue)]).increment(
            by: count
        )
    }

    /// Counts and times an attempt.
    public func jobEnded(_ job: Job, outcome: SettlementOutcome, duration: Duration) {
        let dimensions = [("queue", job.queue), ("outcome", Self.name(of: outcome))]
        counter("processing_jobs_total", dimensions).increment()
        Timer(label: "processing_job_duration", dimensions: dimensions, factory: factory).record(duration: duration)
    }

    /// Counts a lost lease.
    public func leaseLost(_ job: Job) { counter("processing_leases_lost_total", [("queue", job.queue)]).increment() }

    /// Counts a call that a store did not do.
    public func storeFailed(_ error: any Error) {
        let code = (error as? ProcessingError)?.code.description ?? "other"
        counter("processing_store_failures_total", [("code", code)]).increment()
    }

    /// Counts and times a run of a critical operation.
    public func criticalEnded(_ id: EmergencyID, outcome: CriticalOutcome, duration: Duration) {
        let dimensions = [("outcome", outcome.rawValue)]
        counter("processing_critical_total", dimensions).increment()
        Timer(label: "processing_critical_duration", dimensions: dimensions, factory: factory).record(
            duration: duration
        )
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> Counter {
        Counter(label: label, dimensions: dimensions, factory: factory)
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> Gauge {
        Gauge(label: label, dimensions: dimensions, factory: factory)
    }

    private static func name(of outcome: SettlementOutcome) -> String {
        switch outcome {
        case .done: "done"
        case .delayed: "retried"
        case .buried: "buried"
        case .released: "released"
        case .leaseLost: "lease-lost"
        @unknown default: "other"
        }
    }
}
