/// The figures of a scenario that later runs on the same machine are held against.
public struct Baseline: Codable, Sendable, Equatable {
    /// The version of the format; 1.
    public var format = 1
    /// The scenario's name.
    public var scenario: String
    /// The machine, toolchain and build that the figures are of.
    public var environment: EnvironmentInfo
    /// One entry for each target and clock.
    public var entries: [Entry]

    /// The figures of one target on one clock.
    public struct Entry: Codable, Sendable, Equatable {
        /// The target's id.
        public var target: String
        /// The clock.
        public var clock: String
        /// The figures and digests of a run; of a target with several runs, its medians and the first run's digests.
        public var record: ExactRecord
        /// The values of each metric, run by run, grouped by process.
        public var samples: [String: [[Double]]]
    }

    /// Takes the figures of a result.
    ///
    /// - Parameter result: The result of a scenario.
    /// - Throws: ``BaselineError`` when the result is not one to hold others against.
    public init(_ result: RunResult) throws(BaselineError) {
        guard result.verdict == .pass || result.verdict == .inconclusive else {
            throw BaselineError(
                "the run of '\(result.scenario.name)' ended with '\(result.verdict.rawValue)', and what is wrong is no baseline"
            )
        }
        scenario = result.scenario.name
        environment = result.environment
        entries = result.targets.compactMap { summary in
            let clock = summary.clock ?? .real
            let runs = result.runs.filter { $0.target == summary.target && $0.clock == clock.rawValue }
            guard let first = runs.first else { return nil }
            var record = ExactRecord(first)
            record.total = summary.total
            let samples = Dictionary(
                uniqueKeysWithValues: summary.total.metrics.map { ($0.name, runs.grouped(by: $0.name)) }
            )
            return Entry(target: summary.target, clock: clock.rawValue, record: record, samples: samples)
        }
    }

    /// The name of the file that holds it: one for each scenario, machine, toolchain and build.
    public var fileName: String { Self.fileName(scenario: scenario, environment: environment) }

    /// The name of the file that would hold a scenario's baseline on a machine.
    public static func fileName(scenario: String, environment: EnvironmentInfo) -> String {
        let machine = StableHash.hexadecimal(StableHash.fnv1a(environment.fingerprint)).prefix(8)
        return "\(RunFolder.fileName(scenario)).\(machine).json"
    }
}

/// A baseline cannot be used.
public struct BaselineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, and the mend.
    public var description: String

    /// Creates an error.
    public init(_ description: String) {
        self.description = description
    }
}
