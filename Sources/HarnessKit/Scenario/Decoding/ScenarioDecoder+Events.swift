extension ScenarioDecoder {
    func work(_ node: Node) -> Work? {
        guard let fields = Fields(node, as: ScenarioFormat.work, log) else { return nil }
        let time = fields.read("time", durations)
        let kind = fields.read("as") { log.choice($0, of: Work.Kind.self) }
        guard let time, let kind else { return nil }
        return Work(time: time, kind: kind)
    }

    func faults(_ node: Node, in places: ScenarioPlaces) -> [FaultRule]? {
        requireUnique(node, key: "id", noun: "fault")
        return log.list(node) { fault($0, in: places) }
    }

    private func fault(_ node: Node, in places: ScenarioPlaces) -> FaultRule? {
        let shape = ScenarioFormat.fault(usesPlugins: !registry.faults.isEmpty)
        guard let fields = Fields(node, as: shape, log) else { return nil }
        let id = fields.read("id", log.identifier)
        let scope = fields.read("scope") { log.choice($0, of: FaultRule.Scope.self) }
        let rate = fields.read("rate") { log.measure($0, .share) }
        let active = fields["during"] == nil ? .always : fields.read("during") { activeWindow($0, in: places) }
        let error = fields.read("error", errorName).map { FaultRule.Effect.error($0) }
        let delay = fields.read("delay", durations).map { FaultRule.Effect.delay($0) }
        if let node = fields["options"], fields["use"] == nil {
            log.error("\"options\" goes with \"use\" only; remove it", at: node)
        }
        let plugin = fields.read("use") { faultPlugin($0, options: fields["options"], of: node) }
        guard let id, let scope, let rate, let active, let effect = error ?? delay ?? plugin else { return nil }
        var rule = FaultRule(id: id, scope: scope, rate: rate, active: active, effect: effect)
        rule.part = fields.read("part") { log.count($0, in: 1...1_000_000) }
        return rule
    }

    private func faultPlugin(_ node: Node, options: Node?, of rule: Node) -> FaultRule.Effect? {
        guard let use = log.text(node) else { return nil }
        guard let plugin = registry.fault(use) else {
            let hint = Spelling.hint(for: use, among: registry.faults.map { $0.id })
            let mend = hint.isEmpty ? "; `harness list faults` shows all" : hint
            log.error("unknown fault plugin \"\(use.shortened)\"\(mend)", at: node)
            return nil
        }
        let none = LocatedValue(.object([]), offset: rule.value.offset, origin: .byDefault)
        let options = options ?? rule.child("options", none)
        guard PluginOptions(log: log, registry: registry).check(plugin, options: options) else { return nil }
        return (try? PluginFault(plugin, options: options.value.plain)).map { .plugin($0) }
    }

    private func errorName(_ node: Node) -> String? {
        guard let text = log.text(node) else { return nil }
        if !text.isEmpty { return text }
        log.error("the error has no name; write one, as \"transient\"", at: node)
        return nil
    }

    private func activeWindow(_ node: Node, in places: ScenarioPlaces) -> FaultRule.Window? {
        if node.members != nil { return window(node, in: places).map { .between($0.lowerBound, $0.upperBound) } }
        return phaseName(node, in: places).map { .phase($0) }
    }

    /// The name of a phase that exists.
    func phaseName(_ node: Node, in places: ScenarioPlaces) -> String? {
        guard let name = log.text(node) else { return nil }
        if places.phases.contains(name) { return name }
        // Without any phase the phases themselves are wrong, and said to be.
        guard !places.phases.isEmpty else { return nil }
        let hint = Spelling.hint(for: name, among: places.phases)
        log.error("there is no phase \"\(name.shortened)\"\(hint)", at: node)
        return nil
    }

    /// A stretch of time that begins within the run.
    func window(_ node: Node, in places: ScenarioPlaces) -> ClosedRange<Duration>? {
        guard let fields = Fields(node, as: ScenarioFormat.window, log) else { return nil }
        let (from, to) = (fields.read("from", log.duration), fields.read("to", log.duration))
        fields.requireOrder(("from", from), ("to", to), orEqual: false)
        guard let from, let to, from < to else { return nil }
        if let end = places.longestRun, to > end {
            log.error("the window ends after the run, which lasts at most \(end.text); end it before", at: node)
        }
        return from...to
    }

    func timeline(_ node: Node, in places: ScenarioPlaces) -> [TimelineEvent]? {
        guard let elements = node.elements else { return log.wrongType(node, "an array") }
        requireUnique(node, key: "id", noun: "event")
        for element in elements {
            guard let id = element.member("id"), case .string(let name) = id.value.content else { continue }
            guard places.moments.contains(name) else { continue }
            log.error("a burst or phase is called \"\(name.shortened)\" already; give the event another id", at: id)
        }
        return elements.enumerated().compactMap { event($1, index: $0, in: places) }
    }

    private func event(_ node: Node, index: Int, in places: ScenarioPlaces) -> TimelineEvent? {
        guard let fields = Fields(node, as: ScenarioFormat.event, log) else { return nil }
        let id = fields["id"] == nil ? ScenarioPlaces.eventID(index) : fields.read("id", eventID)
        let at = fields.read("at", log.duration)
        let action = fields.read("do", self.action)
        let duration = fields.read("for", log.positiveDuration)
        let every = fields.read("every", log.positiveDuration)
        let times = fields.read("times") { log.count($0, in: 1...100_000) }
        if let node = fields["times"], fields["every"] == nil {
            log.error("\"times\" needs \"every\"; add the distance of the repetitions", at: node)
        }
        if let node = fields["every"], fields["times"] == nil {
            log.error("\"every\" needs \"times\"; add how often the event happens in all", at: node)
        }
        guard let id, let at, let action else { return nil }
        checkDuration(of: action, fields, node)
        if let end = places.longestRun, let node = fields["at"] {
            let last = at + (every ?? .zero) * ((times ?? 1) - 1)
            if last >= end {
                log.error("the event happens after the run, which lasts at most \(end.text); move it", at: node)
            }
        }
        var event = TimelineEvent(id: id, at: at, action: action)
        event.duration = duration
        event.every = every
        event.times = times ?? 1
        return event
    }

    private func eventID(_ node: Node) -> String? {
        guard let id = log.identifier(node) else { return nil }
        guard id.hasSuffix(".end") else { return id }
        log.error("an event's id does not end with \".end\", which means the end of an event; rename it", at: node)
        return nil
    }

    private func checkDuration(of action: TimelineEvent.Action, _ fields: Fields, _ node: Node) {
        switch action {
        case .raise, .mark, .setWorkTime: break
        case .pause:
            guard fields["for"] == nil else { return }
            log.error("the key \"for\" is missing; a pause needs it, because nothing else resumes the target", at: node)
        case .stall:
            guard fields["for"] == nil else { return }
            log.error("the key \"for\" is missing; a stall needs it, because nothing else puts it right", at: node)
        case .fault(let fault) where fault.kind.lasts:
            guard fields["for"] == nil else { return }
            let kind = fault.kind.rawValue
            log.error("the key \"for\" is missing; a \(kind) needs it, because nothing else puts it right", at: node)
        case .retract, .cancel, .drain, .setMaxConcurrency, .fault:
            guard let node = fields["for"] else { return }
            let names = "\"signal\", \"mark\", \"pause\", \"set\" and faults that last"
            log.error("\"for\" goes with \(names); remove it", at: node)
        }
    }

    private func action(_ node: Node) -> TimelineEvent.Action? {
        guard let fields = Fields(node, as: ScenarioFormat.action, log) else { return nil }
        for (companion, owner) in [("to", "set"), ("scope", "fault")] where fields[owner] == nil {
            guard let stranger = fields[companion] else { continue }
            log.error("\"\(companion)\" goes with \"\(owner)\" only; remove it", at: stranger)
        }
        if fields["signal"] != nil { return fields.read("signal", signalName).map { .raise($0) } }
        if fields["retract"] != nil { return fields.read("retract", signalName).map { .retract($0) } }
        if fields["mark"] != nil { return fields.read("mark", signalName).map { .mark($0) } }
        if fields["cancel"] != nil { return fields.read("cancel", checkTrue).map { .cancel } }
        if fields["drain"] != nil { return fields.read("drain", checkTrue).map { .drain } }
        if fields["pause"] != nil { return fields.read("pause", checkTrue).map { .pause } }
        if fields["set"] != nil { return fields.read("set") { setting($0, fields) } }
        if fields["fault"] != nil { return timedFault(fields) }
        return fields.read("setMaxConcurrency") { log.count($0, in: 1...1_000_000) }.map { .setMaxConcurrency($0) }
    }

    private func setting(_ node: Node, _ fields: Fields) -> TimelineEvent.Action? {
        switch log.choice(node, of: TimelineSetting.self) {
        case .workTime: fields.read("to", durations).map { .setWorkTime($0) }
        case nil: nil
        }
    }

    private func timedFault(_ fields: Fields) -> TimelineEvent.Action? {
        let kind = fields.read("fault") { log.choice($0, of: TargetFault.Kind.self) }
        let scope = fields.read("scope") { log.choice($0, of: TimelineFaultScope.self) }
        let delay = fields.read("delay", log.positiveDuration)
        guard let kind, let scope else { return nil }
        if kind == .delay, fields["delay"] == nil, let node = fields["fault"] {
            log.error("the key \"delay\" is missing; a delay needs it", at: node)
            return nil
        }
        if kind != .delay, let node = fields["delay"] {
            log.error("\"delay\" goes with \"fault\": \"delay\" only; remove it", at: node)
            return nil
        }
        if let scope = scope.ofTarget { return .fault(TargetFault(kind, of: scope, delay: delay)) }
        if kind == .stall { return .stall }
        if let node = fields["fault"] {
            log.error("the workers can only stall; write \"fault\": \"stall\", or another scope", at: node)
        }
        return nil
    }

    private func signalName(_ node: Node) -> String? {
        guard let text = log.text(node) else { return nil }
        if !text.isEmpty { return text }
        log.error("the name is empty; write one", at: node)
        return nil
    }

    private func checkTrue(_ node: Node) -> Void? {
        if case .bool(true) = node.value.content { return () }
        return log.wrongType(node, "true")
    }

    /// Says which targets do not understand an event of the timeline.
    func checkTimelineSupport(_ list: Node?, of scenario: Scenario) {
        guard let elements = list?.elements, elements.count == scenario.timeline.count else { return }
        let targets = scenario.targets.compactMap { spec in registry.target(spec.use).map { (spec.id, $0.capabilities) }
        }
        for (node, event) in zip(elements, scenario.timeline) {
            if case .setWorkTime = event.action, scenario.work.kind == .none {
                log.error(
                    "the work is not spent, so that nothing changes; set \"as\" of \"work\" to \"suspend\"",
                    at: node
                )
            }
            let lacking = targets.filter { !$0.1.understands(event.action) }.map { "\"\($0.0)\"" }
            guard !lacking.isEmpty else { continue }
            if lacking.count == targets.count {
                log.error("no target understands this event; remove it, or add a target that does", at: node)
            } else {
                log.warning("it does not reach \(lacking.joined(separator: ", ")), which cannot do it", at: node)
            }
        }
    }
}

extension TargetCapabilities {
    fileprivate func understands(_ action: TimelineEvent.Action) -> Bool {
        switch action {
        case .raise, .retract: hasSignals
        case .mark, .setWorkTime, .stall: true
        case .cancel: controls.contains(.cancel)
        case .drain: controls.contains(.drain)
        case .pause: controls.contains(.pause)
        case .setMaxConcurrency: controls.contains(.setMaxConcurrency)
        case .fault(let fault): faults[fault.scope]?.contains(fault.kind) == true
        }
    }
}
