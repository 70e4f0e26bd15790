import HarnessKit

/// The figures of a target's phase as medians over its repetitions.
struct PhaseSummary {
    var target: String
    var phase: String
    var measured: Bool
    var seconds: Double
    var repetitions: Int
    var metrics: MetricTable
    /// Whether the queue grew throughout in any of them.
    var isUnstable: Bool

    /// Every phase of every target, targets in the order of the result, phases in the order of the first run.
    static func all(in result: RunResult) -> [PhaseSummary] {
        result.targetNames.flatMap { target in
            let runs = result.runs.filter { $0.target == target }
            var names: [String] = []
            for phase in runs.flatMap(\.phases) where !names.contains(phase.name) { names.append(phase.name) }
            return names.compactMap { name in
                summary(of: runs.compactMap { run in run.phases.first { $0.name == name } }, target: target)
            }
        }
    }

    private static func summary(of phases: [PhaseResult], target: String) -> PhaseSummary? {
        guard let first = phases.first else { return nil }
        var table = MetricTable()
        for name in MetricName.inOrder(phases.flatMap { $0.metrics.metrics.map(\.name) }) {
            let metrics = phases.compactMap { $0.metrics[name] }
            guard let unit = metrics.first?.unit, let value = median(metrics.map(\.value)) else { continue }
            // The smallest number of samples behind any of the values says how far the median can be trusted.
            table[name] = Metric(value: value, unit: unit, n: metrics.map(\.n).min() ?? 0)
        }
        return PhaseSummary(
            target: target,
            phase: first.name,
            measured: first.measured,
            seconds: median(phases.map(\.seconds)) ?? 0,
            repetitions: phases.count,
            metrics: table,
            isUnstable: phases.contains { $0.isUnstable == true }
        )
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}

extension RunResult {
    /// The targets that were run or summarised, each once, in order.
    var targetNames: [String] {
        var seen: Set<String> = []
        return (targets.map(\.target) + runs.map(\.target)).filter { seen.insert($0).inserted }
    }

    /// How often each target was run, at most; one that is run twice as often for the noise floor does not count.
    var repetitions: Int {
        let usual = targets.contains { $0.target != noise?.target } ? noise?.target : nil
        return max(
            targets.filter { $0.target != usual }.map(\.repetitions).max() ?? 0,
            (runs.filter { $0.target != usual }.map(\.repetition).max() ?? -1) + 1
        )
    }
}
