/// How long after a disturbance responses are as they were before it.
///
/// The disturbance lasts from the beginning of the first fault that has a window (`during`) to the end of the last. Before
/// it, operations of measured phases set the level: the 99th percentile of their responses and the share that completed.
/// After it, the operations are cut by intended start into slices of equal length, 100 ms or what it takes for 20 of them
/// to arrive. A slice is healthy when nine in ten of its responses are within the level, and the share of completed
/// operations is at most five points below it. The recovery is the time from the end of the disturbance to the beginning of
/// the first healthy slice that another healthy one follows.
struct Recovery {
    private static let shortestSlice: Int64 = 100_000_000
    private static let operationsPerSlice = 20
    private static let toleratedShare = 0.05

    private let operations: PlannedOperations
    private let disturbance: Range<Int64>
    private let spans: [PhaseSpan]

    init(_ operations: PlannedOperations, disturbance: Range<Int64>, spans: [PhaseSpan]) {
        self.operations = operations
        self.disturbance = disturbance
        self.spans = spans
    }

    /// The recovery and the number of operations that it was judged by; `nil` without enough operations before or after,
    /// and when they never recovered.
    var metric: Metric? {
        let measured = spans.filter(\.measured)
        let before = Group(operations, in: measured.map { $0.range.clamped(to: .min..<disturbance.lowerBound) })
        guard before.offered >= Self.operationsPerSlice, let level = before.quantile(0.99) else { return nil }
        let end = measured.map(\.end).max() ?? 0
        let lengthBefore = measured.reduce(0) { $0 + max(0, min($1.end, disturbance.lowerBound) - $1.start) }
        let arrival = lengthBefore / Int64(before.offered)
        let slice = max(Self.shortestSlice, arrival * Int64(Self.operationsPerSlice))
        var start = disturbance.upperBound
        var firstHealthy: Int64?
        while start + slice <= end {
            let group = Group(operations, in: [start..<(start + slice)])
            let isHealthy =
                group.share >= before.share - Self.toleratedShare && (group.quantile(0.9) ?? .max) <= level
            if isHealthy, let firstHealthy {
                let seconds = Double(firstHealthy - disturbance.upperBound) / 1e9
                return Metric(value: seconds, unit: .seconds, n: before.offered)
            }
            firstHealthy = isHealthy ? start : nil
            start += slice
        }
        return nil
    }
}

/// The operations whose intended starts lie in some stretches of time.
private struct Group {
    private(set) var offered = 0
    private var responses: [Int64] = []

    init(_ operations: PlannedOperations, in ranges: [Range<Int64>]) {
        for (index, record) in operations.table.records.enumerated() where record.isSeen {
            let intended = operations.intendedStarts[index]
            guard ranges.contains(where: { $0.contains(intended) }) else { continue }
            offered += 1
            if record.fate == .completed { responses.append(record.finish - intended) }
        }
        responses.sort()
    }

    /// The share that completed.
    var share: Double { offered == 0 ? 0 : Double(responses.count) / Double(offered) }

    /// The response that this share of the completed operations does not exceed.
    func quantile(_ share: Double) -> Int64? {
        guard !responses.isEmpty else { return nil }
        return responses[max(0, Int((Double(responses.count) * share).rounded(.up)) - 1)]
    }
}
