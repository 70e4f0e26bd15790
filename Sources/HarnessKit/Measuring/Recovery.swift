/// How long after a disturbance responses are as they were before it.
///
/// The disturbance lasts from the beginning of the first fault that has a window (`during`) to the end of the last. Before
/// it, operations of measured phases set the level: the 99th percentile of their responses and the share that completed.
/// After it, the operations are cut by intended start into slices of equal length, 100 ms or what it takes for 20 of them
/// to arrive. A slice is healthy when nine in ten of its responses are within the level, and the share of completed
/// operations is at most five points below it. The recovery is the time from the end of the disturbance to the beginning of
/// the first healthy slice that another healthy one follows; where no two such slices come, it is the time to the end of the
/// measured phases, which is less than it would take.
struct Recovery {
    private static let shortestSlice: Int64 = 100_000_000
    private static let operationsPerSlice = 20
    private static let toleratedShare = 0.05

    /// In the order of their intended starts.
    private let arrivals: [Arrival]
    private let disturbance: Range<Int64>
    private let spans: [PhaseSpan]

    init(_ operations: PlannedOperations, disturbance: Range<Int64>, spans: [PhaseSpan]) {
        arrivals = operations.table.records.enumerated()
            .compactMap { index, record in
                guard record.isSeen else { return nil }
                let intended = operations.intendedStarts[index]
                let response = record.fate == .completed ? record.finish - intended : nil
                return Arrival(intended: intended, response: response)
            }
            .sorted { $0.intended < $1.intended }
        self.disturbance = disturbance
        self.spans = spans
    }

    /// The recovery and the number of operations that it was judged by; `nil` without enough operations before, and when
    /// the measured phases end with the disturbance.
    var metric: Metric? {
        let measured = spans.filter(\.measured)
        let before = Group(measured.flatMap { arrivals(in: $0.range.clamped(to: .min..<disturbance.lowerBound)) })
        guard before.offered >= Self.operationsPerSlice, let level = before.quantile(0.99) else { return nil }
        let end = measured.map(\.end).max() ?? 0
        let lengthBefore = measured.reduce(0) { $0 + max(0, min($1.end, disturbance.lowerBound) - $1.start) }
        let distance = lengthBefore / Int64(before.offered)
        let slice = max(Self.shortestSlice, distance * Int64(Self.operationsPerSlice))
        var start = disturbance.upperBound
        guard start + slice <= end else { return nil }
        var firstHealthy: Int64?
        while start + slice <= end {
            let group = Group(arrivals(in: start..<(start + slice)))
            let isHealthy =
                group.share >= before.share - Self.toleratedShare && (group.quantile(0.9) ?? .max) <= level
            if isHealthy, let firstHealthy { return metric(firstHealthy, before) }
            firstHealthy = isHealthy ? start : nil
            start += slice
        }
        return metric(end, before)
    }

    private func metric(_ time: Int64, _ before: Group) -> Metric {
        Metric(value: Double(time - disturbance.upperBound) / 1e9, unit: .seconds, n: before.offered)
    }

    private func arrivals(in range: Range<Int64>) -> ArraySlice<Arrival> {
        let first = arrivals.partitionPoint { $0.intended >= range.lowerBound }
        let last = arrivals.partitionPoint { $0.intended >= range.upperBound }
        return arrivals[first..<max(first, last)]
    }
}

/// An operation when it was due, with its response if it completed.
private struct Arrival: Sendable {
    var intended: Int64
    var response: Int64?
}

/// Some of the operations.
private struct Group {
    let offered: Int
    private let responses: [Int64]

    init(_ arrivals: some Collection<Arrival>) {
        offered = arrivals.count
        responses = arrivals.compactMap(\.response).sorted()
    }

    /// The share that completed.
    var share: Double { offered == 0 ? 0 : Double(responses.count) / Double(offered) }

    /// The response that this share of the completed operations does not exceed.
    func quantile(_ share: Double) -> Int64? {
        guard !responses.isEmpty else { return nil }
        return responses[max(0, Int((Double(responses.count) * share).rounded(.up)) - 1)]
    }
}
