import HarnessKit

extension MarkdownReport {
    private static let laneWidth = 60

    /// Levels over time of the first repetition of each target, with what happened beneath.
    static func timeline(_ result: RunResult) -> MarkdownSection {
        let runs = result.targetNames.compactMap { target in result.runs.first { $0.target == target } }
        let seconds = runs.map(length).max() ?? 0
        let names = laneNames(of: runs)
        guard seconds > 0, !names.isEmpty else { return MarkdownSection(title: "Timeline", lines: []) }

        let nameWidth = (names + ["events", "phases"]).map { min($0.count, 24) }.max() ?? 0
        var lines: [String] = []
        for run in runs.prefix(12) {
            if runs.count > 1 { lines.append(literal(run.target)) }
            for name in names {
                guard let series = run.series.first(where: { $0.name == name }) else { continue }
                // One scale for all targets, so that their lanes can be compared.
                let maximum =
                    runs.flatMap(\.series).filter { $0.name == name }.flatMap(\.values).filter(\.isFinite).max() ?? 0
                let row = Sparkline.row(series, seconds: seconds, maximum: maximum, width: laneWidth)
                let own = series.values.filter(\.isFinite).max() ?? 0
                lines.append("  \(padded(name, nameWidth)) │\(row)│ max \(QuantityText.text(own, unit: series.unit))")
            }
        }
        let events = runs.first?.events ?? []
        if !events.isEmpty {
            lines.append("  \(padded("events", nameWidth)) │\(eventRow(events, seconds: seconds))│")
        }
        if let phases = runs.first?.phases, phases.count > 1 {
            lines.append("  \(padded("phases", nameWidth)) │\(phaseRow(phases, seconds: seconds))│")
        }
        lines.append("  \(padded("", nameWidth)) \(axis(seconds: seconds))")
        let about = "The first repetition of each target; each level has one scale for all targets, `·` is zero."
        return MarkdownSection(
            title: "Timeline",
            lines: [about, "", "```text"] + lines + ["```"] + legend(of: events),
            expendability: 7
        )
    }

    private static func laneNames(of runs: [TargetRun]) -> [String] {
        var names: [String] = []
        for series in runs.flatMap(\.series) where !names.contains(series.name) { names.append(series.name) }
        return Array(names.prefix(12))
    }

    private static func length(of run: TargetRun) -> Double {
        let phases = run.phases.map { $0.start + $0.seconds }.filter(\.isFinite).max() ?? 0
        let series = run.series.map { $0.interval * Double($0.values.count) }.filter(\.isFinite).max() ?? 0
        return max(phases, series)
    }

    private static func eventRow(_ events: [EventMark], seconds: Double) -> String {
        var row = [Character](repeating: " ", count: laneWidth)
        for event in events.sorted(by: { $0.at < $1.at }) {
            let first = Sparkline.slot(of: event.at, seconds: seconds, width: laneWidth)
            guard first < laneWidth else { continue }
            if let end = event.end, end > event.at {
                let last = min(laneWidth - 1, Sparkline.slot(of: end, seconds: seconds, width: laneWidth))
                for slot in first...max(first, last) where row[slot] == " " { row[slot] = "─" }
                if last > first { row[last] = "▽" }
            }
            row[first] = symbol(of: event.kind)
        }
        return String(row)
    }

    /// Each phase's name from its start on, as far as there is room.
    private static func phaseRow(_ phases: [PhaseResult], seconds: Double) -> String {
        var row = [Character](repeating: " ", count: laneWidth)
        for phase in phases {
            let start = Sparkline.slot(of: phase.start, seconds: seconds, width: laneWidth)
            for (offset, character) in ("┆" + literal(phase.name)).enumerated() where start + offset < laneWidth {
                row[start + offset] = character
            }
        }
        return String(row)
    }

    private static func symbol(of kind: String) -> Character {
        switch kind {
        case "signal": "▲"
        case "retract": "▽"
        case "burst": "✱"
        case "control", "set", "fault": "◆"
        default: "┆"
        }
    }

    private static func axis(seconds: Double) -> String {
        let ticks = 4
        var axis = [Character](repeating: " ", count: laneWidth + 16)
        for tick in 0...ticks {
            let label = QuantityText.seconds(seconds * Double(tick) / Double(ticks))
            let start = 1 + laneWidth * tick / ticks
            for (offset, character) in label.enumerated() where start + offset < axis.count {
                axis[start + offset] = character
            }
        }
        while axis.last == " " { axis.removeLast() }
        return String(axis)
    }

    private static func legend(of events: [EventMark]) -> [String] {
        guard !events.isEmpty else { return [] }
        let shown = events.sorted { $0.at < $1.at }.prefix(30).map { event in
            let end = event.end.map { " to \(QuantityText.text($0, unit: .seconds))" } ?? ""
            let label = event.label.isEmpty ? event.id : event.label
            return "- \(symbol(of: event.kind)) \(QuantityText.text(event.at, unit: .seconds))\(end): "
                + "\(MarkdownText.escaped(event.kind, limit: 40)) \(MarkdownText.code(label, limit: 120))"
        }
        let rest = events.count > shown.count ? ["- *\(events.count - shown.count) further events*"] : []
        return [""] + shown + rest
    }

    /// Text within the block of lanes, which backticks could close.
    private static func literal(_ text: String) -> String {
        String(PlainText.line(text, limit: 60).map { $0 == "`" ? "'" : $0 })
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        let text = PlainText.truncated(literal(text), to: width)
        return text + String(repeating: " ", count: max(0, width - text.count))
    }
}
