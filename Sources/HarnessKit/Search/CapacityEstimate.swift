/// What the repetitions of a search say together.
struct CapacityEstimate: Sendable, Equatable {
    var outcome = CapacitySearch.Outcome.unknown
    /// The median of the highest rates that held, the lower one of two.
    var rate: Double?
    /// From the lowest of the rates that held to the highest of those that were the first not to.
    var interval: ConfidenceInterval?

    /// Sums repetitions up.
    ///
    /// - Parameters:
    ///   - brackets: What came of each repetition; a single one may have been cut off.
    ///   - range: The search.
    init(_ brackets: [RateBracket], of range: RateSearch) {
        let sorted = brackets.sorted { ($0.held ?? 0, $0.broken ?? .infinity) < ($1.held ?? 0, $1.broken ?? .infinity) }
        guard !sorted.isEmpty else { return }
        let middle = sorted[(sorted.count - 1) / 2]
        outcome =
            switch (middle.held, middle.broken) {
            case (_?, _?): .found
            case (_?, nil): .atLeast
            case (nil, let broken?): broken <= range.from ? .below : .unknown
            case (nil, nil): .unknown
            }
        rate = middle.held
        guard rate != nil else { return }
        let lowest = sorted.map { $0.held ?? 0 }.min() ?? 0
        let highest = sorted.map { $0.broken ?? range.to }.max() ?? range.to
        interval = ConfidenceInterval(low: lowest, high: highest)
    }
}
