extension ScenarioDecoder {
    /// Reads `priorities`: shares by lane name, or names in turn.
    func lanes(_ node: Node) -> LaneDistribution? {
        if let elements = node.elements {
            requireSome(node, "lane")
            let names = elements.compactMap(laneName)
            guard !names.isEmpty, names.count == elements.count, fits(Set(names).count, node) else { return nil }
            return .inTurn(names)
        }
        guard let members = node.members else {
            let example = #"{ "urgent": "10%", "normal": "90%" }"#
            return log.wrongType(node, "shares by lane, as \(example), or a list of lanes")
        }
        guard !members.isEmpty else {
            log.error("there is no lane; name at least one with its share, as \"normal\": \"100%\"", at: node)
            return nil
        }
        let shares = members.compactMap { member in
            log.measure(member.node, .share).map { LaneDistribution.Share(lane: member.name, share: $0) }
        }
        guard shares.count == members.count, fits(shares.count, node) else { return nil }
        let sum = shares.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) < 1e-6 else {
            let percent = (sum * 1e6).rounded() / 1e4
            log.error("the shares of the lanes add up to \(percent)%; make them add up to 100%", at: node)
            return nil
        }
        return .shares(shares)
    }

    private func laneName(_ node: Node) -> String? {
        guard let text = log.text(node) else { return nil }
        if !text.isEmpty { return text }
        log.error("the name is empty; write the name of a lane", at: node)
        return nil
    }

    private func fits(_ count: Int, _ node: Node) -> Bool {
        if count <= LanePicker.limit { return true }
        log.error("\(count) lanes are too many; write at most \(LanePicker.limit)", at: node)
        return false
    }

    /// Checks that the lanes of the load are lanes of the targets.
    func checkLanes(_ list: Node?, of scenario: Scenario) {
        guard let list, !scenario.targets.isEmpty else { return }
        let lanes = scenario.targets.map { spec in
            registry.target(spec.use).flatMap { $0.lanes(ofPlain: spec.options) }
        }
        for (name, node) in Self.namedLanes(list) {
            for (spec, known) in zip(scenario.targets, lanes) {
                guard let known, !known.contains(name) else { continue }
                let hint = Spelling.hint(for: name, among: known)
                log.error("the target \"\(spec.id)\" has no lane \"\(name.shortened)\"\(hint)", at: node)
            }
        }
        let without = zip(scenario.targets, lanes).filter { $0.1 == nil }.map { "\"\($0.0.id)\"" }
        if without.count == lanes.count {
            log.error("no target has lanes; remove it, or add a target that has", at: list)
        } else if !without.isEmpty {
            let verb = without.count == 1 ? "has" : "have"
            log.warning("it does not concern \(without.joined(separator: ", ")), which \(verb) no lanes", at: list)
        }
    }

    /// The places where lanes are named, each name once.
    private static func namedLanes(_ list: Node) -> [(name: String, node: Node)] {
        if let members = list.members { return members }
        var seen: Set<String> = []
        return (list.elements ?? []).compactMap { node in
            guard case .string(let name) = node.value.content, !name.isEmpty, seen.insert(name).inserted else {
                return nil
            }
            return (name, node)
        }
    }
}

extension Target {
    /// The lanes by a scenario's options; `nil` also when these are wrong, which is said elsewhere.
    fileprivate static func lanes(ofPlain options: JSONValue) -> [String]? {
        (try? options.decode(as: Options.self)).flatMap { lanes(of: $0) }
    }

    /// How many attempts an operation gets by a scenario's options, likewise.
    static func maxAttempts(ofPlain options: JSONValue) -> Int? {
        (try? options.decode(as: Options.self)).flatMap { maxAttempts(of: $0) }
    }
}
