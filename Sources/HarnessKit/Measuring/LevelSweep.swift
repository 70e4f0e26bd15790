/// How many operations wait and how many attempts run, followed event by event.
///
/// An operation waits from its acceptance to its first start. Where the start was recorded before the acceptance,
/// because the target was faster than the return from `submit`, it never waited.
struct LevelSweep: Sendable {
    /// Accepted operations that have not started.
    private(set) var depth = 0
    /// Attempts that have begun and not ended.
    private(set) var inFlight = 0
    private var places: [Place]

    private enum Place: UInt8 {
        case before
        case waiting
        case past
    }

    init(_ history: History) {
        let count = history.events.reduce(0) { max($0, Int($1.operation) + 1) }
        places = Array(repeating: .before, count: count)
    }

    mutating func apply(_ event: HistoryEvent) {
        guard event.operation >= 0 else { return }
        let index = Int(event.operation)
        switch event.kind {
        case .accepted where places[index] == .before:
            places[index] = .waiting
            depth += 1
        case .started:
            inFlight += 1
            leave(index)
        case .completed, .failed, .cancelled:
            inFlight = max(0, inFlight - 1)
        case .discarded, .refused, .ended:
            leave(index)
        default:
            break
        }
    }

    private mutating func leave(_ index: Int) {
        if places[index] == .waiting { depth -= 1 }
        places[index] = .past
    }

    /// The highest levels within each of several spans of time.
    ///
    /// A level that holds when a span begins counts in it.
    ///
    /// - Parameters:
    ///   - ranges: Ascending spans that do not overlap.
    ///   - history: The events.
    /// - Returns: One pair per range.
    static func maxima(in ranges: [Range<Int64>], of history: History) -> [Maxima] {
        var sweep = LevelSweep(history)
        var maxima = Array(repeating: Maxima(), count: ranges.count)
        var current = 0
        var opened = -1
        for event in history.events {
            while current < ranges.count, event.time >= ranges[current].lowerBound {
                if opened < current {
                    opened = current
                    maxima[current].include(sweep)
                }
                guard event.time >= ranges[current].upperBound else { break }
                current += 1
            }
            sweep.apply(event)
            if current < ranges.count, opened == current {
                maxima[current].include(sweep)
            }
        }
        for index in ranges.indices where index > opened { maxima[index].include(sweep) }
        return maxima
    }

    /// The highest levels seen.
    struct Maxima: Sendable, Equatable {
        var concurrency = 0
        var depth = 0

        mutating func include(_ sweep: LevelSweep) {
            concurrency = max(concurrency, sweep.inFlight)
            depth = max(depth, sweep.depth)
        }
    }
}
