extension ScenarioDecoder {
    func regression(_ node: Node, record: RecordingLevel) -> RegressionRules? {
        guard let fields = Fields(node, as: ScenarioFormat.regression, log) else { return nil }
        return RegressionRules(
            exact: fields.read("exact") { log.list($0) { exactName($0, record: record) } } ?? [],
            paired: fields.read("paired") { margins($0, record: record) } ?? [],
            observe: fields.read("observe") { margins($0, record: record) } ?? []
        )
    }

    private func exactName(_ node: Node, record: RecordingLevel) -> String? {
        guard case .string(RegressionRules.historyDigest) = node.value.content else {
            return metricName(node, record: record, isDefault: false)
        }
        if record != .history {
            log.error(Self.notMeasured(RegressionRules.historyDigest, at: record, needs: .history), at: node)
        }
        return RegressionRules.historyDigest
    }

    private func margins(_ node: Node, record: RecordingLevel) -> [RegressionRules.Margin]? {
        guard let members = node.members else { return log.wrongType(node, "an object of metrics with their margins") }
        return members.compactMap { name, value in
            let label = Node(value: LocatedValue(.string(name), offset: value.value.offset), pointer: value.pointer)
            guard let name = metricName(label, record: record, isDefault: false) else { return nil }
            guard MetricCatalogue.metric(named: name)?.better != nil else {
                log.error("\"\(name)\" has no better direction, so that it cannot get worse", at: value)
                return nil
            }
            return margin(value, of: name)
        }
    }

    private func margin(_ node: Node, of metric: String) -> RegressionRules.Margin? {
        guard case .object = node.value.content else {
            return log.measure(node, .share).map { RegressionRules.Margin(metric, $0) }
        }
        guard let fields = Fields(node, as: ScenarioFormat.margin, log),
            let share = fields.read("margin", { log.measure($0, .share) })
        else { return nil }
        var margin = RegressionRules.Margin(metric, share)
        if let floor = fields["floor"] {
            guard MetricCatalogue.metric(named: metric)?.unit == .seconds else {
                log.error("a floor is a duration, and \"\(metric)\" is none; remove it", at: floor)
                return nil
            }
            margin.floor = log.measure(floor, .duration)
        }
        return margin
    }
}
