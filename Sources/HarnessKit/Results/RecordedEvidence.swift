/// What invariants look at beside the history, as run folders keep it in `history/<run>.evidence.json`.
public struct RecordedEvidence: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The plugin's id.
    public var use: String
    /// The target's options, as the scenario gives them.
    public var options: JSONValue
    /// The clock of the run.
    public var clock: RunClock
    /// From 0.
    public var repetition: Int
    /// The seed that was used.
    public var seed: UInt64
    /// How many events the whole history has.
    public var events: Int
    /// Its digest.
    public var digest: String
    /// The names of its signals, errors and lanes, by the numbers that events carry.
    public var names: Names
    /// Highest concurrency that the body saw.
    public var highestConcurrency: Int
    /// The harness's counts.
    public var tally: [String: Int]
    /// The target's own counts, as far as it knows them.
    public var accounting: [String: Int]
    /// What was left after the target's shutdown.
    public var leftovers: RunLeftovers?
    /// Whether the run was given up before everything had ended; `nil` when it was not.
    public var isCutOff: Bool?
    /// What the target said of itself during the run.
    public var samples: [Sample]

    /// Names, by the numbers that events carry.
    public struct Names: Codable, Sendable, Equatable {
        var signals: [String]
        var errors: [String]
        var lanes: [String]
    }

    /// What a target said of itself, in nanoseconds from the start of the run.
    public struct Sample: Codable, Sendable, Equatable {
        var begin: Int64
        var end: Int64
        var accounting: [String: Int]
        var visible: Int?
        var isDrained: Bool?
        var limit: Int?
    }
}

extension RecordedEvidence {
    /// Takes down what is known of a run; `nil` without a history.
    ///
    /// - Parameter run: The run.
    public init?(_ run: FinishedRun) {
        guard let history = run.history else { return nil }
        self.init(
            target: run.target.id,
            use: run.target.use,
            options: run.target.options,
            clock: run.identity.clock,
            repetition: run.identity.repetition,
            seed: run.plan.scenario.seed,
            events: history.events.count,
            digest: history.digest,
            names: Names(signals: history.signalNames, errors: history.errorNames, lanes: history.laneNames),
            highestConcurrency: run.highestConcurrency ?? 0,
            tally: run.tally.counts,
            accounting: run.accounting.counts,
            leftovers: run.leftovers,
            isCutOff: run.closing == .drained ? nil : true,
            samples: history.samples.map { sample in
                Sample(
                    begin: sample.begin,
                    end: sample.end,
                    accounting: sample.sample.accounting.counts,
                    visible: sample.sample.visible,
                    isDrained: sample.sample.isDrained,
                    limit: sample.sample.limit
                )
            }
        )
    }

    /// The evidence with the run's events.
    ///
    /// - Parameters:
    ///   - events: All events of the run.
    ///   - capabilities: What the target's plugin can do today.
    /// - Returns: What invariants may look at.
    func evidence(events: [HistoryEvent], capabilities: TargetCapabilities) -> Evidence {
        var history = History()
        history.events = events
        history.signalNames = names.signals
        history.errorNames = names.errors
        history.laneNames = names.lanes
        history.samples = samples.map { sample in
            HistorySample(
                begin: sample.begin,
                end: sample.end,
                sample: TargetSample(
                    accounting: TargetAccounting(counts: sample.accounting),
                    visible: sample.visible,
                    isDrained: sample.isDrained,
                    limit: sample.limit
                )
            )
        }
        var evidence = Evidence(
            history: history,
            accounting: TargetAccounting(counts: accounting),
            tally: Tally(counts: tally),
            targetOptions: options,
            capabilities: capabilities,
            highestConcurrency: highestConcurrency
        )
        evidence.clock = clock
        evidence.leftovers = leftovers
        evidence.isCutOff = isCutOff ?? false
        return evidence
    }
}

extension Tally {
    private static var fields: [(name: String, path: WritableKeyPath<Tally, Int>)] {
        [
            ("offered", \.offered), ("accepted", \.accepted), ("refused", \.refused), ("started", \.started),
            ("completed", \.completed), ("failed", \.failed), ("cancelled", \.cancelled), ("discarded", \.discarded),
        ]
    }

    fileprivate var counts: [String: Int] {
        Dictionary(uniqueKeysWithValues: Self.fields.map { ($0.name, self[keyPath: $0.path]) })
    }

    fileprivate init(counts: [String: Int]) {
        self.init()
        for field in Self.fields { self[keyPath: field.path] = counts[field.name] ?? 0 }
    }
}

extension TargetAccounting {
    private static var fields: [(name: String, path: WritableKeyPath<TargetAccounting, Int?>)] {
        [
            ("enqueued", \.enqueued), ("pending", \.pending), ("active", \.active), ("completed", \.completed),
            ("failed", \.failed), ("cancelled", \.cancelled),
        ]
    }

    fileprivate var counts: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: Self.fields.compactMap { field in
                self[keyPath: field.path].map { (field.name, $0) }
            }
        )
    }

    fileprivate init(counts: [String: Int]) {
        self.init()
        for field in Self.fields { self[keyPath: field.path] = counts[field.name] }
    }
}
