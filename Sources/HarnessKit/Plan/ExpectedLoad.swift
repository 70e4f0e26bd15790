internal import EphemeralTime

/// The expected number of arrivals over time, in closed form.
struct ExpectedLoad {
    private let segments: [RateSegment]
    private let bursts: [Burst]

    init(_ load: Load, phases: [PlannedPhase]) throws(PlanError) {
        var segments: [RateSegment] = []
        for planned in phases where !planned.phase.isDraining {
            segments += try planned.phase.rate.segments(
                start: Double(planned.start) / 1e9,
                length: Double(planned.latestEnd - planned.start) / 1e9,
                phase: planned.phase.name
            )
        }
        self.segments = segments
        bursts = load.bursts
    }

    /// The arrivals of the phases' curves between two times, in seconds from the start of the run.
    func ofPhases(from: Double, to: Double) -> Double {
        segments.reduce(0) { sum, segment in
            let low = min(max(from, segment.start), segment.end) - segment.start
            let high = min(max(to, segment.start), segment.end) - segment.start
            return sum + (high > low ? segment.cumulative(at: high) - segment.cumulative(at: low) : 0)
        }
    }

    /// The arrivals of all bursts between two times.
    func ofBursts(from: Double, to: Double) -> Double {
        bursts.reduce(0) { sum, burst in
            let begin = burst.at.inSeconds
            let length = burst.over.inSeconds
            guard length > 0 else { return sum + (begin >= from && begin < to ? Double(burst.count) : 0) }
            let overlap = min(to, begin + length) - max(from, begin)
            return sum + max(0, overlap) / length * Double(burst.count)
        }
    }

    /// All arrivals between two times.
    func arrivals(from: Double, to: Double) -> Double {
        ofPhases(from: from, to: to) + ofBursts(from: from, to: to)
    }
}
