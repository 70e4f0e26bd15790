internal import EphemeralTime

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// The intended starts of open load: the phases' curves and the bursts as one ascending list of times.
///
/// - `even` puts arrival *i* (from 0) where the integral of all phases' rates reaches *i* + ½: a constant rate gives
///   equal distances, half a distance from either end, and the number of arrivals up to any time is the integral
///   rounded. The integral runs on over the phases, so no phase boundary leaves a gap or a pair.
/// - `poisson` is the time change of a unit-rate process: the integral between two arrivals is exponential with mean 1,
///   drawn from the stream `arrivals`.
/// - A burst of *n* over *d* puts its arrivals at (*i* + ½) × *d* / *n* after its beginning.
enum ArrivalSchedule {
    /// The largest number of arrivals a plan holds: 400 MB of times.
    static let limit = 50_000_000

    static func intendedStarts(
        phases: [PlannedPhase],
        arrivals: Load.Arrivals,
        bursts: [Burst],
        seed: UInt64
    ) throws(PlanError) -> [Int64] {
        var segments: [RateSegment] = []
        for planned in phases where !planned.phase.isDraining {
            let length = Double(planned.latestEnd - planned.start) / 1e9
            segments += try planned.phase.rate.segments(
                start: Double(planned.start) / 1e9,
                length: length,
                phase: planned.phase.name
            )
        }
        let expected = segments.reduce(0) { $0 + $1.total } + bursts.reduce(0) { $0 + Double(max(0, $1.count)) }
        guard expected <= Double(limit) else {
            throw PlanError(
                message: "the load has about \(expected.formattedCount) arrivals, more than the \(limit) a plan holds; "
                    + "lower the rates, shorten the phases, or use closed load"
            )
        }
        let ofPhases =
            switch arrivals {
            case .even: evenArrivals(segments)
            case .poisson: poissonArrivals(segments, seed: seed)
            }
        guard !bursts.isEmpty else { return ofPhases }
        let end = phases.last { !$0.phase.isDraining }?.latestEnd ?? 0
        var ofBursts: [Int64] = []
        for burst in bursts {
            ofBursts += try arrivalTimes(of: burst, before: end)
        }
        ofBursts.sort()
        return merged(ofPhases, ofBursts)
    }

    private static func evenArrivals(_ segments: [RateSegment]) -> [Int64] {
        var index = 0
        return arrivals(segments) {
            defer { index += 1 }
            return Double(index) + 0.5
        }
    }

    private static func poissonArrivals(_ segments: [RateSegment], seed: UInt64) -> [Int64] {
        let stream = CounterRandom(seed: seed, stream: "arrivals")
        var index = 0
        var cumulative = 0.0
        return arrivals(segments) {
            cumulative -= log1p(-stream.word(index).unitInterval)
            index += 1
            return cumulative
        }
    }

    /// The times at which the integral of the segments reaches each of an ascending sequence of values.
    private static func arrivals(_ segments: [RateSegment], nextCumulative: () -> Double) -> [Int64] {
        var times: [Int64] = []
        times.reserveCapacity(Int(segments.reduce(0) { $0 + $1.total }) + 1)
        var before = 0.0
        var next = nextCumulative()
        for segment in segments {
            let total = segment.total
            // Rounding must not push an arrival past its segment into the next phase.
            let last = Int64((segment.end * 1e9).rounded()) - 1
            while next - before < total {
                let time = segment.start + segment.time(ofCumulative: next - before)
                times.append(min(Int64((time * 1e9).rounded()), last))
                next = nextCumulative()
            }
            before += total
        }
        return times
    }

    private static func arrivalTimes(of burst: Burst, before end: Int64) throws(PlanError) -> [Int64] {
        let at = burst.at.clampedNanoseconds
        let over = burst.over.clampedNanoseconds
        guard at >= 0, over >= 0, at < end, over <= end - at else {
            throw PlanError(
                message: "burst '\(burst.id)' does not lie within the phases that offer load, "
                    + "which end at \(Double(end) / 1e9) s; move it or lengthen the last of them"
            )
        }
        guard burst.count >= 0 else {
            throw PlanError(message: "burst '\(burst.id)' has \(burst.count) arrivals; give it none or more")
        }
        let distance = burst.count > 0 ? Double(over) / Double(burst.count) : 0
        return (0..<burst.count).map { at + Int64((Double($0) + 0.5) * distance) }
    }

    /// Merges two ascending lists; of equal times, those of the phases come first.
    private static func merged(_ left: [Int64], _ right: [Int64]) -> [Int64] {
        var result: [Int64] = []
        result.reserveCapacity(left.count + right.count)
        var next = 0
        for time in left {
            while next < right.count, right[next] < time {
                result.append(right[next])
                next += 1
            }
            result.append(time)
        }
        result += right[next...]
        return result
    }
}

extension Double {
    /// A large count as people read it: whole, and without exponent while it has one.
    var formattedCount: String {
        abs(self) < 1e15 ? String(Int64(rounded())) : String(self)
    }
}
