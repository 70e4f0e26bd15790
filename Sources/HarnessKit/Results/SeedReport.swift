/// What came of one target under one seed in virtual time.
public struct SeedReport: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// The seed of the plan and of the schedule.
    public var seed: UInt64
    /// The outcome.
    public var verdict: Verdict
    /// The digest of the recorded history; of the schedule where none is recorded.
    public var digest: String
    /// Steps of the executor.
    public var steps: Int
    /// How far the virtual clock moved.
    public var seconds: Double
    /// Operations that were offered.
    public var operations: Int
    /// Invariants that were violated, with their counter-examples.
    public var violations: [InvariantResult]
    /// Expectations that were missed.
    public var misses: [ExpectationResult]
    /// Why the run does not count, or not fully.
    public var reasons: [String]
    /// The command that makes exactly this run; `nil` where nobody knows it.
    public var replay: String?

    /// Creates a report of a run in which nothing went wrong.
    public init(target: String, seed: UInt64, digest: String, steps: Int, seconds: Double, operations: Int) {
        self.target = target
        self.seed = seed
        self.digest = digest
        self.steps = steps
        self.seconds = seconds
        self.operations = operations
        verdict = .pass
        violations = []
        misses = []
        reasons = []
    }
}

/// What came of one target under many seeds in virtual time.
public struct SeedSummary: Codable, Sendable, Equatable {
    /// The most reports that a summary holds.
    public static let reportLimit = 10

    /// The target's id in the scenario.
    public var target: String
    /// The first seed; the others follow one by one.
    public var firstSeed: UInt64
    /// How many seeds were to be tried.
    public var planned: Int
    /// How many of them were.
    public var tried: Int
    /// How many passed.
    public var passed: Int
    /// How many failed: an invariant was violated or an expectation missed.
    public var failed: Int
    /// How many different histories there were.
    public var histories: Int
    /// Steps of the executor over all seeds.
    public var steps: Int
    /// Operations that were offered over all seeds.
    public var operations: Int
    /// Virtual seconds over all seeds.
    public var seconds: Double
    /// How many processes shared the seeds.
    public var processes: Int
    /// The runs that did not pass: the smallest seeds, failures first.
    public var reports: [SeedReport]
}

extension SeedSummary {
    /// Sums reports up.
    ///
    /// - Parameters:
    ///   - target: The target's id.
    ///   - seeds: The seeds that were to be tried.
    ///   - processes: How many processes shared them.
    ///   - all: The reports of this target, in any order.
    init(target: String, seeds: SeedRange, processes: Int, reports all: [SeedReport]) {
        self.target = target
        firstSeed = seeds.first
        planned = seeds.count
        self.processes = processes
        tried = all.count
        passed = all.count { $0.verdict == .pass }
        failed = all.count { $0.verdict == .fail }
        histories = Set(all.map(\.digest)).count
        steps = all.reduce(0) { $0 + $1.steps }
        operations = all.reduce(0) { $0 + $1.operations }
        seconds = all.reduce(0) { $0 + $1.seconds }
        let doubtful = all.filter { $0.verdict != .pass }
        reports = Array(
            doubtful.sorted { ($0.verdict == .fail ? 0 : 1, $0.seed) < ($1.verdict == .fail ? 0 : 1, $1.seed) }
                .prefix(Self.reportLimit)
        )
    }
}

/// Seeds that follow each other, or every so-manieth of them.
public struct SeedRange: Sendable, Equatable {
    /// The first seed.
    public var first: UInt64
    /// How many there are.
    public var count: Int
    /// The distance from one to the next.
    public var stride: Int

    /// Creates a range of seeds.
    public init(first: UInt64, count: Int, stride: Int = 1) {
        self.first = first
        self.count = count
        self.stride = stride
    }

    /// The seeds; past the largest number they go on at zero.
    public var seeds: [UInt64] {
        (0..<max(0, count)).map { first &+ UInt64($0) &* UInt64(max(1, stride)) }
    }

    /// The same seeds, dealt out in turn to some players; none gets nothing.
    ///
    /// - Parameter players: How many there are at most.
    /// - Returns: One range for each.
    public func dealt(to players: Int) -> [SeedRange] {
        let players = max(1, min(players, count))
        return (0..<players).map { player in
            SeedRange(
                first: first &+ UInt64(player) &* UInt64(max(1, stride)),
                count: (count - player + players - 1) / players,
                stride: stride * players
            )
        }
    }
}
