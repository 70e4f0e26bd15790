/// Reads `compare`.
extension ScenarioDecoder {
    func comparison(_ node: Node, in root: Node, of scenario: Scenario) -> Comparison? {
        guard let fields = Fields(node, as: ScenarioFormat.comparison, log) else { return nil }
        let keys = ComparisonKeys(root: root, scenario: scenario)
        let known = fields.read("columns") { columnKey($0, keys) }
        let column = known ?? "target"
        // Of columns that are not known the baseline may be any value.
        let baseline = fields.read("baseline") { known == nil ? log.text($0) : self.baseline($0, column: column, keys) }
        let isDefault = fields["metrics"]?.value.origin == .byDefault
        var comparison = Comparison(baseline: baseline ?? "")
        comparison.axes = axes
        comparison.columns = column
        comparison.metrics =
            fields.read("metrics") { list in
                log.list(list) { metricName($0, record: scenario.record, isDefault: isDefault) }
            } ?? []
        comparison.rows = fields.read("rows") { rows($0, column: column, keys) }
        comparison.show = fields.read("show") { log.list($0) { log.choice($0, of: Comparison.Detail.self) } } ?? []
        if let node = fields["show"], node.elements?.isEmpty == true {
            log.error("the list is empty; write at least one of \(Comparison.Detail.names.quotedList)", at: node)
        }
        comparison.rankBy = fields.read("rankBy") { judged($0, among: comparison.metrics) }
        comparison.pareto = fields.read("pareto") { pareto($0, among: comparison.metrics) } ?? []
        return baseline == nil ? nil : comparison
    }

    private func columnKey(_ node: Node, _ keys: ComparisonKeys) -> String? {
        guard let key = log.text(node) else { return nil }
        if keys.columns.contains(key) {
            let values = keys.headings(ofColumn: key)
            // A scenario of one target may still name what others are to be compared with.
            guard values.count == 1, node.value.origin != .byDefault else { return key }
            log.error(
                "there is nothing to compare: every run has the same \(key), \"\(values[0].shortened)\"; let columns be "
                    + "another key",
                at: node
            )
            return nil
        }
        if keys.holds(key) {
            log.error(
                "\"\(key.shortened)\" changes the plan, and figures of different plans are not compared; make it one of "
                    + "\"rows\", and let columns be target, use, clock, phase or options.<name>",
                at: node
            )
        } else {
            log.error("unknown key \"\(key.shortened)\"\(Spelling.hint(for: key, among: keys.columns))", at: node)
        }
        return nil
    }

    private func baseline(_ node: Node, column: String, _ keys: ComparisonKeys) -> String? {
        guard let baseline = log.text(node) else { return nil }
        let values = keys.values(ofColumn: column)
        if values.isEmpty || values.contains(baseline) { return baseline }
        let what = column == "target" ? "the id of no target" : "no value of \(column)"
        let hint = Spelling.hint(for: baseline, among: values)
        log.error("the baseline \"\(baseline.shortened)\" is \(what)\(hint)", at: node)
        return nil
    }

    private func rows(_ node: Node, column: String, _ keys: ComparisonKeys) -> [String]? {
        var seen: Set<String> = [column]
        let rows = log.list(node) { node -> String? in
            guard let key = log.text(node) else { return nil }
            guard keys.holds(key) else {
                let hint = Spelling.hint(for: key, among: keys.suggestions)
                log.error("unknown key \"\(key.shortened)\"\(hint)", at: node)
                return nil
            }
            guard seen.insert(key).inserted else {
                log.error("\"\(key.shortened)\" is a key of rows or columns already; remove it here", at: node)
                return nil
            }
            return key
        }
        for axis in axes where !seen.contains(axis) {
            log.error("the matrix varies \"\(axis.shortened)\" as well; add it to the rows", at: node)
        }
        return rows
    }

    private func pareto(_ node: Node, among metrics: [String]) -> [String]? {
        let names = log.list(node) { judged($0, among: metrics) }
        if let elements = node.elements, Set(elements.map(\.value.plain.canonicalText)).count < 2 {
            log.error("of one metric alone the best is never dominated; name at least two, or use \"rankBy\"", at: node)
        }
        return names
    }

    /// A metric that is compared and has a better direction.
    private func judged(_ node: Node, among metrics: [String]) -> String? {
        guard let name = log.text(node) else { return nil }
        guard let metric = MetricCatalogue.metric(named: name) else {
            let hint = Spelling.hint(for: name, among: MetricCatalogue.all.map(\.name))
            log.error(
                "unknown metric \"\(name.shortened)\"\(hint.isEmpty ? "; `harness list metrics` shows all" : hint)",
                at: node
            )
            return nil
        }
        guard metric.better != nil else {
            log.error("\"\(name)\" has no better direction, so that none can be first; name another metric", at: node)
            return nil
        }
        if metrics.contains(name) { return name }
        log.error("\"\(name)\" is not compared; add it to \"metrics\"", at: node)
        return nil
    }
}

/// The keys that a scenario's figures can be told apart by.
struct ComparisonKeys {
    private let scenario: JSONValue
    private let targets: [TargetSpec]
    private let phases: [String]
    private let clocks: [String]
    private let options: [String]

    private static let own = ["target", "use", "clock", "phase", "seed", "scenario"]
    private static let ofColumns = ["target", "use", "clock", "phase"]

    init(root: Node, scenario: Scenario) {
        self.scenario = root.value.plain
        targets = scenario.targets
        phases = scenario.load.phases.filter(\.measure).map(\.name)
        clocks = scenario.clocks.map(\.rawValue)
        options =
            targets.flatMap { target -> [String] in
                guard case .object(let object) = target.options else { return [] }
                return object.members.map { "options.\($0.name)" }
            }.uniqued
    }

    /// The keys that do not change the plan.
    var columns: [String] { Self.ofColumns + options }

    /// What a misspelt key may have meant.
    var suggestions: [String] {
        let variables: [String] =
            if case .object(let object)? = scenario.value(at: "vars") { object.members.map { "vars.\($0.name)" } } else
            { [] }
        return Self.own + variables + options
    }

    /// Whether runs of the scenario have a value for a key.
    func holds(_ key: String) -> Bool {
        if Self.own.contains(key) { return true }
        if key.hasPrefix("options.") {
            return targets.contains { $0.options.value(at: key.dropFirst("options.".count)) != nil }
        }
        return !key.isEmpty && scenario.value(at: key[...]) != nil
    }

    /// The headings that columns can have; none when they are not known.
    func values(ofColumn key: String) -> [String] { headings(ofColumn: key).filter { !$0.isEmpty } }

    /// The headings of the columns, an empty one for targets without a value.
    func headings(ofColumn key: String) -> [String] {
        switch key {
        case "phase": phases
        case "clock": clocks
        default: targets.map { $0.heading(ofColumn: key) ?? "" }.uniqued
        }
    }
}

extension TargetSpec {
    /// The heading of the column that the target's runs stand in; `nil` where that is not the target's to say.
    func heading(ofColumn key: String) -> String? {
        switch key {
        case "target": return id
        case "use": return use
        default:
            let prefix = "options."
            return key.hasPrefix(prefix) ? options.value(at: key.dropFirst(prefix.count))?.shortText : nil
        }
    }
}

extension [String] {
    /// The words in quotes, separated by commas.
    fileprivate var quotedList: String { map { "\"\($0)\"" }.joined(separator: ", ") }
}
