/// How many runs a comparison of two builds makes, and when it looks at them.
public struct GateSchedule: Codable, Sendable, Equatable {
    /// How many pairs of runs each process makes of each target.
    public var pairs = 10
    /// After how many processes of each build the runs are looked at, ascending; the last is the end.
    ///
    /// Fewer than five processes say so little of their scatter that hardly anything is ever decided. Most comparisons end
    /// with the first looks; the later ones are for processes that differ from one another by several hundredths.
    public var looks = [5, 8, 12, 20, 32]
    /// How many processes make a suspicion's second runs.
    public var confirmation = 4
    /// After how many seconds no further processes begin; `nil` is no bound.
    ///
    /// Runs in virtual time, and those that are made again because of a suspicion, are made whatever the time.
    public var budget: Double?

    /// Creates the default schedule.
    public init() {}

    /// A schedule that ends after at most so many processes.
    public init(pairs: Int, processes: Int, budget: Double?) {
        self.pairs = max(1, pairs)
        self.budget = budget
        let last = max(2, processes)
        looks = looks.filter { $0 < last } + [last]
        confirmation = max(2, min(confirmation, last))
    }

    /// How sure the interval of one look must be, so that all looks together are sure to at least 95 % (Bonferroni).
    public var confidence: Double { 1 - 0.05 / Double(looks.count) }
}
