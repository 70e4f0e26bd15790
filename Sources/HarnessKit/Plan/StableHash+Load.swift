extension StableHash {
    /// Hashes everything that decides what a target faces: seed, model, phases, arrivals, keys, work, faults, timeline.
    ///
    /// Names enter only where they choose a random stream or are what the target sees. Targets, checks, repetitions and
    /// reports stay out: they do not change the load.
    init(load scenario: Scenario, phases: [PlannedPhase], intendedStarts: [Int64]) {
        combine("ephemeral.plan.1")
        combine(scenario.seed)
        combine(scenario.load.model)
        if let search = scenario.load.search { combine(search) }
        combine(phases.count)
        for planned in phases { combine(planned) }
        combine(intendedStarts.count)
        for start in intendedStarts { combine(start) }
        combine(scenario.load.late, limit: scenario.load.latenessLimit)
        combine(scenario.load.keys)
        combine(scenario.load.lanes)
        combine(scenario.work.kind.rawValue)
        combine(scenario.work.time)
        combine(scenario.faults.count)
        for fault in scenario.faults { combine(fault, phases: phases) }
        for event in scenario.timeline { combine(event) }
    }

    private mutating func combine(_ model: Load.Model) {
        switch model {
        case .open(let arrivals):
            combine("open")
            combine(arrivals.rawValue)
        case .closed(let producers, let think, let awaiting):
            combine("closed")
            combine(producers)
            combine(awaiting.rawValue)
            if let think { combine(think) }
        }
    }

    /// A budget stays out: it ends a search and does not change what its trials offer.
    private mutating func combine(_ search: RateSearch) {
        combine("search")
        combine(search.from)
        combine(search.to)
        combine(search.precision)
        combine(search.repetitions)
    }

    private mutating func combine(_ planned: PlannedPhase) {
        combine(planned.start)
        combine(planned.latestEnd)
        combine(planned.phase.measure ? 1 : 0)
        switch planned.phase.end {
        case .after: combine("after")
        case .empty: combine("empty")
        case .operations(let count, _):
            combine("operations")
            combine(count)
        }
    }

    private mutating func combine(_ late: Load.LatePolicy, limit: Duration?) {
        combine(late.rawValue)
        // The limit decides what is offered only where late arrivals are dropped.
        if late == .drop { combine(limit ?? .zero) }
    }

    private mutating func combine(_ keys: KeyDistribution) {
        switch keys {
        case .none: combine("none")
        case .uniform(let count):
            combine("uniform")
            combine(count)
        case .zipf(let count, let exponent):
            combine("zipf")
            combine(count)
            combine(exponent)
        case .roundRobin(let count):
            combine("round-robin")
            combine(count)
        }
    }

    /// Loads without lanes keep the digest that they had before there were any.
    private mutating func combine(_ lanes: LaneDistribution) {
        switch lanes {
        case .none: break
        case .shares(let shares):
            combine("lane shares")
            combine(shares.count)
            for share in shares {
                combine(share.lane)
                combine(share.share)
            }
        case .inTurn(let names):
            combine("lanes in turn")
            combine(names.count)
            for name in names { combine(name) }
        }
    }

    private mutating func combine(_ distribution: DurationDistribution) {
        switch distribution {
        case .constant(let value):
            combine("constant")
            combine(value)
        case .uniform(let min, let max):
            combine("uniform")
            combine(min)
            combine(max)
        case .exponential(let mean):
            combine("exponential")
            combine(mean)
        case .lognormal(let median, let p99):
            combine("lognormal")
            combine(median)
            combine(p99)
        }
    }

    private mutating func combine(_ fault: FaultRule, phases: [PlannedPhase]) {
        combine(fault.id)
        combine(fault.scope.rawValue)
        combine(fault.rate)
        // Faults of whole targets keep the digest that they had before targets had parts.
        if let part = fault.part {
            combine("part")
            combine(part)
        }
        switch fault.active {
        case .always: combine("always")
        case .phase(let name):
            combine("phase")
            combine(phases.firstIndex { $0.phase.name == name } ?? -1)
        case .between(let from, let to):
            combine("between")
            combine(from)
            combine(to)
        }
        switch fault.effect {
        case .error(let name):
            combine("error")
            combine(name)
        case .delay(let distribution):
            combine("delay")
            combine(distribution)
        case .plugin(let plugin):
            combine("plugin")
            combine(plugin.use)
            combine(plugin.options.canonicalText)
        }
    }

    private mutating func combine(_ event: TimelineEvent) {
        if case .mark = event.action { return }
        combine(event.at)
        combine(event.duration ?? .nanoseconds(-1))
        combine(event.every ?? .nanoseconds(-1))
        combine(event.times)
        switch event.action {
        case .raise(let name):
            combine("raise")
            combine(name)
        case .retract(let pattern):
            combine("retract")
            combine(pattern)
        case .mark: break
        case .cancel: combine("cancel")
        case .drain: combine("drain")
        case .pause: combine("pause")
        case .setMaxConcurrency(let limit):
            combine("setMaxConcurrency")
            combine(limit)
        case .setWorkTime(let distribution):
            combine("set work.time")
            combine(distribution)
        case .stall: combine("stall")
        case .fault(let fault):
            combine("fault")
            combine(fault.kind.rawValue)
            combine(fault.scope.rawValue)
            combine(fault.delay ?? .nanoseconds(-1))
        }
    }
}
