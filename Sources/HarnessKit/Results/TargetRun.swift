/// One run of one target.
public struct TargetRun: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The plugin's id.
    public var use: String
    /// The target's options, as the scenario gives them.
    public var options: JSONValue
    /// `real` or `virtual`; see ``RunClock``.
    public var clock: String
    /// The seed that was used.
    public var seed: UInt64
    /// From 0.
    public var repetition: Int
    /// The process of the run, from 0.
    public var process: Int
    /// The digest of the plan: equal digests offered equal load.
    public var planDigest: String
    /// Digest of the recorded history where runs are deterministic; `nil` on the real clock.
    public var historyDigest: String?
    /// The figures of each phase, in order.
    public var phases: [PhaseResult]
    /// Metrics over all measured phases, by fixed name (`response.p99`).
    public var total: MetricTable
    /// What a search knows of the target's capacity where it does not know the rate itself; `nil` where it does.
    public var capacityBound: CapacityBound?
    /// What the invariants say.
    public var invariants: [InvariantResult]
    /// Whether the run measured what it set out to measure.
    public var validity: Validity
    /// Level series over the run, for charts and sparklines.
    public var series: [LevelSeries]
    /// Timeline events and faults with the times they happened.
    public var events: [EventMark]
    /// Latency percentile spectrum of the measured phases, by distribution name.
    public var spectra: [String: [SpectrumPoint]]
    /// How much of the CPU was wanting from the making of the target to its shutdown; `nil` in virtual time.
    public var contention: CPUContention?
    /// What is known of a run in virtual time beyond its figures; `nil` on the real clock.
    public var virtual: VirtualRunInfo?
    /// Whether the response times came to rest; `nil` where the load is not steady, or too little is known.
    public var course: SteadyState?
    /// Closed forms of the scenario beside what was measured; `nil` where there are none.
    public var checks: [AnalyticCheck]?
    /// Whether the user stopped it.
    public var interrupted = false

    /// Creates a run of which nothing is known yet.
    public init(target: String, use: String, options: JSONValue, clock: String, seed: UInt64, repetition: Int) {
        self.target = target
        self.use = use
        self.options = options
        self.clock = clock
        self.seed = seed
        self.repetition = repetition
        process = 0
        planDigest = ""
        phases = []
        total = MetricTable()
        invariants = []
        validity = Validity()
        series = []
        events = []
        spectra = [:]
    }
}

/// The figures of one phase.
public struct PhaseResult: Codable, Sendable, Equatable {
    /// The phase's name.
    public var name: String
    /// Whether it counts in measured totals.
    public var measured: Bool
    /// When it began, in seconds from the start of the run.
    public var start: Double
    /// How long it took.
    public var seconds: Double
    /// Its figures by fixed name.
    public var metrics: MetricTable
    /// Whether the queue grew throughout, so that percentiles are withheld; `nil` where it did not.
    public var isUnstable: Bool?

    /// Creates the figures of a phase.
    public init(name: String, measured: Bool, start: Double, seconds: Double, metrics: MetricTable) {
        self.name = name
        self.measured = measured
        self.start = start
        self.seconds = seconds
        self.metrics = metrics
    }
}

/// Whether a run measured what it set out to measure.
public struct Validity: Codable, Sendable, Equatable {
    /// The judgement; never `fail`.
    public var verdict: Verdict = .pass
    /// Why it is not `pass`, one sentence each.
    public var reasons: [String] = []
    /// Whether the target brought it about, as one that did not drain; `nil` where it did not.
    public var blamesTarget: Bool?

    /// Creates a passing judgement.
    public init() {}
}
