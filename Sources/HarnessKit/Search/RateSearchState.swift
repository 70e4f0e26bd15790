/// What the trials of one repetition of a search leave open: the answer lies between two rates.
struct RateBracket: Sendable, Equatable {
    /// The highest rate that held.
    var held: Double?
    /// The lowest rate that the target broke at.
    var broken: Double?
    /// The lowest rate that the harness broke at; what the target does there is not known.
    var spoiled: Double?
    /// Whether the repetition ended at a rate of which nothing could be decided.
    var isUndecided = false

    /// The lowest rate that did not hold, whoever is to blame.
    var limit: Double? {
        guard let broken, let spoiled else { return broken ?? spoiled }
        return min(broken, spoiled)
    }

    /// Whether higher rates than the one that held may hold as well, by more than the precision.
    var isLowerBound: Bool { isUndecided || broken == nil || limit != broken }
}

/// What a trial says about its rate.
enum RateAnswer: Sendable {
    /// Everything held.
    case held
    /// Something did not, and the target is to blame.
    case broken
    /// The harness or the machine failed: the search goes on below, and the rate is no end.
    case spoiled
    /// The load gave too little to decide by: the repetition ends with what it knows.
    case undecided
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
    /// - Parameter answer: What it says about that rate.
    mutating func record(_ answer: RateAnswer) {
        guard let rate = next else { return }
        switch answer {
        case .held: bracket.held = rate
        case .broken: bracket.broken = rate
        case .spoiled: bracket.spoiled = rate
        case .undecided: bracket.isUndecided = true
        }
        guard self.rate(after: bracket) == nil else { return }
        start = bracket.held ?? range.from
        ended.append(bracket)
        bracket = RateBracket()
    }

    /// The rate that follows from what is known; `nil` when that is enough.
    private func rate(after bracket: RateBracket) -> Double? {
        guard !bracket.isUndecided else { return nil }
        return switch (bracket.held, bracket.limit) {
        case (nil, nil): start
        case (let held?, nil): held < range.to ? min(held * RateSearch.growth, range.to) : nil
        case (nil, let broken?): broken > range.from ? max(broken / RateSearch.growth, range.from) : nil
        case (let held?, let broken?): range.isClose(held, broken) ? nil : (held * broken).squareRoot()
        }
    }
}
