/// How the highest rate is looked for at which a scenario's checks hold.
public struct RateSearch: Sendable, Equatable {
    /// The lowest rate of interest, in arrivals per second: the first that is tried.
    public var from: Double
    /// The highest rate of interest, in arrivals per second.
    public var to: Double
    /// How close the highest rate that held and the lowest that did not must come, as a share of the former.
    public var precision = 0.05
    /// How often the search is made, each time with another seed.
    public var repetitions = 3
    /// How long the search may take for each target on the real clock; `nil` is no bound.
    ///
    /// The trial that is running then is the last. In virtual time there is no bound: equal seeds must try equal rates.
    public var budget: Duration?

    /// Creates a search with its default precision and repetitions.
    ///
    /// - Parameters:
    ///   - from: The lowest rate, above zero.
    ///   - to: The highest rate, above `from`.
    public init(from: Double, to: Double) {
        self.from = from
        self.to = to
    }

    /// The factor from one rate to the next until one does not hold.
    static let growth = 2.0
    /// What rounding may add to a ratio.
    static let tolerance = 1e-9

    /// Whether two rates are as close as asked for.
    func isClose(_ held: Double, _ broken: Double) -> Bool {
        broken <= held * (1 + precision) * (1 + Self.tolerance)
    }

    /// The most trials of one repetition: rates that grow or shrink through the whole range, then halvings.
    public var mostTrialsPerRepetition: Int {
        var trials = 1
        var rate = from
        while rate < to {
            rate *= Self.growth
            trials += 1
        }
        var ratio = Self.growth
        while !isClose(1, ratio) {
            ratio = ratio.squareRoot()
            trials += 1
        }
        return trials
    }

    /// The most trials of one target.
    public var mostTrials: Int { mostTrialsPerRepetition * repetitions }
}

extension Load {
    /// The load of one trial of a search: the phases as they are planned for the highest rate, scaled down.
    func trial(at rate: Double) -> Load {
        guard let search else { return self }
        var load = self
        load.search = nil
        for index in load.phases.indices {
            guard case .constant(let highest) = load.phases[index].rate else { continue }
            load.phases[index].rate = .constant(highest / search.to * rate)
        }
        return load
    }
}

extension Scenario {
    /// The scenario of one trial of a search.
    ///
    /// All trials of a repetition have one seed: operation 4711 has the same key, work and failures at every rate and on
    /// every target.
    func trial(at rate: Double, repetition: Int, target: Int, clock: RunClock) -> Scenario {
        var trial = self
        trial.load = load.trial(at: rate)
        trial.seed = seed &+ UInt64(repetition)
        trial.targets = [targets[target]]
        trial.clocks = [clock]
        let id = targets[target].id
        trial.expectations.removeAll { $0.isOnCapacity || !Glob($0.target).matches(id) }
        trial.comparison = nil
        // Whether response times came to rest decides nothing here: a trial is short, and the next one asks again.
        trial.regression = nil
        trial.runs = RunSettings()
        trial.runs.verifyDeterminism = runs.verifyDeterminism
        return trial
    }
}

extension Expectation {
    /// Whether the condition is on what a search finds rather than on one of its trials.
    var isOnCapacity: Bool { metric == .named(MetricCatalogue.capacity) }
}
