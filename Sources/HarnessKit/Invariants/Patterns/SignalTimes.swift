/// When signals of a kind were raised, for questions about how many there are in a stretch of time.
struct SignalTimes {
    /// In ascending order.
    let times: [Int64]

    init(_ history: History, raised patterns: [String]) {
        let wanted = history.signalNumbers(patterns)
        times = history.events.filter { $0.kind == .signalRaised && wanted.contains($0.detail) }.map(\.time)
    }

    /// How many there are from one time to another, both included.
    func count(from begin: Int64, to end: Int64) -> Int {
        max(0, times.partitionPoint { $0 > end } - times.partitionPoint { $0 >= begin })
    }

    /// When at least so many lie no further back than a window, as stretches that do not touch.
    func stretches(of threshold: Int, within window: Int64) -> [ClosedRange<Int64>] {
        guard threshold <= times.count else { return [] }
        var stretches: [ClosedRange<Int64>] = []
        for last in (threshold - 1)..<times.count {
            // The oldest of them still counts when it is as old as the window.
            let end = times[last - threshold + 1] + window
            guard times[last] <= end else { continue }
            if let former = stretches.last, times[last] <= former.upperBound {
                stretches[stretches.count - 1] = former.lowerBound...end
            } else {
                stretches.append(times[last]...end)
            }
        }
        return stretches
    }
}

extension History {
    /// The numbers of the signals whose names match.
    func signalNumbers(_ patterns: [String]) -> Set<Int32> {
        let globs = patterns.map { Glob($0) }
        return Set(
            signalNames.indices.filter { number in globs.contains { $0.matches(signalNames[number]) } }
                .map { Int32($0) }
        )
    }
}

extension FindingText {
    /// Names or globs as findings quote them.
    static func names(_ patterns: [String]) -> String { patterns.map { "'\($0)'" }.joined(separator: " or ") }
}
