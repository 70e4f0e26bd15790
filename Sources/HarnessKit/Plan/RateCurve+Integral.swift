#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#endif

/// A stretch of time over which the arrival rate has one closed form, with its exact integral and the integral's inverse.
struct RateSegment: Sendable, Equatable {
    /// Seconds from the start of the run.
    var start: Double
    /// In seconds; positive.
    var length: Double
    var shape: Shape

    enum Shape: Sendable, Equatable {
        case linear(from: Double, to: Double)
        /// `base + (peak - base) × (1 - cos 2πt/L) / 2`.
        case raisedCosine(base: Double, peak: Double)
    }

    var end: Double { start + length }

    /// How many arrivals the whole segment stands for.
    var total: Double {
        switch shape {
        case .linear(let from, let to): (from + to) / 2 * length
        case .raisedCosine(let base, let peak): (base + peak) / 2 * length
        }
    }

    /// The integral of the rate over the first `time` seconds of the segment.
    func cumulative(at time: Double) -> Double {
        switch shape {
        case .linear(let from, let to):
            return from * time + (to - from) / length * time * time / 2
        case .raisedCosine(let base, let peak):
            let angle = 2 * Double.pi / length
            return base * time + (peak - base) / 2 * (time - sin(angle * time) / angle)
        }
    }

    /// How many seconds into the segment the integral reaches `count`.
    ///
    /// - Parameter count: From 0 to ``total``.
    /// - Returns: From 0 to ``length``.
    func time(ofCumulative count: Double) -> Double {
        guard count > 0 else { return 0 }
        switch shape {
        case .linear(let from, let to):
            // The root in the form that keeps its digits when the slope or the first rate is nearly zero.
            let slope = (to - from) / length
            let root = max(0, from * from + 2 * slope * count).squareRoot()
            let divisor = from + root
            return divisor > 0 ? min(length, 2 * count / divisor) : length
        case .raisedCosine:
            return solve(count)
        }
    }

    private func rate(at time: Double) -> Double {
        switch shape {
        case .linear(let from, let to): from + (to - from) * time / length
        case .raisedCosine(let base, let peak): base + (peak - base) * (1 - cos(2 * .pi * time / length)) / 2
        }
    }

    /// Newton's method, kept inside a shrinking bracket because the rate may vanish at the ends.
    private func solve(_ count: Double) -> Double {
        var low = 0.0
        var high = length
        var time = length * min(1, count / total)
        for _ in 0..<80 {
            let excess = cumulative(at: time) - count
            if excess > 0 { high = time } else { low = time }
            let slope = rate(at: time)
            let newton = slope > 0 ? time - excess / slope : low
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - time) < 1e-10 { return next }
            time = next
        }
        return time
    }
}

extension RateCurve {
    /// The curve as segments over a phase.
    ///
    /// - Parameters:
    ///   - start: The phase's start in seconds from the start of the run.
    ///   - length: The phase's length in seconds.
    ///   - phase: The phase's name, for messages.
    /// - Returns: Segments that follow each other without gaps and fill the phase.
    /// - Throws: ``PlanError`` for rates that are no rates and steps that do not fill the phase.
    func segments(start: Double, length: Double, phase: String) throws(PlanError) -> [RateSegment] {
        try requireRates(phase: phase)
        guard length > 0 else { return [] }
        switch self {
        case .constant(let rate):
            return [RateSegment(start: start, length: length, shape: .linear(from: rate, to: rate))]
        case .linear(let from, let to):
            return [RateSegment(start: start, length: length, shape: .linear(from: from, to: to))]
        case .spike(let base, let peak):
            return [RateSegment(start: start, length: length, shape: .raisedCosine(base: base, peak: peak))]
        case .steps(let steps):
            return try Self.segments(steps: steps, start: start, length: length, phase: phase)
        }
    }

    private static func segments(
        steps: [Step],
        start: Double,
        length: Double,
        phase: String
    ) throws(PlanError) -> [RateSegment] {
        let fixed = steps.reduce(0) { $0 + ($1.duration?.inSeconds ?? 0) }
        let open = steps.filter { $0.duration == nil }.count
        // Durations are whole nanoseconds or coarser: a picosecond is rounding.
        guard fixed <= length + 1e-12 else {
            throw PlanError(
                message: "phase '\(phase)': its steps last \(fixed) s, longer than the phase's \(length) s; "
                    + "shorten the steps or lengthen the phase"
            )
        }
        guard open > 0 || fixed >= length - 1e-12 else {
            throw PlanError(
                message: "phase '\(phase)': its steps end after \(fixed) s of \(length) s; "
                    + "leave the time out of one step, which then takes what is left"
            )
        }
        let share = open > 0 ? max(0, length - fixed) / Double(open) : 0
        var segments: [RateSegment] = []
        var at = start
        for step in steps {
            let stepLength = step.duration?.inSeconds ?? share
            if stepLength > 0 {
                let shape = RateSegment.Shape.linear(from: step.rate, to: step.rate)
                segments.append(RateSegment(start: at, length: stepLength, shape: shape))
            }
            at += stepLength
        }
        return segments
    }

    private func requireRates(phase: String) throws(PlanError) {
        let rates =
            switch self {
            case .constant(let rate): [rate]
            case .linear(let from, let to): [from, to]
            case .steps(let steps): steps.map(\.rate)
            case .spike(let base, let peak): [base, peak]
            }
        guard let wrong = rates.first(where: { !($0 >= 0 && $0.isFinite) }) else { return }
        throw PlanError(message: "phase '\(phase)': \(wrong) arrivals per second; a rate is a number from 0 up")
    }
}

extension Duration {
    /// The duration in seconds, as exactly as a `Double` can tell.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
