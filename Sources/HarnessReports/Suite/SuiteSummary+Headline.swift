import HarnessKit

extension SuiteSummary {
    /// The one figure that a result is looked up for; `nil` when it has none.
    static func headline(of result: RunResult) -> String? {
        if let compared = comparison(of: result) { return compared }
        if let search = result.searches?.first { return "\(search.target): capacity \(search.rateText)" }
        guard let summary = result.targets.first else { return nil }
        let figures = ["throughput", "response.p99"].compactMap { name in
            summary.total[name].map { "\(label(name)) \(QuantityText.text($0.value, unit: $0.unit))" }
        }
        return figures.isEmpty ? nil : "\(summary.target): \(figures.joined(separator: ", "))"
    }

    /// The value of the first target, which scenarios are written about, and how it stands to the best of the others.
    private static func comparison(of result: RunResult) -> String? {
        guard let row = result.comparison?.rows.first, let subject = row.cells.first, let own = subject.value
        else { return nil }
        let others = row.cells.dropFirst().filter { $0.value != nil }
        let higherIsBetter = ["throughput", MetricCatalogue.capacity, "success.ratio"].contains(row.metric)
        let values = others.compactMap { $0.value?.value }
        let figure = result.text(own, name: row.metric, of: subject.target)
        let text = "\(subject.target): \(label(row.metric)) \(figure)"
        guard let best = higherIsBetter ? values.max() : values.min(), best > 0,
            let name = others.first(where: { $0.value?.value == best })?.target,
            let ratio = result.ratio(own.value / best, name: row.metric, of: subject.target, to: name)
        else { return text }
        return "\(text), \(QuantityText.ratio(ratio)) of \(name)"
    }

    private static func label(_ metric: String) -> String {
        switch metric {
        case "response.p99": "p99"
        case MetricCatalogue.capacity: "capacity"
        default: metric
        }
    }
}
