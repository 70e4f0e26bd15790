internal import EphemeralTime

/// What the timeline does to the work of attempts: how long it takes, and when nobody goes on with it.
///
/// All of it is known before the run, so that it depends on the time of the run alone and not on what the target does.
struct TimedConditions: Sendable {
    /// From when on which work time holds; `nil` is the scenario's own.
    private struct Change: Sendable {
        var time: Int64
        var sampler: DurationSampler?
    }

    private let changes: [Change]
    /// Ascending and apart.
    private let stalls: [Range<Int64>]

    init(_ timeline: [TimelineEvent]) {
        var settings: [(span: Range<Int64>, sampler: DurationSampler)] = []
        var stalls: [Range<Int64>] = []
        for event in timeline {
            switch event.action {
            case .setWorkTime(let distribution):
                let sampler = DurationSampler(distribution)
                settings += event.spans.map { ($0, sampler) }
            case .stall:
                stalls += event.spans
            default:
                break
            }
        }
        changes = Self.changes(settings)
        self.stalls = Self.union(stalls)
    }

    /// Whether the timeline leaves the work alone.
    var isEmpty: Bool { changes.isEmpty && stalls.isEmpty }

    /// The work time of attempts that begin at a time; `nil` is the scenario's own.
    func work(at time: Int64) -> DurationSampler? {
        let next = changes.partitionPoint { $0.time > time }
        return next > 0 ? changes[next - 1].sampler : nil
    }

    /// How much longer work takes that begins at a time, because it rests while a stall lasts.
    func stall(of work: Int64, from start: Int64) -> Int64 {
        var (now, left, delay) = (start, work, Int64(0))
        for stall in stalls[stalls.partitionPoint { $0.upperBound > start }...] {
            if now < stall.lowerBound {
                let time = stall.lowerBound - now
                guard left > time else { break }
                left -= time
                now = stall.lowerBound
            }
            delay += stall.upperBound - now
            now = stall.upperBound
        }
        return delay
    }

    /// Of several settings in force, the one that began last holds.
    private static func changes(_ settings: [(span: Range<Int64>, sampler: DurationSampler)]) -> [Change] {
        var edges: [(time: Int64, number: Int, begins: Bool)] = []
        for (number, setting) in settings.enumerated() {
            edges.append((setting.span.lowerBound, number, true))
            edges.append((setting.span.upperBound, number, false))
        }
        edges.sort { ($0.time, $0.begins ? 1 : 0, $0.number) < ($1.time, $1.begins ? 1 : 0, $1.number) }
        var inForce: [Int] = []
        return edges.map { edge in
            if edge.begins {
                inForce.append(edge.number)
            } else if let place = inForce.lastIndex(of: edge.number) {
                inForce.remove(at: place)
            }
            return Change(time: edge.time, sampler: inForce.last.map { settings[$0].sampler })
        }
    }

    private static func union(_ spans: [Range<Int64>]) -> [Range<Int64>] {
        spans.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { union, span in
            if let last = union.last, span.lowerBound <= last.upperBound {
                union[union.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
            } else {
                union.append(span)
            }
        }
    }
}

extension TimelineEvent {
    /// The stretches of time over which it lasts, for ever without a duration.
    fileprivate var spans: [Range<Int64>] {
        (0..<max(1, times)).map { number in
            let begin = (at + (every ?? .zero) * number).clampedNanoseconds
            let end = duration.map { begin.addingReportingOverflow($0.clampedNanoseconds) }
            return begin..<(end.map { $0.overflow ? .max : $0.partialValue } ?? .max)
        }
    }
}
