extension Expectation.Condition {
    /// Whether a value satisfies the condition.
    func holds(for value: Double) -> Bool {
        switch self {
        case .within(let range): range.contains(value)
        case .compare(let comparator, let limit):
            switch comparator {
            case .less: value < limit
            case .lessOrEqual: value <= limit
            case .greater: value > limit
            case .greaterOrEqual: value >= limit
            case .equal: value == limit
            case .notEqual: value != limit
            }
        }
    }

    /// The answer for a value that is only known to be at least this.
    func verdict(forAtLeast value: Double) -> Verdict {
        switch self {
        case .within(let range): value > range.upperBound ? .fail : .inconclusive
        case .compare(let comparator, let limit):
            switch comparator {
            case .less: value >= limit ? .fail : .inconclusive
            case .lessOrEqual: value > limit ? .fail : .inconclusive
            case .greater: value > limit ? .pass : .inconclusive
            case .greaterOrEqual: value >= limit ? .pass : .inconclusive
            case .equal: value > limit ? .fail : .inconclusive
            case .notEqual: value > limit ? .pass : .inconclusive
            }
        }
    }

    /// The answer for a value that is only known to be at most this.
    func verdict(forAtMost value: Double) -> Verdict {
        // At the very value either answer is possible still: both must agree.
        let below = verdict(forLessThan: value)
        let there: Verdict = holds(for: value) ? .pass : .fail
        return there == below ? below : .inconclusive
    }

    /// The answer for a value that is only known to be less than this.
    func verdict(forLessThan value: Double) -> Verdict {
        switch self {
        case .within(let range): value <= range.lowerBound ? .fail : .inconclusive
        case .compare(let comparator, let limit):
            switch comparator {
            case .less, .lessOrEqual, .notEqual: value <= limit ? .pass : .inconclusive
            case .greater, .greaterOrEqual, .equal: value <= limit ? .fail : .inconclusive
            }
        }
    }

    /// How far a value is from the nearest limit, as a share of that limit; positive is on the good side.
    func margin(of value: Double) -> Double? {
        switch self {
        case .within(let range):
            let isNearLow = abs(value - range.lowerBound) < abs(range.upperBound - value)
            let distance = min(value - range.lowerBound, range.upperBound - value)
            return Self.share(distance, of: isNearLow ? range.lowerBound : range.upperBound)
        case .compare(let comparator, let limit):
            switch comparator {
            case .less, .lessOrEqual: return Self.share(limit - value, of: limit)
            case .greater, .greaterOrEqual: return Self.share(value - limit, of: limit)
            case .equal: return Self.share(-abs(value - limit), of: limit)
            case .notEqual: return Self.share(abs(value - limit), of: limit)
            }
        }
    }

    private static func share(_ distance: Double, of limit: Double) -> Double? {
        limit == 0 ? nil : distance / abs(limit)
    }
}

extension Expectation {
    /// The clocks on which the condition is judged: its own, and of those the ones that measure its metric.
    func clocks(among clocks: [RunClock]) -> [RunClock] {
        clocks.filter { candidate in (clock ?? candidate) == candidate && (metric.clock ?? candidate) == candidate }
    }
}

extension MetricPath {
    /// The only clock on which the metric is measured; `nil` when it is on each.
    var clock: RunClock? {
        guard case .named(let name) = self else { return nil }
        return MetricCatalogue.metric(named: name)?.clock
    }

    /// Whether every run must satisfy the condition, rather than the median over the runs.
    ///
    /// A median of counts hides the one run that lost an operation. Rates, times and averages vary from run to run.
    var isJudgedRunByRun: Bool {
        switch self {
        case .named(let name): Self.countNames.contains(name)
        case .signalCount: true
        case .timeUntilStart, .timeUntilDepth: false
        }
    }

    /// Whether less of it is better; where neither direction is, less.
    var isBetterLower: Bool {
        guard case .named(let name) = self else { return true }
        return MetricCatalogue.metric(named: name)?.better != .higher
    }

    private static let countNames: Set<String> = [
        "offered", "accepted", "refused", "completed", "failed", "cancelled", "unfinished", "lost", "duplicated",
        "concurrency.max", "depth.max",
    ]
}
