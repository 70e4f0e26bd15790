extension ScenarioDecoder {
    /// Reads a clock, or a list of them.
    func clocks(_ node: Node) -> [RunClock]? {
        let nodes = node.elements ?? [node]
        if nodes.isEmpty { log.error("the list of clocks is empty; write \"real\" or \"virtual\"", at: node) }
        var clocks: [RunClock] = []
        for node in nodes {
            guard let clock = clock(node) else { continue }
            if clocks.contains(clock) {
                log.error("the clock \"\(clock.rawValue)\" is there already; remove this one", at: node)
            } else {
                clocks.append(clock)
            }
        }
        return clocks
    }

    func clock(_ node: Node) -> RunClock? {
        guard let text = log.text(node) else { return nil }
        if let clock = RunClock(rawValue: text) { return clock }
        log.error("unknown clock \"\(text.shortened)\"; write \"real\" or \"virtual\"", at: node)
        return nil
    }

    /// Checks that a scenario can be run on its clocks, and that nothing waits for a run on another one.
    func checkClocks(_ fields: Fields, of scenario: Scenario) {
        checkExpectationClocks(fields["expect"], of: scenario)
        guard scenario.clocks.contains(.virtual) else {
            checkNothingVirtual(fields["runs"], of: scenario)
            return
        }
        if let node = fields["load"], scenario.load.model.isClosed, !scenario.takesTime {
            log.error(
                "nothing takes time, so that virtual time would stand still; give the work or \"think\" a time, or run "
                    + "on the real clock",
                at: node
            )
        }
        guard let node = fields["clock"] else { return }
        let obstacles = scenario.targets.compactMap { spec in
            registry.target(spec.use)?.virtualObstacle(ofPlain: spec.options).map { (id: spec.id, reason: $0) }
        }
        guard let first = obstacles.first else { return }
        let ids = obstacles.map { "\"\($0.id)\"" }.joined(separator: ", ")
        if obstacles.count == scenario.targets.count, scenario.clocks == [.virtual] {
            log.error("no target can run in virtual time: \(first.reason); write \"real\"", at: node)
        } else {
            log.warning("not run in virtual time: \(ids): \(first.reason)", at: node)
        }
    }

    private func checkNothingVirtual(_ node: Node?, of scenario: Scenario) {
        for (key, isSet) in [
            ("virtualSeeds", scenario.runs.virtualSeeds > 1), ("verifyDeterminism", scenario.runs.verifyDeterminism),
        ] where isSet {
            guard let node = node?.member(key) else { continue }
            log.error("\"\(key)\" goes with the virtual clock; add \"clock\": \"virtual\", or remove it", at: node)
        }
    }

    private func checkExpectationClocks(_ list: Node?, of scenario: Scenario) {
        let nodes = list?.elements ?? []
        for node in nodes {
            guard let member = node.member("clock"), case .string(let text) = member.value.content,
                let clock = RunClock(rawValue: text), !scenario.clocks.contains(clock)
            else { continue }
            log.error("the scenario is not run on the \(text) clock; add it to \"clock\", or remove this", at: member)
        }
        guard nodes.count == scenario.expectations.count else { return }
        for (node, expectation) in zip(nodes, scenario.expectations) {
            let own = expectation.clock.map { [$0] } ?? scenario.clocks
            guard let only = expectation.metric.clock, !own.contains(only), let that = node.member("that") else {
                continue
            }
            log.error("\"\(expectation.metric.name)\" is measured on the \(only.rawValue) clock alone", at: that)
        }
    }
}

extension Load.Model {
    /// Whether producers wait before they submit again.
    var isClosed: Bool {
        if case .closed = self { true } else { false }
    }
}

extension Scenario {
    /// Whether operations take time, or producers do between them.
    fileprivate var takesTime: Bool {
        if work.kind != .none, work.time != .constant(.zero) { return true }
        if case .closed(_, let think?, _) = load.model, think != .constant(.zero) { return true }
        return false
    }
}
