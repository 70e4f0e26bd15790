extension ScenarioDecoder {
    func invariants(_ node: Node, record: RecordingLevel) -> InvariantSelection? {
        if case .string(let text) = node.value.content {
            if text == "all" {
                if record != .history { log.warning(Self.unknown("many invariants", at: record), at: node) }
                return .all
            }
            log.error("unknown selection \"\(text.shortened)\"; write \"all\" or a list of invariants", at: node)
            return nil
        }
        return log.list(node) { invariant($0, record: record) }.map { .listed($0) }
    }

    private func invariant(_ node: Node, record: RecordingLevel) -> InvariantSpec? {
        let useNode: Node
        let options: Node
        switch node.value.content {
        case .string:
            useNode = node
            let empty = LocatedValue(.object([]), offset: node.value.offset, origin: node.value.origin)
            options = Node(value: empty, pointer: node.pointer)
        case .object(let members):
            guard let member = node.member("use") else {
                log.error("the key \"use\" is missing; add it: the id of the invariant", at: node)
                return nil
            }
            useNode = member
            var rest = node.value
            rest.content = .object(members.filter { $0.name != "use" })
            options = Node(value: rest, pointer: node.pointer)
        default:
            return log.wrongType(node, "the id of an invariant, or an object with \"use\"")
        }
        guard let use = log.text(useNode) else { return nil }
        guard let plugin = registry.invariant(use) else {
            let hint = Spelling.hint(for: use, among: registry.invariants.map { $0.id })
            let mend = hint.isEmpty ? "; `harness list invariants` shows all" : hint
            log.error("unknown invariant \"\(use.shortened)\"\(mend)", at: useNode)
            return nil
        }
        PluginOptions(log: log, registry: registry).check(plugin, options: options)
        if plugin.needsHistory, record != .history {
            log.warning(Self.unknown("the invariant \"\(use)\"", at: record), at: node)
        }
        return InvariantSpec(use: use, options: options.value.plain)
    }

    private static func unknown(_ subject: String, at record: RecordingLevel) -> String {
        "\(subject) cannot be answered with \"record\": \"\(record.rawValue)\" and will be unknown; "
            + "set \"record\": \"history\""
    }

    func expectations(_ node: Node, in places: ScenarioPlaces, record: RecordingLevel) -> [Expectation]? {
        log.list(node) { expectation($0, in: places, record: record) }
    }

    private func expectation(_ node: Node, in places: ScenarioPlaces, record: RecordingLevel) -> Expectation? {
        guard let fields = Fields(node, as: ScenarioFormat.expectation, log) else { return nil }
        let parsed = fields.read("that") { condition($0, isRelative: fields["versus"] != nil, record: record) }
        let phase = fields.read("phase") { phaseName($0, in: places) }
        let window = fields.read("window") { self.window($0, in: places) }
        let after = fields.read("after") { moment($0, in: places) }
        let target = fields.read("target") { targetGlob($0, in: places) }
        let versus = fields.read("versus") { targetGlob($0, in: places) }
        let level = fields.read("level") { log.choice($0, of: Expectation.Level.self) }
        guard let parsed, let text = fields.read("that", log.text) else { return nil }
        var expectation = Expectation(text: text, metric: parsed.metric, condition: parsed.condition)
        expectation.phase = phase
        expectation.window = window
        expectation.after = after
        expectation.target = target ?? "*"
        expectation.versus = versus
        expectation.level = level ?? .fail
        expectation.clock = fields.read("clock", clock)
        checkScope(of: expectation, fields, node, record: record)
        checkOthers(of: expectation, fields, in: places)
        return expectation
    }

    private func condition(_ node: Node, isRelative: Bool, record: RecordingLevel) -> ExpectationGrammar.Parsed? {
        guard let text = log.text(node) else { return nil }
        let parsed: ExpectationGrammar.Parsed
        do throws(ExpectationGrammar.Mistake) {
            parsed = try ExpectationGrammar(isRelative: isRelative).parse(text)
        } catch {
            log.error(error.message, at: node)
            return nil
        }
        if parsed.metric.needs.detail > record.detail {
            log.error(Self.notMeasured(parsed.metric.name, at: record, needs: parsed.metric.needs), at: node)
        }
        if case .named(let name) = parsed.metric, isRelative, MetricCatalogue.metric(named: name)?.better == nil {
            log.error("\"\(name)\" has no better direction, so that there is no best target to compare with", at: node)
        }
        return parsed
    }

    /// Checks that an expectation's place goes with its metric.
    private func checkScope(of expectation: Expectation, _ fields: Fields, _ node: Node, record: RecordingLevel) {
        switch expectation.metric {
        case .timeUntilStart, .timeUntilDepth:
            guard fields["after"] == nil else { return }
            log.error("the key \"after\" is missing; time.until counts from a burst, phase or timeline event", at: node)
        case .named, .signalCount:
            if let node = fields["after"] {
                log.error(
                    "\"after\" goes with time.until only; use \"phase\" or \"window\" to select operations",
                    at: node
                )
            }
            if let node = fields["window"], record != .history {
                log.warning(Self.unknown("a window", at: record), at: node)
            }
        }
        if let node = fields["window"], fields["phase"] != nil {
            log.error("\"window\" and \"phase\" both select operations; remove one", at: node)
        }
    }

    /// Checks that a relative expectation compares at least one target with at least one other.
    private func checkOthers(of expectation: Expectation, _ fields: Fields, in places: ScenarioPlaces) {
        guard let versus = expectation.versus, let node = fields["versus"] else { return }
        let subjects = places.targets.filter { Glob(expectation.target).matches($0) }
        let others = places.targets.filter { Glob(versus).matches($0) }
        guard let subject = subjects.first(where: { subject in others.allSatisfy { $0 == subject } }) else { return }
        guard !others.isEmpty else { return }
        log.error("\"\(versus)\" matches no target besides \"\(subject)\" itself; name others", at: node)
    }

    /// The name of a burst, phase or timeline event, or of its end.
    private func moment(_ node: Node, in places: ScenarioPlaces) -> String? {
        guard let name = log.text(node) else { return nil }
        let event = name.hasSuffix(".end") ? String(name.dropLast(4)) : name
        if places.moments.contains(event) || places.moments.contains(name) { return name }
        let hint = Spelling.hint(for: event, among: places.moments)
        log.error("there is no burst, phase or timeline event \"\(event.shortened)\"\(hint)", at: node)
        return nil
    }

    private func targetGlob(_ node: Node, in places: ScenarioPlaces) -> String? {
        guard let pattern = log.text(node) else { return nil }
        let glob = Glob(pattern)
        if places.targets.isEmpty || places.targets.contains(where: glob.matches) { return pattern }
        let hint = Spelling.hint(for: pattern, among: places.targets)
        log.error("\"\(pattern.shortened)\" matches the id of no target\(hint)", at: node)
        return nil
    }
}

extension MetricPath {
    /// The metric as expectations write it.
    var name: String {
        switch self {
        case .named(let name): name
        case .signalCount(let pattern): "signals[\(pattern)].count"
        case .timeUntilStart(let statistic): "time.until(start).\(statistic)"
        case .timeUntilDepth(let depth): "time.until(depth <= \(depth))"
        }
    }

    /// The lowest recording level that can give it.
    var needs: RecordingLevel {
        guard case .named(let name) = self else { return .history }
        return MetricCatalogue.metric(named: name)?.needs ?? .history
    }
}
