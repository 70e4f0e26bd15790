/// Decodes a scenario's resolved tree into its value, and gathers all that is wrong with it.
struct ScenarioDecoder {
    let log: DecodingLog
    let registry: PluginRegistry
    /// What the scenario's matrix varies, as paths.
    var axes: [String] = []

    /// Decodes the whole tree.
    ///
    /// - Returns: The scenario; `nil` when anything was wrong.
    func decode(_ root: Node) -> Scenario? {
        guard let fields = Fields(root, as: ScenarioFormat.scenario, log) else { return nil }
        checkFormat(fields)
        let clocks = fields.read("clock", self.clocks)
        let name = fields.read("name", log.identifier)
        let seed = fields.read("seed") { log.integer($0, in: 0 ... .max) }
        let load = fields.read("load", self.load)
        let targets = fields.read("targets", self.targets)
        var scenario = Scenario(
            name: name ?? "",
            summary: fields.read("summary", log.text) ?? "",
            seed: UInt64(seed ?? 0),
            targets: targets ?? [],
            load: load ?? Load(model: .open(arrivals: .even), phases: [])
        )
        scenario.clocks = clocks ?? [.real]
        scenario.tags = fields.read("tags") { log.list($0, log.text) } ?? []
        scenario.work = fields.read("work", work) ?? Work()
        scenario.record = fields.read("record") { log.choice($0, of: RecordingLevel.self) } ?? .history
        let places = ScenarioPlaces(load: load, loadNode: fields["load"], targetNode: fields["targets"])
        scenario.faults = fields.read("faults") { faults($0, in: places) } ?? []
        scenario.timeline = fields.read("timeline") { timeline($0, in: places) } ?? []
        scenario.invariants = fields.read("invariants") { invariants($0, record: scenario.record) } ?? .listed([])
        scenario.runs = fields.read("runs", runs) ?? RunSettings()
        scenario.comparison = fields.read("compare") { comparison($0, in: root, of: scenario) }
        scenario.regression = fields.read("regress") { regression($0, record: scenario.record) }
        scenario.report = fields.read("report", report) ?? ReportSettings()
        let known = places.adding(timeline: fields["timeline"])
        let expectations = fields.read("expect") { self.expectations($0, in: known, record: scenario.record) }
        scenario.expectations = expectations ?? []
        checkTimelineSupport(fields["timeline"], of: scenario)
        checkClocks(fields, of: scenario)
        checkNoiseFloor(fields["runs"]?.member("noiseFloor"), of: scenario)
        checkSearch(fields, of: scenario)
        checkLanes(fields["load"]?.member("priorities"), of: scenario)
        return log.problems.isEmpty ? scenario : nil
    }

    private func checkFormat(_ fields: Fields) {
        _ = fields.read("$schema", log.text)
        guard let node = fields["format"], let version = log.integer(node, in: .min ... .max), version != 1 else {
            return
        }
        log.error("format \(version) is unknown; this version reads format 1", at: node)
    }

    private func targets(_ node: Node) -> [TargetSpec]? {
        let targets = log.list(node, target)
        requireSome(node, "target")
        requireUnique(node, key: "id", noun: "target")
        return targets
    }

    private func target(_ node: Node) -> TargetSpec? {
        guard let fields = Fields(node, as: ScenarioFormat.target, log) else { return nil }
        let id = fields.read("id", log.identifier)
        let use = fields.read("use", log.text)
        guard let use, let useNode = fields["use"] else { return nil }
        let checks = PluginOptions(log: log, registry: registry)
        guard let plugin = checks.target(use, at: useNode), let options = fields["options"] else { return nil }
        checks.check(plugin, options: options)
        let requirements = fields.read("requires") { log.list($0) { requirement($0, of: plugin) } }
        let otherwise = fields.read("otherwise") { log.choice($0, of: TargetSpec.Otherwise.self) }
        guard let id else { return nil }
        var spec = TargetSpec(id: id, use: use, options: options.value.plain)
        spec.maxAttempts = plugin.maxAttempts(ofPlain: spec.options)
        spec.requirements = requirements ?? []
        spec.otherwise = otherwise ?? .fail
        return spec
    }

