import HarnessKit

extension RunResult {
    /// The result with targets named after their clock, where there are several: tables tell rows apart by target.
    var namedByClock: RunResult {
        guard Set(runs.map(\.clock)).count > 1 else { return self }
        var result = self
        for index in runs.indices { result.runs[index].target = name(runs[index].target, runs[index].clock) }
        for index in targets.indices {
            result.targets[index].target = name(targets[index].target, targets[index].clock?.rawValue)
        }
        for index in expectations.indices {
            result.expectations[index].target = name(expectations[index].target, expectations[index].clock?.rawValue)
        }
        for (index, search) in (searches ?? []).enumerated() {
            result.searches?[index].target = name(search.target, search.clock.rawValue)
        }
        if let comparison {
            let clock = comparison.clock?.rawValue
            result.comparison?.baseline = name(comparison.baseline, clock)
            for (row, cells) in comparison.rows.map(\.cells).enumerated() {
                for (index, cell) in cells.enumerated() {
                    result.comparison?.rows[row].cells[index].target = name(cell.target, clock)
                }
            }
        }
        return result
    }

    private func name(_ target: String, _ clock: String?) -> String {
        clock == RunClock.virtual.rawValue ? "\(target) (virtual)" : target
    }
}
