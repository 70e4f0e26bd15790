import HarnessKit

/// Who is best and who is worst at which figure of a comparison.
///
/// A figure without a better direction, or that is the same for all, has neither; what more than half share sets nobody off.
struct ComparisonStandings {
    private let leaders: [(metric: String, best: Set<String>, worst: Set<String>)]

    init(_ comparison: ComparisonResult) {
        leaders = comparison.rows.compactMap { row in
            guard let better = MetricCatalogue.metric(named: row.metric)?.better else { return nil }
            let values = row.cells.compactMap { cell in cell.value.map { (target: cell.target, value: $0.value) } }
            guard let low = values.map(\.value).min(), let high = values.map(\.value).max(), low < high else {
                return nil
            }
            func targets(at value: Double) -> Set<String> {
                let targets = Set(values.filter { $0.value == value }.map(\.target))
                return targets.count * 2 > values.count ? [] : targets
            }
            let (least, most) = (targets(at: low), targets(at: high))
            return better == .higher ? (row.metric, most, least) : (row.metric, least, most)
        }
    }

    func isBest(_ target: String, at metric: String) -> Bool { best(of: target).contains(metric) }

    /// The figures that a target is best at, in the order of the comparison.
    func best(of target: String) -> [String] { leaders.filter { $0.best.contains(target) }.map(\.metric) }

    /// The figures that a target is worst at, in the order of the comparison.
    func worst(of target: String) -> [String] { leaders.filter { $0.worst.contains(target) }.map(\.metric) }
}
