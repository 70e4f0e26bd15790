/// The load of a scenario, worked out before the run: when each operation is due and all that chance decides about it.
///
/// Every drawn value is a pure function of the seed, the stream's name, the operation's index and the attempt, so that
/// two targets, or two versions of one, face the same operation number 4711 whatever the scheduling.
public struct Plan: Sendable {
    /// The scenario that the plan was made from.
    public let scenario: Scenario
    /// Intended starts in nanoseconds from the start of the run, ascending; empty for closed load.
    public let intendedStarts: [Int64]
    /// The phases with their absolute times, as far as they are known before the run.
    public let phases: [PlannedPhase]
    /// 64-bit digest of everything that decides the load, in hexadecimal: equal digests offer equal load.
    public let digest: String

    let draws: PlanDraws
    /// What the timeline does to the work.
    let conditions: TimedConditions

    /// Works out the load of a scenario.
    ///
    /// - Parameter scenario: A scenario whose values are in base units.
    /// - Throws: ``PlanError`` when phases, bursts, keys or fault rules contradict each other or exceed a limit.
    public init(_ scenario: Scenario) throws(PlanError) {
        let phases = try PlannedPhase.timeLine(of: scenario.load)
        let intendedStarts: [Int64]
        switch scenario.load.model {
        case .open(let arrivals):
            intendedStarts = try ArrivalSchedule.intendedStarts(
                phases: phases,
                arrivals: arrivals,
                bursts: scenario.load.bursts,
                seed: scenario.seed
            )
        case .closed:
            guard scenario.load.bursts.isEmpty else {
                throw PlanError(message: "bursts add arrivals to open load; remove them or make the load open")
            }
            intendedStarts = []
        }
        self.scenario = scenario
        self.intendedStarts = intendedStarts
        self.phases = phases
        draws = try PlanDraws(scenario, phases: phases)
        conditions = TimedConditions(scenario.timeline)
        digest = StableHash(load: scenario, phases: phases, intendedStarts: intendedStarts).hexadecimal
    }

    /// Names of the errors that fault rules throw, in the order in which the rules first name them.
    public var errorNames: [String] { draws.faults.errorNames }

    /// Whether every attempt succeeds at once: the body needs neither a script nor a clock.
    public var isTrivial: Bool { draws.work == .constant(0) && draws.faults.isEmpty && conditions.isEmpty }

    /// Whether the timeline changes what an attempt takes, so that it matters when it begins.
    public var isTimed: Bool { !conditions.isEmpty }

    /// The key of an operation.
    ///
    /// - Parameter index: The operation's number, from 0.
    /// - Returns: A number from 0; 0 for all operations when the scenario has no keys.
    public func key(of index: Int) -> Int {
        draws.keys.key(of: index, word: draws.keyStream.word(index))
    }

    /// The lane of an operation, as a number into the names of the load's lanes.
    ///
    /// - Parameter index: The operation's number, from 0.
    /// - Returns: A number from 0; 0 for all operations when the scenario names no lanes.
    public func lane(of index: Int) -> Int {
        draws.lanes.lane(of: index, word: draws.laneStream.word(index))
    }

    /// The operation of a number, as targets see it.
    ///
    /// - Parameter index: The operation's number, from 0.
    /// - Returns: The operation with its key and lane.
    public func operation(_ index: Int) -> Operation {
        Operation(index: index, key: key(of: index), lane: lane(of: index))
    }

    /// The work time of an operation without delays of faults; the same for all its attempts.
    ///
    /// - Parameter index: The operation's number, from 0.
    /// - Returns: Nanoseconds.
    public func work(of index: Int) -> Int64 {
        draws.work.sample(draws.workStream.word(index))
    }

    /// How long a closed producer thinks before it offers an operation.
    ///
    /// - Parameter index: The operation's number, from 0.
    /// - Returns: Nanoseconds.
    public func thinkTime(before index: Int) -> Int64 {
        draws.think.sample(draws.thinkStream.word(index))
    }

    /// What is scripted for one attempt of an operation.
    ///
    /// - Parameters:
    ///   - index: The operation's number, from 0.
    ///   - attempt: From 1.
    ///   - part: Which part of the target makes it, from 1; 0 for a target without parts.
    ///   - intendedStart: When the operation was due, in nanoseconds from the start of the run; its submission under
    ///     closed load. Decides which fault rules are active for all its attempts.
    ///   - start: When the attempt begins, which decides what the timeline does to it; `nil` leaves the timeline out.
    /// - Returns: The attempt's work time and error.
    public func script(
        of index: Int,
        attempt: Int,
        part: Int = 0,
        intendedStart: Int64,
        start: Int64? = nil
    ) -> AttemptScript {
        // The same word of the stream: an operation that is slow stays slow among those of its time.
        let sampler = start.flatMap { conditions.work(at: $0) } ?? draws.work
        var script = AttemptScript(work: sampler.sample(draws.workStream.word(index)), error: nil)
        if !draws.faults.isEmpty {
            draws.faults.apply(
                to: &script,
                index: index,
                attempt: attempt,
                part: part,
                intendedStart: intendedStart,
                operation: operation(index)
            )
        }
        if let start { script.stall = conditions.stall(of: script.work, from: start) }
        return script
    }
}

/// A phase with its place on the time line.
public struct PlannedPhase: Sendable, Equatable {
    /// The phase of the scenario.
    public var phase: Phase
    /// Nanoseconds from the start of the run; for phases after one of unknown length, the earliest possible start.
    ///
    /// Under open load no phase is of unknown length: a draining phase that another one follows takes its whole limit.
    public var start: Int64
    /// The latest end in nanoseconds from the start of the run.
    public var latestEnd: Int64

    /// Creates a phase with its place.
    public init(phase: Phase, start: Int64, latestEnd: Int64) {
        self.phase = phase
        self.start = start
        self.latestEnd = latestEnd
    }
}

/// What chance and script decide about one attempt of an operation.
public struct AttemptScript: Sendable, Equatable {
    /// The work time in nanoseconds, delays of faults included; delays of work that takes no time are suspended.
    public var work: Int64
    /// How much longer the attempt takes because nobody goes on with it for a while, in nanoseconds.
    public var stall: Int64 = 0
    /// The error to throw after the work, as an index into ``Plan/errorNames``; `nil` is success.
    public var error: Int?

    /// Creates a script.
    public init(work: Int64, error: Int?) {
        self.work = work
        self.error = error
    }
}
