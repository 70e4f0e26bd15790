/// What the search for the highest rate of one target on one clock came to.
public struct CapacitySearch: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The plugin's id.
    public var use: String
    /// The clock of the trials.
    public var clock: RunClock
    /// The lowest rate of interest, in arrivals per second.
    public var from: Double
    /// The highest rate of interest.
    public var to: Double
    /// How close the highest rate that held and the lowest that did not had to come.
    public var precision: Double
    /// How many repetitions were asked for.
    public var repetitions: Int
    /// How many of them came to their end.
    public var completed = 0
    /// What had to hold at a rate.
    public var conditions: [String] = []
    /// What kind of answer there is.
    public var outcome = Outcome.unknown
    /// The highest rate that held: the median over the repetitions; `nil` when none did.
    public var rate: Double?
    /// From the lowest of the rates that held to the highest of those that did not, over the repetitions.
    public var interval: ConfidenceInterval?
    /// Every trial, in the order in which they were made.
    public var trials: [Trial] = []
    /// Why the search ended before its end; `nil` when it did not.
    public var endedEarly: String?
    /// Remarks for the reader.
    public var notes: [String] = []

    /// What kind of answer a search gives.
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        /// The rate is known within the interval.
        case found
        /// No rate that was tried broke: the true one is this or higher.
        case atLeast
        /// Not even the lowest rate of interest held.
        case below
        /// The search ended before it knew anything.
        case unknown
    }

    /// One rate that was tried.
    public struct Trial: Codable, Sendable, Equatable {
        /// From 1.
        public var number: Int
        /// The repetition of the search, from 0.
        public var repetition: Int
        /// The seed of the repetition.
        public var seed: UInt64
        /// Arrivals per second.
        public var rate: Double
        /// Whether everything held.
        public var holds = true
        /// What did not, in sentences.
        public var broken: [String] = []
        /// Whether the harness or the machine failed, and nothing tells against the target.
        public var isInvalid = false
        /// In files only where it is true.
        private var undecided: Bool?
        /// Completed operations per second of the measured phases.
        public var throughput: Double?
        /// Seconds that half of the responses took at most; `nil` when too little is known, or the queue grew throughout.
        public var p50: Double?
        /// Seconds that 99 of 100 responses took at most; `nil` as for `p50`.
        public var p99: Double?
        /// Seconds that 99 of 100 submissions were late at most.
        public var lateness: Double?
        /// The digest of the trial's plan.
        public var planDigest: String
        /// What tells trials in virtual time apart; `nil` on the real clock.
        public var historyDigest: String?

        /// Creates a trial at which everything held.
        public init(number: Int, repetition: Int, seed: UInt64, rate: Double, planDigest: String) {
            self.number = number
            self.repetition = repetition
            self.seed = seed
            self.rate = rate
            self.planDigest = planDigest
        }

        /// Whether the load gave too little to decide by, so that the rate counts neither way.
        public var isUndecided: Bool {
            get { undecided == true }
            set { undecided = newValue ? true : nil }
        }

        /// What the trial says about its rate.
        var answer: RateAnswer {
            if holds { return .held }
            return isInvalid ? .spoiled : isUndecided ? .undecided : .broken
        }
    }

    /// Creates a search of which nothing is known yet.
    ///
    /// - Parameters:
    ///   - target: The target's id in the scenario.
    ///   - use: The plugin's id.
    ///   - clock: The clock of the trials.
    ///   - range: What is looked for.
    public init(target: String, use: String, clock: RunClock, range: RateSearch) {
        self.target = target
        self.use = use
        self.clock = clock
        from = range.from
        to = range.to
        precision = range.precision
        repetitions = range.repetitions
    }
}

extension CapacitySearch {
    /// The remarks that follow from the trials.
    func remarks() -> [String] {
        let broken = trials.filter { $0.answer == .broken }
        var remarks = [
            remark(on: .spoiled, "the harness and not the target ended"),
            remark(on: .undecided, "there was too little to decide by, which ended"),
        ].compactMap(\.self)
        if let high = trials.filter(\.holds).max(by: { $0.rate < $1.rate }),
            let low = broken.min(by: { $0.rate < $1.rate }),
            high.rate > low.rate * (1 + precision) * (1 + RateSearch.tolerance)
        {
            remarks.append(
                "not monotone: \(NoteText.number(high.rate))/s held in repetition \(high.repetition + 1), and the lower "
                    + "\(NoteText.number(low.rate))/s did not in repetition \(low.repetition + 1); chance decides there, or "
                    + "the target does better under more load"
            )
        }
        return remarks
    }

    /// The repetitions whose lowest rate that did not hold has an answer other than that the target broke.
    private func remark(on answer: RateAnswer, _ words: String) -> String? {
        let repetitions = Set(trials.map(\.repetition)).sorted()
        let ends = repetitions.compactMap { repetition in
            trials.filter { $0.repetition == repetition && !$0.holds }.min { $0.rate < $1.rate }
        }
        let own = ends.filter { $0.answer == answer }
        guard let first = own.first else { return nil }
        let reason = first.broken.first ?? "the trial did not count"
        let which = "repetition \(first.repetition + 1) at \(NoteText.number(first.rate))/s"
        return "\(words) \(own.count) of \(FindingText.count(repetitions.count, "repetition")), \(which): \(reason)"
    }
}
