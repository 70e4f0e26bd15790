import HarnessKit

extension RunResult {
    /// A target's figure; a capacity of which its search knows no more than a bound says so.
    func text(_ metric: Metric?, name: String, of target: String) -> String {
        guard let bound = bound(of: name, target) else { return QuantityText.text(metric, name: name) }
        return bound.side.text(QuantityText.rate(bound.rate))
    }

    /// The ratio of a target's figure to another's; `nil` where one of the two is a bound, whose ratio says nothing.
    func ratio(_ ratio: Double?, name: String, of target: String, to other: String) -> Double? {
        bound(of: name, target) ?? bound(of: name, other) == nil ? ratio : nil
    }

    private func bound(of metric: String, _ target: String) -> CapacityBound? {
        guard metric == MetricCatalogue.capacity else { return nil }
        return runs.lazy.filter { $0.target == target }.compactMap(\.capacityBound).first
    }
}
