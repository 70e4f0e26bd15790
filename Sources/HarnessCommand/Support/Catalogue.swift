internal import ArgumentParser
internal import HarnessKit

/// A kind of thing that scenarios name.
enum CatalogueTopic: String, CaseIterable, ExpressibleByArgument {
    case targets
    case loads
    case faults
    case invariants
    case metrics
    case reporters
}

/// Everything that scenarios can name, for `list` and `describe`.
struct Catalogue {
    /// One thing with its documentation.
    struct Entry {
        var id: String
        var summary: String
        /// The unit of a metric.
        var unit: String?
        /// Further facts, one per line.
        var facts: [String] = []
        /// Its options or keys.
        var shape: ObjectShape?
    }

    let registry: PluginRegistry

    func entries(of topic: CatalogueTopic) -> [Entry] {
        switch topic {
        case .targets:
            registry.targets.map { plugin in
                let facts = plugin.capabilities.facts
                return Entry(
                    id: plugin.id,
                    summary: plugin.summary,
                    facts: facts,
                    shape: OptionShapes.shape(of: plugin)
                )
            }
        case .invariants:
            registry.invariants.map { plugin in
                var facts = plugin.needsHistory ? ["needs \"record\": \"history\""] : []
                if plugin.needsSamples { facts.append("reads the target's counts every few milliseconds") }
                return Entry(
                    id: plugin.id,
                    summary: plugin.summary,
                    facts: facts,
                    shape: OptionShapes.shape(of: plugin)
                )
            }
        case .loads: FormatCatalogue.loads.map { Entry(id: $0.id, summary: $0.shape.summary, shape: $0.shape) }
        case .faults:
            FormatCatalogue.faults.map { Entry(id: $0.id, summary: $0.summary, shape: $0.shape) }
                + registry.faults.map { plugin in
                    Entry(id: plugin.id, summary: plugin.summary, shape: OptionShapes.shape(of: plugin))
                }
        case .metrics: Self.metrics
        case .reporters: ReportFormat.allCases.map { Entry(id: $0.rawValue, summary: $0.summary) }
        }
    }

    /// The entries of an id; several where topics share a name.
    func entries(named id: String) -> [(topic: CatalogueTopic, entry: Entry)] {
        CatalogueTopic.allCases.flatMap { topic in
            entries(of: topic).filter { $0.id == id }.map { (topic, $0) }
        }
    }

    private static let metrics: [Entry] =
        MetricCatalogue.all.map { metric in
            let better = metric.better.map { ["\($0.rawValue) is better"] } ?? []
            let facts = ["needs \"record\": \"\(metric.needs.rawValue)\" or more"] + better
            return Entry(id: metric.name, summary: metric.summary, unit: metric.unit.rawValue, facts: facts)
        }
        + FormatCatalogue.expectationMetrics.map { metric in
            Entry(id: metric.id, summary: metric.summary, unit: metric.unit.rawValue, facts: ["in expectations only"])
        }
}

extension TargetCapabilities {
    /// What the target can do, in words.
    fileprivate var facts: [String] {
        var facts = [intake == .push ? "operations are pushed in" : "operations are pulled from a source"]
        if isKeyed { facts.append("orders or limits by key") }
        if refuses { facts.append("may refuse operations") }
        if discards { facts.append("may drop accepted operations, and says so") }
        if hasSignals { facts.append("has signals") }
        if let virtualObstacle { facts.append("cannot run in virtual time: \(virtualObstacle)") }
        facts.append(stageObstacle.map { "cannot be a stage of a pipeline: \($0)" } ?? "may be a stage of a pipeline")
        if !controls.isEmpty {
            facts.append("understands " + controls.map(\.rawValue).sorted().joined(separator: ", "))
        }
        for scope in TargetFault.Scope.allCases {
            guard let kinds = faults[scope]?.map(\.rawValue).sorted(), !kinds.isEmpty else { continue }
            facts.append("the timeline can \(kinds.joined(separator: ", ")) its \(scope.rawValue)")
        }
        if !requirements.isEmpty { facts.append("may require " + requirements.sorted().joined(separator: ", ")) }
        facts.append("promises " + invariants.map(\.use).joined(separator: ", "))
        return facts
    }
}
