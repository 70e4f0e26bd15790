extension HistoryMetrics {
    /// Levels over the run, for charts.
    ///
    /// `offered`, `started`, `completed` and `failed` are events per second of the interval they fall into (submissions
    /// and attempts by their actual times). `depth` and `inFlight` are the highest levels within the interval, so that
    /// no spike falls between two samples. The last interval may reach past the end of the run.
    ///
    /// - Parameter interval: Nanoseconds between points; at least one.
    /// - Returns: Six series of equal length.
    public func series(interval: Int64) -> [LevelSeries] {
        let interval = max(1, interval)
        let end = phaseSpans.last?.end ?? (history.events.last?.time ?? 0) + 1
        let count = Int((max(0, end) + interval - 1) / interval)
        var rates = Rate.allCases.map { (kind: $0, counts: Array(repeating: 0, count: count)) }
        var depth = Array(repeating: 0, count: count)
        var inFlight = Array(repeating: 0, count: count)
        var sweep = LevelSweep(history)
        var filled = 0
        for event in history.events {
            let slot = Int(max(0, event.time) / interval)
            guard slot < count else { break }
            // Intervals without events, and the beginning of this one, keep the level that the last event left.
            while filled <= slot {
                depth[filled] = sweep.depth
                inFlight[filled] = sweep.inFlight
                filled += 1
            }
            sweep.apply(event)
            depth[slot] = max(depth[slot], sweep.depth)
            inFlight[slot] = max(inFlight[slot], sweep.inFlight)
            if let rate = Rate(event.kind) { rates[rate.rawValue].counts[slot] += 1 }
        }
        while filled < count {
            depth[filled] = sweep.depth
            inFlight[filled] = sweep.inFlight
            filled += 1
        }
        let seconds = Double(interval) / 1e9
        let perSecond = rates.map { rate in
            LevelSeries(
                name: rate.kind.name,
                unit: .perSecond,
                interval: seconds,
                values: rate.counts.map { Double($0) / seconds }
            )
        }
        let levels = [("depth", depth), ("inFlight", inFlight)].map { name, values in
            LevelSeries(name: name, unit: .count, interval: seconds, values: values.map(Double.init))
        }
        return perSecond + levels
    }

    /// An interval of a round length that divides a run into at most so many points.
    ///
    /// - Parameters:
    ///   - nanoseconds: The run's length.
    ///   - points: How many points at most.
    /// - Returns: 1, 2 or 5 times a power of ten, in nanoseconds, at least 1 ms.
    public static func seriesInterval(for nanoseconds: Int64, points: Int = 240) -> Int64 {
        var decade: Int64 = 1_000_000
        while decade < Int64.max / 100 {
            for factor in [1, 2, 5] as [Int64] where nanoseconds / (decade * factor) < Int64(max(1, points)) {
                return decade * factor
            }
            decade *= 10
        }
        return decade
    }

    private enum Rate: Int, CaseIterable {
        case offered
        case started
        case completed
        case failed

        init?(_ kind: HistoryEvent.Kind) {
            switch kind {
            case .submitted: self = .offered
            case .started: self = .started
            case .completed: self = .completed
            case .failed: self = .failed
            default: return nil
            }
        }

        var name: String {
            switch self {
            case .offered: "offered"
            case .started: "started"
            case .completed: "completed"
            case .failed: "failed"
            }
        }
    }
}
