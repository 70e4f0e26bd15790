internal import Histogram

/// The figures of a run without a history, from counts and histograms, under the names that a history gives.
///
/// Counts belong to the phase in which they happened; what happens while draining belongs to the phase before. They are
/// differences of readings at phase boundaries, so a boundary may be off by what was in flight there.
struct LiveMetrics {
    /// The phases, in order.
    let spans: [PhaseSpan]
    /// Counts at the start and at each phase's end; the last one when everything had ended.
    let readings: [Tally]
    /// Whether a phase only drains.
    let isDraining: [Bool]
    /// Distributions; `nil` at level `counts`.
    let latencies: LatencyHistograms?
    let closing: RunClosing
    /// The highest concurrency, where it was counted.
    let highestConcurrency: Int?
    /// Whether arrivals were planned, so that lateness says something.
    let isOpen: Bool

    /// The figures of every phase.
    func phases() -> [PhaseResult] {
        spans.indices.map { phase in
            PhaseResult(
                name: spans[phase].name,
                measured: spans[phase].measured,
                start: Double(spans[phase].start) / 1e9,
                seconds: spans[phase].seconds,
                metrics: table(of: [phase])
            )
        }
    }

    /// The figures of all measured phases together.
    func total() -> MetricTable {
        var table = table(of: spans.indices.filter { spans[$0].measured })
        if let highestConcurrency {
            table["concurrency.max"] = Metric(
                value: Double(highestConcurrency),
                unit: .count,
                n: readings.last?.started ?? 0
            )
        }
        return table
    }

    /// Percentile spectra of the measured phases.
    func spectra() -> [String: [SpectrumPoint]] {
        guard let latencies else { return [:] }
        let measured = spans.indices.filter { spans[$0].measured }
        var spectra: [String: [SpectrumPoint]] = [:]
        for kind in kinds {
            let values = latencies.merged(kind, phases: measured)
            guard values.totalCount > 0 else { continue }
            spectra["\(kind)"] = values.percentiles(ticksPerHalfDistance: 5).map {
                SpectrumPoint(percentile: $0.percentile, seconds: Double($0.value) / 1e9)
            }
        }
        return spectra
    }

    /// The distributions of the measured phases, to be added to those of other runs.
    func histograms() -> [String: LatencyHistogram] {
        guard let latencies else { return [:] }
        let measured = spans.indices.filter { spans[$0].measured }
        let all = kinds.map { ("\($0)", LatencyHistogram(latencies.merged($0, phases: measured))) }
        return Dictionary(uniqueKeysWithValues: all.filter { $0.1.count > 0 })
    }

    private var kinds: [LatencyKind] { LatencyKind.allCases.filter { isOpen || $0 != .lateness } }

    private func table(of phases: [Int]) -> MetricTable {
        let counts = phases.map(tally(of:))
        let seconds = phases.reduce(0) { $0 + spans[$1].seconds }
        let offered = counts.reduce(0) { $0 + $1.offered }
        let completed = counts.reduce(0) { $0 + $1.completed }
        let open = phases.contains(lastLoadPhase) ? max(0, readings.last?.inFlight ?? 0) : 0
        var table = MetricTable()
        func add(_ name: String, _ value: Int) {
            table[name] = Metric(value: Double(value), unit: .count, n: offered)
        }
        add("offered", offered)
        add("accepted", counts.reduce(0) { $0 + $1.accepted })
        add("refused", counts.reduce(0) { $0 + $1.refused })
        add("completed", completed)
        add("failed", counts.reduce(0) { $0 + $1.failed })
        add("cancelled", counts.reduce(0) { $0 + $1.cancelled + $1.discarded })
        add("unfinished", closing == .drained ? 0 : open)
        add("lost", closing == .drained ? open : 0)
        if seconds > 0 {
            table["throughput"] = Metric(value: Double(completed) / seconds, unit: .perSecond, n: completed)
        }
        if offered > 0 {
            table["success.ratio"] = Metric(value: Double(completed) / Double(offered), unit: .ratio, n: offered)
        }
        if let latencies {
            for kind in kinds { table.metrics += latencies.merged(kind, phases: phases).entries(named: "\(kind)") }
            let started = counts.reduce(0) { $0 + $1.started }
            let ended = counts.reduce(0) { $0 + $1.finished }
            if ended > 0 {
                table["attempts.perOperation.mean"] = Metric(
                    value: Double(started) / Double(ended),
                    unit: .count,
                    n: ended
                )
            }
        }
        return table
    }

    /// The counts of a phase, those of the draining phases after it included.
    private func tally(of phase: Int) -> Tally {
        guard !isDraining[phase] else { return Tally() }
        var next = phase + 1
        while next < spans.count, isDraining[next] { next += 1 }
        return (next == spans.count ? readings[readings.count - 1] : readings[next]) - readings[phase]
    }

    private var lastLoadPhase: Int { isDraining.lastIndex(of: false) ?? 0 }
}

extension Histogram<UInt64> {
    /// The statistics of every distribution, percentiles only where ten samples lie beyond them.
    func entries(named name: String) -> [MetricTable.Entry] {
        let count = Int(clamping: totalCount)
        var entries: [MetricTable.Entry] = []
        func add(_ statistic: String, _ value: Double, _ unit: MetricUnit = .seconds) {
            let metric = Metric(value: value, unit: unit, n: count)
            entries.append(MetricTable.Entry(name: "\(name).\(statistic)", metric: metric))
        }
        if count > 0 {
            add("mean", mean / 1e9)
            for (statistic, share) in DurationSamples.percentiles
            where count >= OrderStatistics.samplesNeeded(forQuantile: share) {
                add(statistic, Double(valueAtPercentile(share * 100)) / 1e9)
            }
            add("max", Double(max) / 1e9)
        }
        add("count", Double(count), .count)
        return entries
    }
}
