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
        let sorted = brackets.sorted { $0.place < $1.place }
        guard !sorted.isEmpty else { return }
        let middle = (sorted.count - 1) / 2
        rate = sorted[middle].held
        // A repetition that might have gone on could have moved the median up; one above the median could not.
        let isLowerBound = sorted[...middle].contains(where: \.isLowerBound)
        guard rate != nil else {
            let isBelow = !isLowerBound && sorted[middle].broken.map { $0 <= range.from } == true
            outcome = isBelow ? .below : .unknown
            return
        }
        outcome = isLowerBound ? .atLeast : .found
        let lowest = sorted.map { $0.held ?? 0 }.min() ?? 0
        let highest = sorted.map { $0.broken ?? range.to }.max() ?? range.to
        let isOpen = sorted.contains { $0.broken == nil }
        interval = ConfidenceInterval(low: lowest, high: highest, isOpenAbove: isOpen)
    }
}

extension RateBracket {
    /// What brackets are sorted by: of equal rates, those that may be higher come first.
    fileprivate var place: (Double, Int, Double) { (held ?? 0, isLowerBound ? 0 : 1, broken ?? .infinity) }
}