    private func requirement(_ node: Node, of plugin: any Target.Type) -> String? {
        guard let name = log.text(node) else { return nil }
        let known = plugin.capabilities.requirements
        if known.contains(name) { return name }
        let mend = known.isEmpty ? "remove it" : "write \(known.sorted().map { "\"\($0)\"" }.joined(separator: " or "))"
        log.error("\(plugin.id) does not know the requirement \"\(name.shortened)\"; \(mend)", at: node)
        return nil
    }

    private func runs(_ node: Node) -> RunSettings? {
        guard let fields = Fields(node, as: ScenarioFormat.runs, log) else { return nil }
        var runs = RunSettings()
        runs.repetitions = fields.read("repetitions") { log.count($0, in: 1...1000) } ?? 1
        runs.order = fields.read("order") { log.choice($0, of: RunSettings.Order.self) } ?? .interleavedRandom
        runs.virtualSeeds = fields.read("virtualSeeds") { log.count($0, in: 1...1_000_000) } ?? 1
        runs.processes = fields.read("processes") { log.count($0, in: 1...256) }
        runs.budget = fields.read("budget", log.positiveDuration)
        if let node = fields["budget"], runs.order == .sequential {
            log.error("a budget would leave the last targets out; set \"order\": \"interleaved-random\"", at: node)
        }
        runs.verifyDeterminism = fields.read("verifyDeterminism", log.boolean) ?? false
        runs.noiseFloor = fields.read("noiseFloor", log.boolean) ?? false
        if runs.noiseFloor, runs.totalRepetitions < 2, let node = fields["noiseFloor"] {
            log.error(
                "the noise floor takes at least two runs of each target; set \"repetitions\" or \"processes\" to 2 or more",
                at: node
            )
        }
        return runs
    }

    func metricName(_ node: Node, record: RecordingLevel, isDefault: Bool) -> String? {
        guard let name = log.text(node) else { return nil }
        guard let metric = MetricCatalogue.metric(named: name) else {
            let hint = Spelling.hint(for: name, among: MetricCatalogue.all.map(\.name))
            let mend = hint.isEmpty ? "; `harness list metrics` shows all" : hint
            log.error("unknown metric \"\(name.shortened)\"\(mend)", at: node)
            return nil
        }
        if metric.isMeasured(at: record) { return name }
        // A default list loses what the level cannot give; a list of the author's is wrong.
        if !isDefault { log.error(Self.notMeasured(name, at: record, needs: metric.needs), at: node) }
        return nil
    }

    static func notMeasured(_ metric: String, at record: RecordingLevel, needs: RecordingLevel) -> String {
        "\"\(metric)\" is not measured with \"record\": \"\(record.rawValue)\"; set \"record\": \"\(needs.rawValue)\""
    }

    private func report(_ node: Node) -> ReportSettings? {
        guard let fields = Fields(node, as: ScenarioFormat.report, log) else { return nil }
        var report = ReportSettings()
        report.formats = fields.read("formats") { log.list($0, reportFormat) } ?? []
        report.title = fields.read("title", log.text)
        return report
    }

    private func reportFormat(_ node: Node) -> String? {
        guard let text = log.text(node) else { return nil }
        if ReportFormat(rawValue: text) != nil { return text }
        let message =
            ReportFormat.later.contains(text)
            ? "this version does not write the report format \"\(text)\" yet; remove it"
            : "unknown report format \"\(text.shortened)\"\(Spelling.hint(for: text, among: ReportFormat.names))"
        log.error(message, at: node)
        return nil
    }

    func requireSome(_ node: Node, _ noun: String) {
        guard node.elements?.isEmpty == true else { return }
        log.error("the list is empty; write at least one \(noun)", at: node)
    }

    /// Reports every element whose name an earlier one has.
    func requireUnique(_ list: Node, key: String, noun: String) {
        var seen: Set<String> = []
        for element in list.elements ?? [] {
            guard let node = element.member(key), case .string(let name) = node.value.content else { continue }
            if seen.insert(name).inserted { continue }
            log.error("the \(noun) \"\(name.shortened)\" exists already; give this one another \(key)", at: node)
        }
    }
}
