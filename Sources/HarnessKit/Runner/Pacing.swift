/// Decides which planned arrivals are due and when to look again: a pure function of time.
struct Pacing {
    /// Wake-ups closer than this are put together: below it a timer costs more than it gives.
    static let tick: Int64 = 50_000
    /// From this rate on arrivals are put together: four within 200 us are 20 000 per second.
    static let denseArrivals = 4
    static let denseSpan: Int64 = 200_000

    let starts: [Int64]
    /// The first arrival that has not been handed out.
    private(set) var cursor = 0

    /// Whether arrivals are never put together: waking up costs nothing in virtual time.
    let isExact: Bool

    init(starts: [Int64], isExact: Bool = false) {
        self.starts = starts
        self.isExact = isExact
    }

    var isFinished: Bool { cursor == starts.count }

    /// Hands out arrivals that are due, at most `limit` of them.
    mutating func due(at now: Int64, limit: Int) -> Range<Int> {
        let first = cursor
        let end = min(starts.count, first + limit)
        while cursor < end, starts[cursor] <= now { cursor += 1 }
        return first..<cursor
    }

    /// When to look again; `nil` when there are no more arrivals.
    func nextWake(after now: Int64) -> Int64? {
        guard cursor < starts.count else { return nil }
        let next = starts[cursor]
        let ahead = cursor + Self.denseArrivals
        guard !isExact, ahead < starts.count, starts[ahead] - next < Self.denseSpan else { return next }
        return max(next, now + Self.tick)
    }
}

/// Decides what happens to an arrival that the generator is late for.
struct LatenessRule: Equatable {
    var policy: Load.LatePolicy
    /// In nanoseconds; `nil` is no limit.
    var limit: Int64?

    /// Whether an arrival of this lateness is submitted.
    func submits(lateness: Int64) -> Bool {
        guard policy == .drop, let limit else { return true }
        return lateness <= limit
    }

    /// Decides whether a run with this lateness is invalid.
    ///
    /// - Parameters:
    ///   - p99: The 99th percentile of lateness in nanoseconds.
    ///   - largest: The largest lateness in nanoseconds.
    ///   - samples: How many arrivals there were.
    /// - Returns: Why the run is invalid; `nil` when it is not.
    func objection(p99: Int64, largest: Int64, samples: Int) -> String? {
        guard let limit, samples > 0 else { return nil }
        if policy == .fail, largest > limit {
            return "an arrival was submitted \(Self.words(largest)) late, more than the \(Self.words(limit)) that "
                + "\"late\": \"fail\" allows; lower the rate or free the machine"
        }
        guard p99 > limit else { return nil }
        return
            "the load generator was late: lateness p99 \(Self.words(p99)) exceeds \(Self.words(limit)); lower the rate, "
            + "free the machine or raise fidelity.lateness.p99"
    }

    private static func words(_ nanoseconds: Int64) -> String {
        nanoseconds < 1_000_000 ? "\(nanoseconds / 1000) us" : "\(Double(nanoseconds / 10_000) / 100) ms"
    }
}
