internal import EphemeralTime

/// What one run of one target left, before anything is judged.
public struct FinishedRun: Sendable {
    /// The target of the scenario.
    public var target: TargetSpec
    /// What the target's plugin can do and promises.
    public var capabilities: TargetCapabilities
    /// Which run it was.
    public var identity: RunIdentity
    /// The plan that was run.
    public var plan: Plan
    /// Every event; `nil` when the recording level kept none, or the target was never made.
    public var history: History?
    /// When the phases began and ended.
    public var spans: [PhaseSpan] = []
    /// How the run ended.
    public var closing = RunClosing.drained
    /// The target's own counts after its drain.
    public var accounting = TargetAccounting()
    /// The harness's counts.
    public var tally = Tally()
    /// What was left after the target's shutdown; `nil` when it was never made.
    public var leftovers: RunLeftovers?
    /// The highest concurrency that the body saw; `nil` when nobody counted.
    public var highestConcurrency: Int?
    /// How often each signal was raised.
    public var signalCounts: [String: Int] = [:]
    /// Figures of each phase.
    public var phases: [PhaseResult] = []
    /// Figures of all measured phases.
    public var total = MetricTable()
    /// Percentile spectra of the measured phases.
    public var spectra: [String: [SpectrumPoint]] = [:]
    /// Distributions of the measured phases, by name.
    public var histograms: [String: LatencyHistogram] = [:]
    /// Level series over the run.
    public var series: [LevelSeries] = []
    /// Timeline events and bursts with the times they happened.
    public var events: [EventMark] = []
    /// Whether the run measured what it set out to measure.
    public var validity = Validity()
    /// Whether the user stopped it.
    public var interrupted = false
    /// How much of the CPU was wanting from the making of the target to its shutdown; `nil` in virtual time.
    public var contention: CPUContention?
    /// What is known of a run in virtual time; `nil` on the real clock.
    public var virtual: VirtualRunInfo?
    /// Whether the response times came to rest.
    public var course: SteadyState?
    /// Closed forms of the scenario beside what was measured.
    public var checks: [AnalyticCheck] = []
    /// Remarks for the reader.
    public var notes: [String] = []

    /// The run of a target that could not even be made.
    init(
        target: TargetSpec,
        capabilities: TargetCapabilities,
        identity: RunIdentity,
        plan: Plan,
        objection: String?
    ) {
        self.target = target
        self.capabilities = capabilities
        self.identity = identity
        self.plan = plan
        validity.verdict = .invalid
        validity.reasons = [objection].compactMap(\.self)
    }

    /// Works out the figures of a run.
    init(
        target: TargetSpec,
        capabilities: TargetCapabilities,
        identity: RunIdentity,
        plan: Plan,
        recorder: RunRecorder,
        outcome: RunSession.Outcome
    ) {
        let (report, ending) = (outcome.report, outcome.ending)
        self.target = target
        self.capabilities = capabilities
        self.identity = identity
        self.plan = plan
        history = ending.history
        closing = ending.closing
        accounting = ending.accounting
        tally = ending.tally
        leftovers = ending.leftovers
        signalCounts = recorder.signals.counts
        events = report.marks
        interrupted = report.stopReason == .interrupted
        // Work that takes no time is counted at its end alone, except where histograms are kept anyway.
        let countsConcurrency = recorder.level == .latency || !plan.isTrivial
        highestConcurrency = countsConcurrency ? recorder.concurrency.highest : nil
        spans = report.passages.map { passage in
            let phase = plan.scenario.load.phases[passage.phase]
            return PhaseSpan(name: phase.name, measured: phase.measure, start: passage.start, end: passage.end)
        }
        measure(recorder, report: report)
        if history != nil, highestConcurrency == nil {
            highestConcurrency = total["concurrency.max"].map { Int($0.value) }
        }
        let cost = measuredCost(report)
        cost.add(to: &total)
        // Of the whole run, what came before the first and after the last phase included.
        if let peakResident = ([outcome.peakResident] + report.costs.map { $0.peakResident.map(Int.init) })
            .compactMap(\.self).max()
        {
            total["rss.peak"] = Metric(value: Double(peakResident), unit: .bytes, n: 1)
        }
        judgeValidity(report: report, ending: ending, cost: cost)
    }

    private mutating func measure(_ recorder: RunRecorder, report: Conductor.Report) {
        if let history {
            let metrics = HistoryMetrics(history: history, plan: plan, phaseSpans: spans, closing: closing)
            phases = metrics.phases()
            total = metrics.total()
            spectra = metrics.spectra()
            histograms = metrics.histograms()
            let length = spans.last?.end ?? 0
            series = metrics.series(interval: HistoryMetrics.seriesInterval(for: length))
            judgeCourse(metrics)
        } else {
            let metrics = LiveMetrics(
                spans: spans,
                readings: report.costs.dropLast().map(\.tally) + [tally],
                isDraining: report.passages.map { plan.scenario.load.phases[$0.phase].isDraining },
                latencies: recorder.latencies,
                closing: closing,
                highestConcurrency: highestConcurrency,
                isOpen: plan.scenario.load.isOpen
            )
            phases = metrics.phases()
            total = metrics.total()
            spectra = metrics.spectra()
            histograms = metrics.histograms()
        }
        for (number, pair) in zip(report.costs, report.costs.dropFirst()).enumerated() where number < phases.count {
            var cost = RunCost()
            cost.add(from: pair.0, to: pair.1)
            cost.add(to: &phases[number].metrics)
        }
    }

    private func measuredCost(_ report: Conductor.Report) -> RunCost {
        var cost = RunCost()
        for (number, pair) in zip(report.costs, report.costs.dropFirst()).enumerated()
        where number < spans.count && spans[number].measured {
            cost.add(from: pair.0, to: pair.1)
        }
        return cost
    }
}
