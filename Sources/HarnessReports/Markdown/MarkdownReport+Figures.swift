import HarnessKit

extension MarkdownReport {
    static func figures(_ result: RunResult) -> MarkdownSection {
        let compared = Set(result.comparison?.rows.map(\.metric) ?? [])
        let names = KeyMetrics.present(in: result).filter { !compared.contains($0) }
        return MarkdownSection(
            title: compared.isEmpty ? "Figures" : "Further figures",
            lines: names.isEmpty ? [] : summaryTable(result, names: names),
            expendability: 4
        )
    }

    static func cost(_ result: RunResult) -> MarkdownSection {
        let names = KeyMetrics.present(in: result, of: KeyMetrics.cost)
        return MarkdownSection(
            title: "Cost",
            lines: names.isEmpty ? [] : summaryTable(result, names: names, heading: heading, further: [costNote]),
            expendability: 5
        )
    }

    static func phases(_ result: RunResult) -> MarkdownSection {
        let summaries = PhaseSummary.all(in: result)
        let names = KeyMetrics.phase.filter { name in summaries.contains { $0.metrics[name] != nil } }
        guard !names.isEmpty else { return MarkdownSection(title: "Phases", lines: []) }
        var table = MarkdownTable(
            [.left("Target"), .left("Phase"), .right("Length")] + names.map { .right(heading($0)) } + [.right("n")]
        )
        for summary in summaries {
            let phase = MarkdownText.escaped(summary.phase, limit: 60)
            let samples = summary.metrics["response.p99"]?.n ?? summary.metrics["response.p50"]?.n
            table.append(
                [
                    MarkdownText.code(summary.target, limit: 60), summary.measured ? phase : "*\(phase)*",
                    QuantityText.seconds(summary.seconds),
                ]
                    + names.map { name in
                        let isWithheld =
                            summary.isUnstable && name.hasPrefix("response.") && summary.metrics[name] == nil
                        return isWithheld ? "unstable" : QuantityText.text(summary.metrics[name], name: name)
                    }
                    + [samples.map { QuantityText.count(Double($0)) } ?? QuantityText.missing]
            )
        }
        let unmeasured = summaries.contains { !$0.measured } ? ["Phases in *italics* do not count in the totals."] : []
        let samples = ["p50 to max are response times, n is how many of them were measured."]
        return MarkdownSection(
            title: "Phases",
            lines: captioned(table, result: result, further: unmeasured + samples),
            expendability: 6
        )
    }

    private static func summaryTable(
        _ result: RunResult,
        names: [String],
        heading: (String) -> String = { $0 },
        further: [String] = []
    ) -> [String] {
        var table = MarkdownTable([.left("Target")] + names.map { .right(heading($0)) })
        for summary in result.targets {
            let cells = names.map { name in
                let text = result.text(summary.total[name], name: name, of: summary.target)
                // With its interval beneath, or with its range over the repetitions where there is none.
                let range = range(of: summary.total[name], name: name, in: summary)
                return range.map { "\(text)<br><sub>\($0)</sub>" } ?? text
            }
            table.append([MarkdownText.code(summary.target, limit: 60)] + cells)
        }
        return captioned(table, result: result, further: further)
    }

    private static let costNote =
        "Each figure is per operation, save rss.peak and threads.max, which are the memory and threads of the whole process."

    /// What the measured phases cost, where there is more than one of them.
    static func costByPhase(_ result: RunResult) -> MarkdownSection {
        let summaries = PhaseSummary.all(in: result).filter(\.measured)
        let names = KeyMetrics.cost.filter { name in summaries.contains { $0.metrics[name] != nil } }
        guard !names.isEmpty, Set(summaries.map(\.phase)).count > 1 else {
            return MarkdownSection(title: "Cost by phase", lines: [])
        }
        var table = MarkdownTable([.left("Target"), .left("Phase")] + names.map { .right(heading($0)) })
        for summary in summaries {
            table.append(
                [MarkdownText.code(summary.target, limit: 60), MarkdownText.escaped(summary.phase, limit: 60)]
                    + names.map { QuantityText.text(summary.metrics[$0], name: $0) }
            )
        }
        return MarkdownSection(
            title: "Cost by phase",
            lines: captioned(table, result: result, further: [costNote]),
            isFolded: true,
            expendability: 7
        )
    }

    /// A metric's name without the part that all columns of its table share.
    private static func heading(_ name: String) -> String {
        let parts = MetricName(name)
        if parts.metric == "response" { return parts.statistic }
        return name.hasSuffix(".perOperation") ? String(name.dropLast(".perOperation".count)) : name
    }

    /// The range of a value over the repetitions; `nil` where there is none.
    static func range(of metric: Metric?, name: String, in summary: TargetSummary?) -> String? {
        let spread = summary?.spread[name].map { ConfidenceInterval(low: $0.min, high: $0.max) }
        guard let unit = metric?.unit, let range = summary?.intervals?[name] ?? spread, range.low < range.high else {
            return nil
        }
        let end = range.isOpenAbove ? " or more" : ""
        return "\(QuantityText.text(range.low, unit: unit)) to \(QuantityText.text(range.high, unit: unit))\(end)"
    }

    /// A table with what a reader must know about its figures.
    static func captioned(_ table: MarkdownTable, result: RunResult, further: [String] = []) -> [String] {
        let lines = table.lines
        let median = result.repetitions > 1 ? ["Medians of \(result.repetitions) repetitions."] : []
        let hasIntervals = result.targets.contains { $0.intervals != nil }
        let words =
            result.searches != nil
            ? "the range that the repetitions of the search leave open"
            : hasIntervals ? "95 % intervals of the medians" : "the smallest and the largest of them"
        let hasRanges = hasIntervals || result.targets.contains { !$0.spread.isEmpty }
        let spread = hasRanges && lines.contains { $0.contains("<sub>") } ? ["Small print: \(words)."] : []
        let thin = lines.contains { $0.contains("†") } ? ["† \(KeyMetrics.thinNote)."] : []
        let caption = (further + median + spread + thin).joined(separator: " ")
        return lines + (caption.isEmpty ? [] : ["", caption])
    }
}
