public import HarnessKit

/// What today's invariants say of a recorded run, for a terminal.
public enum ReplayReport {
    /// Renders a replay as text.
    ///
    /// - Parameter replay: The recorded run, judged.
    /// - Returns: Lines of at most 100 characters, each ending in a line feed.
    public static func console(_ replay: HistoryReplay) -> String {
        var lines = [PlainText.line(replay.label, limit: ConsoleReport.width)]
        if let objection = replay.objection { lines += ConsoleReport.marked("?", PlainText.line(objection)) }
        for invariant in replay.invariants {
            let text = "\(PlainText.line(invariant.use, limit: 60)): \(PlainText.line(invariant.detail))"
            lines += ConsoleReport.marked(invariant.verdict.mark, text)
            if let example = invariant.counterExample { lines += CounterExampleTable.lines(example) }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension InvariantVerdict {
    /// One character for tables.
    var mark: String {
        switch self {
        case .pass: "✓"
        case .fail: "✗"
        case .unknown: "?"
        }
    }
}
