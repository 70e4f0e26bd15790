public import HarnessKit

/// The figures for spreadsheets and statistics programs.
///
/// - `results.csv` holds one value per row with its unit. An empty `phase` means all measured phases together; an empty
///   `statistic` means that the metric is one number; `ciLow` and `ciHigh` are empty unless an interval was computed.
/// - `results-wide.csv` holds one row per run and phase, one column per metric, with the unit in the column's name.
/// - `series.csv` holds levels over time.
/// - `comparison.csv` holds the comparison that the scenario asks for, where it asks for rows, columns or ranks, or runs
///   are repeated: one figure per row.
/// - `trials.csv` holds one row per rate that a search tried; without a search there is none.
///
/// Durations are in seconds, repetitions are counted from 0. Numbers have a point for decimals, never a grouping character, and as many digits as it
/// takes to read the same number back. Text that begins with `=`, `+`, `-` or `@` gets an apostrophe in front, so that no
/// spreadsheet runs it as a formula.
public enum CSVReport: ReportRenderer {
    /// The format's fixed name.
    public static let id = "csv"
    /// One sentence for `harness list`.
    public static let summary = "Figures as CSV: one value per row, one row per phase, and levels over time."

    /// Renders a result as `results.csv`, `results-wide.csv` and `series.csv`.
    public static func render(_ result: RunResult) -> [ReportFile] {
        [
            ReportFile(name: "results.csv", text: long(result)),
            ReportFile(name: "results-wide.csv", text: wide(result)),
            ReportFile(name: "series.csv", text: series(result)),
        ] + (result.sideBySide.map { [ReportFile(name: "comparison.csv", text: comparison($0))] } ?? [])
            + (result.searches.map { [ReportFile(name: "trials.csv", text: trials($0, of: result))] } ?? [])
    }

    private static func series(_ result: RunResult) -> String {
        var table = CSVTable(columns: ["target", "repetition", "series", "time_s", "value", "unit"])
        for run in result.namedByClock.runs {
            for series in run.series {
                for (index, value) in series.values.enumerated() {
                    table.append([
                        .text(run.target), .number(Double(run.repetition)), .text(series.name),
                        .number(Double(index) * series.interval), .number(value), .text(series.unit.symbol),
                    ])
                }
            }
        }
        return table.text
    }
}

extension RunResult {
    /// What tells the rows of this result from those of others when files are joined.
    var runName: String { "\(scenario.name)@\(environment.startedAt)" }
}

extension TargetRun {
    /// The metrics of each phase, and those of all measured phases under an empty name.
    var sections: [(phase: PhaseResult?, metrics: MetricTable)] {
        phases.map { ($0, $0.metrics) } + [(nil, total)]
    }
}
