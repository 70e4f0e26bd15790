/// What a search knows of a capacity where it does not know the rate itself.
public struct CapacityBound: Codable, Sendable, Equatable {
    /// On which side of the rate the capacity lies.
    public var side: Side
    /// Arrivals per second.
    public var rate: Double

    /// Where a capacity lies.
    public enum Side: String, Codable, Sendable, CaseIterable {
        /// At the rate or above: it held, and no higher one is known to break.
        case atLeast
        /// Below the rate: it did not hold.
        case below

        /// A rate in words, as `at least` or `below` it.
        public func text(_ rate: String) -> String { "\(self == .below ? "below" : "at least") \(rate)" }
    }

    /// Creates a bound.
    ///
    /// - Parameters:
    ///   - side: On which side of the rate the capacity lies.
    ///   - rate: Arrivals per second.
    public init(_ side: Side, _ rate: Double) {
        self.side = side
        self.rate = rate
    }
}

extension CapacityBound: CustomStringConvertible {
    /// `at least 1600/s`, `below 100/s`.
    public var description: String {
        side.text("\(NoteText.number(rate))/s")
    }
}

extension CapacitySearch {
    /// What is known where the rate itself is not; `nil` where it is, and where nothing is.
    var bound: CapacityBound? {
        switch outcome {
        case .below: CapacityBound(.below, from)
        case .atLeast: rate.map { CapacityBound(.atLeast, $0) }
        // Until a repetition has ended, higher rates may still hold.
        case .found: completed == 0 ? rate.map { CapacityBound(.atLeast, $0) } : nil
        case .unknown: nil
        }
    }

    /// What the search says about an expectation on its result.
    var reading: Reading {
        func metric(_ rate: Double) -> Metric { Metric(value: rate, unit: .perSecond, n: max(1, completed)) }
        if let bound {
            let isBelow = bound.side == .below
            return Reading(metric: metric(bound.rate), isLowerBound: !isBelow, isUpperBound: isBelow)
        }
        guard let rate else { return .missing(unknown) }
        return Reading(metric: metric(rate))
    }

    /// Why no rate is known.
    private var unknown: String {
        let trial = endedEarly == nil ? trials.first { $0.isInvalid || $0.isUndecided } : nil
        guard let trial, let reason = trial.broken.first else { return "the search ended before it found a rate" }
        return "the search found no rate: at \(NoteText.number(trial.rate))/s \(reason)"
    }
}
