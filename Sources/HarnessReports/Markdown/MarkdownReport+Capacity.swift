import HarnessKit

extension MarkdownReport {
    /// What searches found, target by target.
    static func capacities(_ result: RunResult) -> MarkdownSection {
        let searches = result.searches ?? []
        let lines = searches.map { search in
            "- \(MarkdownText.code(search.target, limit: 60)): **\(search.rateText)**; "
                + MarkdownText.escaped(search.details, limit: 600)
        }
        guard let first = searches.first else { return MarkdownSection(title: "Capacity", lines: []) }
        let conditions = first.conditions.map { MarkdownText.code($0, limit: 120) }.joined(separator: ", ")
        let words =
            "The highest rate, of those from \(QuantityText.rate(first.from)) to \(QuantityText.rate(first.to)), at which "
            + "every invariant and \(conditions) held: the median over the repetitions of the search, each to "
            + "\(QuantityText.percent(first.precision))."
        return MarkdownSection(title: "Capacity", lines: [words, ""] + lines, expendability: 1)
    }

    /// Every trial of every search, from low rates to high ones.
    static func trials(_ result: RunResult) -> MarkdownSection {
        var table = MarkdownTable([
            .left("Target"), .right("Rate"), .right("Repetition"), .left("Holds"), .right("throughput"), .right("p50"),
            .right("p99"), .right("lateness.p99"), .left("What broke"),
        ])
        for search in result.searches ?? [] {
            let sorted = search.trials.sorted { ($0.rate, $0.number) < ($1.rate, $1.number) }
            for trial in sorted {
                table.append([
                    MarkdownText.code(search.target, limit: 60), QuantityText.rate(trial.rate),
                    "\(trial.repetition + 1)", trial.holds ? "✓" : trial.isInvalid || trial.isUndecided ? "?" : "✗",
                    trial.throughput.map(QuantityText.rate) ?? QuantityText.missing,
                    CapacitySearch.Trial.text(trial.p50), CapacitySearch.Trial.text(trial.p99),
                    CapacitySearch.Trial.text(trial.lateness),
                    trial.broken.prefix(3).map { MarkdownText.escaped($0, limit: 160) }.joined(separator: "; "),
                ])
            }
        }
        guard !table.isEmpty else { return MarkdownSection(title: "Trials of the search", lines: []) }
        let legend =
            "**?**: the trial was not valid or had too little to decide by, and nothing tells against the target."
        return MarkdownSection(
            title: "Trials of the search",
            lines: table.lines + ["", legend],
            isFolded: true,
            expendability: 5
        )
    }
}
