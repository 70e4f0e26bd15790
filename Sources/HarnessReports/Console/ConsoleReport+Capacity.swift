import HarnessKit

extension ConsoleReport {
    /// What searches found, a few lines for each target.
    static func capacities(_ result: RunResult, style: ConsoleStyle) -> [String] {
        guard let searches = result.searches, !searches.isEmpty else { return [] }
        return [style.text("Capacity (highest rate at which everything held)", .strong)]
            + searches.flatMap { search in
                let mark = style.text(search.mark, search.mark == "✓" ? .good : .bad)
                let text = "\(search.target): \(search.rateText); \(search.details)"
                return marked(mark, PlainText.line(text, limit: 600))
            }
    }
}
