/// How much the figures of a target differ from themselves, in runs of one session.
///
/// The target is run twice as often as the others, its further runs among theirs; they are divided at random into two halves, many
/// times, and the figure is the 95th percentile of the difference between the halves' medians: what a comparison of as many runs
/// shows by chance. Of four processes or more, each is in one half as a whole.
public struct NoiseReport: Codable, Sendable, Equatable {
    /// The target's id in the scenario.
    public var target: String
    /// How many runs it rests on.
    public var runs: Int
    /// By metric, in presentation order.
    public var floors: [Floor]

    /// The noise floor of one metric.
    public struct Floor: Codable, Sendable, Equatable {
        /// The metric's fixed name.
        public var metric: String
        /// As a share of the value.
        public var share: Double

        /// Creates a value.
        public init(metric: String, share: Double) {
            self.metric = metric
            self.share = share
        }
    }

    /// Creates a report.
    public init(target: String, runs: Int, floors: [Floor]) {
        self.target = target
        self.runs = runs
        self.floors = floors
    }
}

extension Scenario {
    /// The target whose figures tell the noise floor; `nil` when nobody asked, or nothing is left to chance.
    var noiseTarget: TargetSpec? {
        guard runs.noiseFloor, clocks.contains(.real), baselineTargets.count == 1 else { return nil }
        return baselineTargets.first
    }

    /// Whether a comparison shows the noise floor: the baseline is run twice as often for it.
    package var seeksNoise: Bool { noiseTarget != nil }

    /// The targets whose runs on the real clock stand in the baseline's column; the first one where nothing is compared.
    var baselineTargets: [TargetSpec] {
        guard let comparison else { return Array(targets.prefix(1)) }
        switch comparison.columns {
        case "phase": return targets
        case "clock": return comparison.baseline == RunClock.real.rawValue ? targets : []
        default: return targets.filter { $0.heading(ofColumn: comparison.columns) == comparison.baseline }
        }
    }

    /// How many runs of a target there are on the real clock.
    func repetitions(of target: TargetSpec) -> Int {
        runs.totalRepetitions * (target.id == noiseTarget?.id ? 2 : 1)
    }

    /// How many runs of all targets there are on the real clock.
    package var realRuns: Int { targets.reduce(0) { $0 + repetitions(of: $1) } }

    /// What the reader should know of the noise floor beside its figures; `nil` when nobody asked for it.
    var noiseNote: String? {
        guard runs.noiseFloor else { return nil }
        guard clocks.contains(.real) else {
            return "the noise floor was not looked for: in virtual time a figure differs from itself by exactly 0"
        }
        guard let target = noiseTarget else {
            return "the noise floor was not looked for: it is that of one target, and the baseline "
                + "'\(comparison?.baseline ?? "")' is of \(baselineTargets.count)"
        }
        return "\(target.id) was run twice as often as its repetitions say on the real clock, for the noise floor"
    }
}

extension Judge {
    /// How much the figures of the scenario's baseline differ from themselves.
    ///
    /// - Parameters:
    ///   - scenario: The scenario.
    ///   - runs: All runs.
    /// - Returns: The noise floor of every metric that has a better direction; `nil` when nobody asked, or too few runs count.
    static func noise(scenario: Scenario, runs: [TargetRun]) -> NoiseReport? {
        guard let target = scenario.noiseTarget else { return nil }
        let own = runs.filter {
            $0.target == target.id && $0.clock == RunClock.real.rawValue && $0.validity.verdict != .invalid
        }
        let names = MetricCatalogue.all.filter { $0.better != nil }.map(\.name)
        let floors = names.compactMap { name in
            NoiseFloor.share(of: own.grouped(by: name), seed: scenario.seed).map {
                NoiseReport.Floor(metric: name, share: $0)
            }
        }
        return floors.isEmpty ? nil : NoiseReport(target: target.id, runs: own.count, floors: floors)
    }
}
