/// Whether a run came to rest: the course of its response times, window by window.
///
/// As Barrett and others did for virtual machines (OOPSLA 2017): the series of window medians is cut where its level
/// changes, and the last level is compared with those before it.
public struct SteadyState: Codable, Sendable, Equatable {
    /// What the course looks like.
    public var course: Course
    /// The window with which the last level begins.
    public var steadyFrom: Int
    /// How many windows there are.
    public var windows: Int

    /// A course of a run.
    public enum Course: String, Codable, Sendable, CaseIterable {
        /// One level throughout.
        case flat
        /// Slow at first, then steady.
        case warmUp = "warm-up"
        /// Fast at first, then steady and slower.
        case slowdown
        /// No level holds for the last half of the run.
        case none
    }

    /// Classifies a series; lower values are faster.
    ///
    /// There is none for fewer than eight windows, which cannot tell a level from a coincidence.
    ///
    /// Levels that differ by less than a share of the last one count as one: what no reader would call a change is none.
    ///
    /// - Parameters:
    ///   - medians: The median of each window, in order.
    ///   - tolerance: Which share of the last level counts as no difference.
    public init?(medians: [Double], tolerance: Double = 0.05) {
        guard medians.count >= 8 else { return nil }
        windows = medians.count
        let segments = ChangePoints.segments(of: medians)
        let levels = segments.map { OrderStatistics.mean(Array(medians[$0])) ?? 0 }
        let last = levels[levels.count - 1]
        // Equal neighbours of the last level belong to it.
        var first = segments.count - 1
        while first > 0, abs(levels[first - 1] - last) <= tolerance * abs(last) { first -= 1 }
        steadyFrom = segments[first].lowerBound
        if first == 0 {
            course = .flat
        } else if 2 * (medians.count - steadyFrom) < medians.count {
            course = .none
        } else {
            let before = OrderStatistics.mean(Array(medians[..<steadyFrom])) ?? last
            course = before > last ? .warmUp : .slowdown
        }
    }
}
