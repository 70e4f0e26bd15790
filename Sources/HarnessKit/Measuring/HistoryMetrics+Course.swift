extension HistoryMetrics {
    /// Whether the response times of the measured phases came to rest.
    ///
    /// The measured phases are cut into windows of at least 100 ms, of which each gives the median of what was due in it.
    ///
    /// - Returns: `nil` where fewer than eight windows have samples enough.
    public func course() -> SteadyState? {
        SteadyState(medians: windowMedians())
    }

    /// The median response of each window that has at least five samples, in seconds.
    func windowMedians(windows most: Int = 60) -> [Double] {
        let measured = phaseSpans.filter(\.measured)
        let length = measured.reduce(0) { $0 + ($1.end - $1.start) }
        let width = max(Self.shortestWindow, length / Int64(most) + 1)
        return measured.flatMap { span -> [Double] in
            let count = Int((span.end - span.start) / width)
            guard count > 0 else { return [] }
            var samples = Array(repeating: [Double](), count: count)
            for (due, response) in responses(in: span.range) {
                let window = Int((due - span.start) / width)
                if window < count { samples[window].append(Double(response) / 1e9) }
            }
            return samples.filter { $0.count >= Self.fewestSamples }.compactMap { OrderStatistics.median($0) }
        }
    }

    private static let shortestWindow: Int64 = 100_000_000
    private static let fewestSamples = 5

    /// The phases through which the queue grew: more was offered than the target could do.
    ///
    /// The depth is averaged over twenty equal parts of a phase; it must rise beyond chance (Mann and Kendall, 0.1 %), by at
    /// least 20 operations, and by at least half of what it comes to.
    ///
    /// - Parameter isCandidate: Whether a phase of this number is offered the same rate throughout.
    /// - Returns: The phases' numbers, with the operations per second by which the queue grew.
    func growingQueues(where isCandidate: (Int) -> Bool) -> [(phase: Int, perSecond: Double)] {
        phaseSpans.indices.filter(isCandidate).compactMap { index in
            let span = phaseSpans[index]
            let depths = meanDepths(in: span.range, parts: Self.parts)
            guard let trend = TrendTest(depths), trend.risingProbability < 0.001, let last = depths.last else {
                return nil
            }
            let growth = trend.slope * Double(Self.parts)
            guard growth >= 20, growth >= last / 2, span.seconds > 0 else { return nil }
            return (index, growth / span.seconds)
        }
    }

    private static let parts = 20

    /// The mean depth of each of equal parts of a span.
    func meanDepths(in range: Range<Int64>, parts: Int) -> [Double] {
        let width = (range.upperBound - range.lowerBound) / Int64(parts)
        guard width > 0 else { return [] }
        var sums = Array(repeating: 0.0, count: parts)
        integrate(in: range.lowerBound..<(range.lowerBound + width * Int64(parts))) { from, to, sweep in
            // A stretch may reach over several parts.
            var from = from
            while from < to {
                let part = Int((from - range.lowerBound) / width)
                let end = min(to, range.lowerBound + Int64(part + 1) * width)
                sums[part] += Double(sweep.depth) * Double(end - from)
                from = end
            }
        }
        return sums.map { $0 / Double(width) }
    }

    /// The mean number of attempts in flight over a span.
    func meanInFlight(in range: Range<Int64>) -> Double {
        var sum = 0.0
        integrate(in: range) { from, to, sweep in sum += Double(sweep.inFlight) * Double(to - from) }
        return range.isEmpty ? 0 : sum / Double(range.upperBound - range.lowerBound)
    }

    /// Calls `body` with each stretch of a span in which no level changes.
    private func integrate(in range: Range<Int64>, _ body: (_ from: Int64, _ to: Int64, _ sweep: LevelSweep) -> Void) {
        var sweep = LevelSweep(history)
        var time = range.lowerBound
        for event in history.events {
            let next = min(max(event.time, time), range.upperBound)
            if next > time { body(time, next, sweep) }
            time = next
            sweep.apply(event)
        }
        if time < range.upperBound { body(time, range.upperBound, sweep) }
    }
}
