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
                    let isFound = phase == nil && name == MetricCatalogue.capacity
                    let interval = isFound ? result.search(of: run)?.interval : nil
                    table.append([
                        .text(result.runName), .text(run.target), .number(Double(run.repetition)),
                        .text(phase?.name ?? ""), .text(run.clock), .text(parts.metric), .text(parts.statistic),
                        .number(metric.value), .text(metric.unit.symbol), .number(interval?.low),
                        .number(interval?.knownHigh),
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

    static func trials(_ searches: [CapacitySearch], of result: RunResult) -> String {
        var table = CSVTable(columns: [
            "run", "target", "clock", "trial", "repetition", "seed", "rate [1/s]", "holds", "throughput [1/s]",
            "response.p50 [s]", "response.p99 [s]", "lateness.p99 [s]", "broken",
        ])
        for search in searches {
            for trial in search.trials {
                table.append([
                    .text(result.runName), .text(search.target), .text(search.clock.rawValue),
                    .number(Double(trial.number)), .number(Double(trial.repetition)), .text("\(trial.seed)"),
                    .number(trial.rate), .text(trial.holds ? "yes" : "no"), .number(trial.throughput),
                    .number(trial.p50), .number(trial.p99), .number(trial.lateness),
                    .text(trial.broken.joined(separator: "; ")),
                ])
            }
        }
        return table.text
    }
}

extension RunResult {
    /// The search that a run stands for.
    fileprivate func search(of run: TargetRun) -> CapacitySearch? {
        searches?.first { $0.target == run.target && $0.clock.rawValue == run.clock }
    }
}

extension ConfidenceInterval {
    /// The upper end; `nil` where the value may lie above it.
    var knownHigh: Double? { isOpenAbove ? nil : high }
}
