/// What the trials of one repetition of a search leave open: the answer lies between two rates.
struct RateBracket: Sendable, Equatable {
    /// The highest rate that held.
    var held: Double?
    /// The lowest rate that did not.
    var broken: Double?
}

/// Decides which rate is tried next: a pure function of what the trials before said.
///
/// A repetition begins at the lowest rate, or at the rate that the one before found, and doubles until a rate does not hold
/// (or halves until one does); then it halves the distance between both on a logarithmic scale.
struct RateSearchState: Sendable, Equatable {
    private let range: RateSearch
    /// What came of the repetitions that have ended.
    private(set) var ended: [RateBracket] = []
    /// What is known in the repetition that is under way.
    private(set) var bracket = RateBracket()
    private var start: Double

    init(_ range: RateSearch) {
        self.range = range
        start = range.from
    }

    /// The repetition that is under way, from 0.
    var repetition: Int { ended.count }

    /// The next rate to be tried; `nil` when all repetitions have ended.
    var next: Double? {
        ended.count < range.repetitions ? rate(after: bracket) : nil
    }

    /// Takes down how the trial at ``next`` ended.
    ///
    /// - Parameter holds: Whether everything held at that rate.
    mutating func record(holds: Bool) {
        guard let rate = next else { return }
        if holds { bracket.held = rate } else { bracket.broken = rate }
        guard self.rate(after: bracket) == nil else { return }
        start = bracket.held ?? range.from
        ended.append(bracket)
        bracket = RateBracket()
    }

    /// The rate that follows from what is known; `nil` when that is enough.
    private func rate(after bracket: RateBracket) -> Double? {
        switch (bracket.held, bracket.broken) {
        case (nil, nil): start
        case (let held?, nil): held < range.to ? min(held * RateSearch.growth, range.to) : nil
        case (nil, let broken?): broken > range.from ? max(broken / RateSearch.growth, range.from) : nil
        case (let held?, let broken?): range.isClose(held, broken) ? nil : (held * broken).squareRoot()
        }
    }
}
