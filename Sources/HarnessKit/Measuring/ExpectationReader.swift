internal import EphemeralTime

/// What one run says about the metric of an expectation.
struct Reading: Codable, Sendable, Equatable {
    var metric: Metric?
    /// Whether the true value is at least the metric's: what was waited for had not come when the run ended.
    var isLowerBound = false
    /// Whether the true value is below the metric's: not even the lowest rate of a search held.
    var isUpperBound = false
    /// Why there is no value.
    var missing: String?
    /// Whether the load gave no occasion to measure it, whatever the target did with it.
    var lacksOccasion = false

    static func missing(_ reason: String, lacksOccasion: Bool = false) -> Reading {
        Reading(metric: nil, missing: reason, lacksOccasion: lacksOccasion)
    }
}

/// Reads the metrics of expectations from one run.
struct ExpectationReader {
    let artifacts: RunArtifacts
    /// Indexing a history takes a while: once for all windows of a run.
    private lazy var metrics: HistoryMetrics? = artifacts.history.map {
        HistoryMetrics(
            history: $0,
            plan: artifacts.plan,
            phaseSpans: artifacts.spans,
            closing: artifacts.closing
        )
    }

    init(_ artifacts: RunArtifacts) {
        self.artifacts = artifacts
    }

    mutating func read(_ expectation: Expectation) -> Reading {
        switch expectation.metric {
        case .named(let name): named(name, expectation)
        case .signalCount(let pattern): signalCount(pattern, expectation)
        case .timeUntilStart(let statistic): timeUntilStart(after: expectation.after, statistic: statistic)
        case .timeUntilDepth(let depth): timeUntilDepth(atMost: depth, after: expectation.after)
        }
    }

    private mutating func named(_ name: String, _ expectation: Expectation) -> Reading {
        let table: MetricTable
        if let window = expectation.window {
            guard let metrics else { return needsHistory }
            table = metrics.table(window: window.nanoseconds)
        } else if let phase = expectation.phase {
            guard let result = artifacts.run.phases.first(where: { $0.name == phase }) else {
                return .missing("the run has no phase '\(phase)'")
            }
            table = result.metrics
        } else {
            table = artifacts.run.total
        }
        guard let metric = table[name] else {
            // Where enough was offered, a target that did none of it has no excuse.
            let percentile = DurationSamples.percentile(of: name)
            let needed = percentile.map { OrderStatistics.samplesNeeded(forQuantile: $0.share) } ?? 1
            let isScarce = table["offered"]?.value ?? 0 < Double(needed)
            return .missing(Self.reason(for: name, in: table), lacksOccasion: isScarce)
        }
        return Reading(metric: metric)
    }

    private static func reason(for name: String, in table: MetricTable) -> String {
        guard let percentile = DurationSamples.percentile(of: name) else { return "nothing was measured" }
        let family = name.dropLast(percentile.name.count + 1)
        guard let count = table["\(family).count"]?.value else { return "nothing was measured" }
        let needed = OrderStatistics.samplesNeeded(forQuantile: percentile.share)
        if Int(count) >= needed { return "unstable: the queue grew throughout, so that percentiles say nothing" }
        return "\(FindingText.count(Int(count), "sample")); the \(percentile.name) needs \(needed)"
    }

    /// Signals raised in the phase or window; without either, in the whole run, so that none escapes between phases.
    private func signalCount(_ pattern: String, _ expectation: Expectation) -> Reading {
        guard let history = artifacts.history else { return needsHistory }
        let phase = expectation.phase.flatMap { name in artifacts.spans.first { $0.name == name }?.range }
        if let name = expectation.phase, phase == nil { return .missing("the run has no phase '\(name)'") }
        let range = expectation.window?.nanoseconds ?? phase ?? .min..<(.max)
        let glob = Glob(pattern)
        let matches = history.signalNames.map { glob.matches($0) }
        let count = history.events.count { event in
            event.kind == .signalRaised && range.contains(event.time)
                && matches.indices.contains(Int(event.detail)) && matches[Int(event.detail)]
        }
        return Reading(metric: Metric(value: Double(count), unit: .count, n: count))
    }

    private func timeUntilStart(after name: String?, statistic: String) -> Reading {
        reading(after: name, statistic: statistic, isForDepth: false) { history, occurrences in
            let starts = history.events.filter { $0.kind == .started && $0.attempt <= 1 }.map(\.time)
            return occurrences.map { occurrence in
                starts[starts.lowerBound(of: occurrence.search)...].first.map { $0 - occurrence.origin }
            }
        }
    }

    private func timeUntilDepth(atMost depth: Int, after name: String?) -> Reading {
        reading(after: name, statistic: "max", isForDepth: true) { history, occurrences in
            var sweep = LevelSweep(history)
            var times: [Int64?] = Array(repeating: nil, count: occurrences.count)
            var waiting: [Int] = []
            var next = 0
            func begin(before time: Int64) {
                while next < occurrences.count, occurrences[next].search < time {
                    let occurrence = occurrences[next]
                    if sweep.depth <= depth {
                        times[next] = occurrence.search - occurrence.origin
                    } else {
                        waiting.append(next)
                    }
                    next += 1
                }
            }
            for event in history.events {
                begin(before: event.time)
                sweep.apply(event)
                guard sweep.depth <= depth, !waiting.isEmpty else { continue }
                for index in waiting { times[index] = event.time - occurrences[index].origin }
                waiting.removeAll()
            }
            begin(before: artifacts.end)
            return times
        }
    }

    /// Reduces the times after each occurrence of an event to one value; `nil` times run to the end of the run.
    private func reading(
        after name: String?,
        statistic: String,
        isForDepth: Bool,
        times: (_ history: History, _ occurrences: [EventOccurrence]) -> [Int64?]
    ) -> Reading {
        guard let history = artifacts.history else { return needsHistory }
        guard let name else { return .missing("the expectation names no event; add \"after\"") }
        let occurrences = artifacts.occurrences(of: name, isForDepth: isForDepth)
            .filter { $0.search < artifacts.end }
        guard !occurrences.isEmpty else {
            return .missing("the event '\(name)' did not happen", lacksOccasion: true)
        }
        let found = times(history, occurrences)
        let known = zip(found, occurrences).map { time, occurrence in time ?? artifacts.end - occurrence.origin }
        let share = DurationSamples.percentiles.first { $0.name == statistic }?.share ?? 1
        let value = OrderStatistics.quantile(share, ofSorted: known.sorted()) ?? 0
        let metric = Metric(value: Double(value) / 1e9, unit: .seconds, n: occurrences.count)
        return Reading(metric: metric, isLowerBound: found.contains { $0 == nil })
    }

    private var needsHistory: Reading {
        .missing("needs the history; the scenario records \"\(artifacts.plan.scenario.record.rawValue)\"")
    }
}

extension RunArtifacts {
    /// When observation ended, in nanoseconds from the start of the run.
    fileprivate var end: Int64 {
        max(spans.last?.end ?? 0, (history?.events.last?.time ?? 0) + 1)
    }
}

extension ClosedRange<Duration> {
    /// The window as intended starts: the lower bound belongs to it, the upper does not.
    fileprivate var nanoseconds: Range<Int64> {
        lowerBound.clampedNanoseconds..<upperBound.clampedNanoseconds
    }
}

extension [Int64] {
    /// The index of the first element, of an ascending array, that is not below `value`.
    fileprivate func lowerBound(of value: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
