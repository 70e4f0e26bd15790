/// The figures of a run, worked out from its history.
///
/// An operation belongs to the phase of its intended start, which is its submission under closed load. Levels belong to
/// the time at which they were reached.
///
/// Every offered operation counts as exactly one of `completed`, `failed`, `cancelled`, `refused`, `unfinished` and
/// `lost`, by its last attempt:
///
/// - `cancelled` also holds those that the target discarded and said so;
/// - `unfinished` are those still open when the run ended, or not yet taken by the target;
/// - `lost` were accepted and never seen again although the target's drain returned.
///
/// `success.ratio` is `completed` over their sum, `throughput` is `completed` per second of the phase. `response` and
/// `service` hold successes alone: a fast refusal or error must not improve them. `service` runs from the first attempt's
/// start, back-off between attempts included, so that lateness, queue wait and service add up to the response.
/// `queueWait` holds every operation that started, `blockedInSubmit` every one that was answered, `lateness` every
/// submission of open load.
public struct HistoryMetrics: Sendable {
    /// The phases as the runner measured them.
    public let phaseSpans: [PhaseSpan]
    let history: History
    private let operations: PlannedOperations
    private let samples: [OperationSample]
    /// All measured phases together.
    private let measured: OperationSample
    private let recovery: Metric?

    /// Reads a history.
    ///
    /// - Parameters:
    ///   - history: The run's events.
    ///   - plan: The plan that was run.
    ///   - phaseSpans: When its phases began and ended, ascending.
    ///   - closing: How the run ended, which tells lost operations from unfinished ones.
    public init(history: History, plan: Plan, phaseSpans: [PhaseSpan], closing: RunClosing = .drained) {
        self.history = history
        self.phaseSpans = phaseSpans
        let operations = PlannedOperations(history, plan: plan, closing: closing)
        self.operations = operations
        recovery = plan.draws.faults.disturbance.flatMap {
            Recovery(operations, disturbance: $0, spans: phaseSpans).metric
        }
        let samples = phaseSpans.map { OperationSample(operations, in: $0.range) }
        self.samples = samples
        measured = zip(phaseSpans, samples).filter(\.0.measured).map(\.1).joined(orEmptyOf: operations)
    }

    /// The figures of every phase.
    ///
    /// - Returns: One result per span, in order.
    public func phases() -> [PhaseResult] {
        let maxima = LevelSweep.maxima(in: phaseSpans.map(\.range), of: history)
        return phaseSpans.indices.map { index in
            let span = phaseSpans[index]
            return PhaseResult(
                name: span.name,
                measured: span.measured,
                start: Double(span.start) / 1e9,
                seconds: span.seconds,
                metrics: samples[index].table(maxima: maxima[index])
            )
        }
    }

    /// The figures of all measured phases together.
    ///
    /// - Returns: The metrics by their fixed names.
    public func total() -> MetricTable {
        let ranges = phaseSpans.filter(\.measured).map(\.range)
        var maxima = LevelSweep.Maxima()
        for other in LevelSweep.maxima(in: ranges, of: history) {
            maxima.concurrency = max(maxima.concurrency, other.concurrency)
            maxima.depth = max(maxima.depth, other.depth)
        }
        var table = measured.table(maxima: maxima)
        if let recovery { table["recovery.time"] = recovery }
        return table
    }

    /// The figures of a window of intended starts.
    ///
    /// - Parameter window: Nanoseconds from the start of the run.
    /// - Returns: The metrics by their fixed names.
    public func table(window: Range<Int64>) -> MetricTable {
        let maxima = LevelSweep.maxima(in: [window], of: history).first ?? LevelSweep.Maxima()
        return OperationSample(operations, in: window).table(maxima: maxima)
    }

    /// Percentile spectra of the measured phases.
    ///
    /// - Returns: Points by distribution; a distribution without samples is left out.
    public func spectra() -> [String: [SpectrumPoint]] {
        let spectra = measured.distributions.map { ($0.name, $0.samples.spectrum()) }.filter { !$0.1.isEmpty }
        return Dictionary(uniqueKeysWithValues: spectra)
    }

    /// When operations of a span were due and how long they took, those that completed.
    func responses(in range: Range<Int64>) -> [(due: Int64, response: Int64)] {
        let records = operations.table.records
        return records.indices.compactMap { index in
            let due = operations.intendedStarts[index]
            guard range.contains(due), records[index].completions > 0 else { return nil }
            return (due, records[index].finish - due)
        }
    }

    /// The distributions of the measured phases, to be added to those of other runs.
    ///
    /// - Returns: Counts by distribution; a distribution without samples is left out.
    public func histograms() -> [String: LatencyHistogram] {
        var histograms: [String: LatencyHistogram] = [:]
        for (name, samples) in measured.distributions where !samples.nanoseconds.isEmpty {
            var histogram = LatencyHistogram()
            for value in samples.nanoseconds { histogram.record(value) }
            histograms[name] = histogram
        }
        return histograms
    }
}

extension [OperationSample] {
    /// The samples as one; an empty one when there are none.
    fileprivate func joined(orEmptyOf operations: PlannedOperations) -> OperationSample {
        guard var sum = first else { return OperationSample(operations, in: 0..<0) }
        for sample in dropFirst() { sum.merge(sample) }
        return sum
    }
}
