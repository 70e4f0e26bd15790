/// What is offered to a target, and when.
public struct Load: Sendable, Equatable {
    /// Who decides when the next operation comes.
    public var model: Model
    /// The stretches of the run, in order.
    public var phases: [Phase]
    /// Additional arrivals on top of the phases; open load only.
    public var bursts: [Burst] = []
    /// How operations get their keys.
    public var keys: KeyDistribution = .none
    /// How operations get their lanes.
    public var lanes: LaneDistribution = .none
    /// What happens to an arrival that the generator submits too late; open load only.
    public var late: LatePolicy = .keep
    /// How late submissions may be, as the 99th percentile, before the run is called invalid; `nil` means no gate.
    public var latenessLimit: Duration?
    /// How the rate is looked for that the target can take; `nil` offers the phases as they are.
    ///
    /// The phases then are those of the trial at the highest rate, and lower rates scale them down; open load only.
    public var search: RateSearch?

    /// Who decides when the next operation comes.
    public enum Model: Sendable, Equatable {
        /// Arrivals at planned times, whatever the target does.
        case open(arrivals: Arrivals)
        /// Loops that submit, wait and submit again.
        case closed(producers: Int, think: DurationDistribution?, awaiting: Awaiting)
    }

    /// How planned arrivals are spread over time.
    public enum Arrivals: String, Sendable, CaseIterable, Codable {
        /// Equal shares of the curve's integral.
        case even
        /// A Poisson process with the curve as its intensity.
        case poisson
    }

    /// What a closed producer waits for before its next operation.
    public enum Awaiting: String, Sendable, CaseIterable, Codable {
        /// Its operation has finished: one in flight per producer.
        case finished
        /// The target has accepted it: as fast as the target takes.
        case accepted
    }

    /// What happens to an arrival that the generator submits too late.
    public enum LatePolicy: String, Sendable, CaseIterable, Codable {
        /// It is submitted nevertheless; its lateness is part of its response time.
        case keep
        /// It is not submitted when later than the lateness limit, and is counted as refused.
        case drop
        /// The run is invalid.
        case fail
    }

    /// Creates a load of one model with its phases.
    public init(model: Model, phases: [Phase]) {
        self.model = model
        self.phases = phases
    }
}

/// A named stretch of a run.
public struct Phase: Sendable, Equatable {
    /// The name that expectations and reports use.
    public var name: String
    /// How the phase ends.
    public var end: End
    /// Arrivals per second over the phase; ignored by closed load and by a draining phase.
    public var rate: RateCurve
    /// Whether the phase counts in measured totals.
    public var measure: Bool

    /// How a phase ends.
    public enum End: Sendable, Equatable {
        /// After a fixed time.
        case after(Duration)
        /// When nothing is in flight, or at the limit.
        case empty(limit: Duration)
        /// After a number of operations in all; closed load only.
        case operations(Int, limit: Duration)
    }

    /// Creates a phase.
    public init(name: String, end: End, rate: RateCurve = .constant(0), measure: Bool = true) {
        self.name = name
        self.end = end
        self.rate = rate
        self.measure = measure
    }
}

/// Arrivals per second as a function of time within a phase.
public enum RateCurve: Sendable, Equatable {
    /// The same rate throughout.
    case constant(Double)
    /// A straight line from the first to the second rate.
    case linear(from: Double, to: Double)
    /// Rates one after another, each for an equal share of the phase or for its own time.
    case steps([Step])
    /// A smooth rise from `base` to `peak` at the phase's middle and back (a raised cosine).
    case spike(base: Double, peak: Double)

    /// One level of a stepped curve.
    public struct Step: Sendable, Equatable {
        /// Arrivals per second.
        public var rate: Double
        /// How long the level holds; `nil` shares what is left of the phase.
        public var duration: Duration?

        /// Creates a level.
        public init(rate: Double, duration: Duration? = nil) {
            self.rate = rate
            self.duration = duration
        }
    }
}

/// Arrivals on top of the phases.
public struct Burst: Sendable, Equatable {
    /// The name that expectations and reports use.
    public var id: String
    /// When it begins, from the start of the run.
    public var at: Duration
    /// How many operations arrive, spread evenly.
    public var count: Int
    /// Over which time.
    public var over: Duration

    /// Creates a burst.
    public init(id: String, at: Duration, count: Int, over: Duration) {
        self.id = id
        self.at = at
        self.count = count
        self.over = over
    }
}

/// How operations get their keys.
public enum KeyDistribution: Sendable, Equatable {
    /// Operations have no key.
    case none
    /// Each of `count` keys is equally likely.
    case uniform(count: Int)
    /// Key number k (from 1) has weight 1/k^exponent.
    case zipf(count: Int, exponent: Double)
    /// Keys in turn.
    case roundRobin(count: Int)
}
