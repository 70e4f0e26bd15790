import HarnessKit

extension CSVReport {
    static func long(_ result: RunResult) -> String {
        var table = CSVTable(columns: [
            "run", "target", "repetition", "phase", "clock", "metric", "statistic", "value", "unit", "ciLow", "ciHigh",
            "n",
        ])
        for run in result.runs {
            for (phase, metrics) in run.sections {
                for name in MetricName.inOrder(metrics.metrics.map(\.name)) {
                    guard let metric = metrics[name] else { continue }
                    let parts = MetricName(name)
                    table.append([
                        .text(result.runName), .text(run.target), .number(Double(run.repetition)),
                        .text(phase?.name ?? ""), .text(run.clock), .text(parts.metric), .text(parts.statistic),
                        .number(metric.value), .text(metric.unit.symbol), .number(nil), .number(nil),
                        .number(Double(metric.n)),
                    ])
                }
            }
        }
        return table.text
    }

    static func wide(_ result: RunResult) -> String {
        let metrics = result.runs.flatMap { $0.sections.flatMap(\.metrics.metrics) }
        let units = Dictionary(metrics.map { ($0.name, $0.metric.unit) }) { first, _ in first }
        let names = MetricName.inOrder(units.keys)
        var table = CSVTable(
            columns: [
                "run", "target", "use", "repetition", "clock", "seed", "phase", "measured", "start [s]", "length [s]",
            ]
                + names.map { "\($0) [\(units[$0]?.symbol ?? "")]" }
        )
        for run in result.runs {
            for (phase, metrics) in run.sections {
                let head: [CSVTable.Cell] = [
                    .text(result.runName), .text(run.target), .text(run.use), .number(Double(run.repetition)),
                    .text(run.clock), .text("\(run.seed)"), .text(phase?.name ?? ""),
                    .text(phase?.measured == false ? "no" : "yes"), .number(phase?.start), .number(phase?.seconds),
                ]
                table.append(head + names.map { .number(metrics[$0]?.value) })
            }
        }
        return table.text
    }
}
