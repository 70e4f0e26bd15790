extension ScenarioDecoder {
    func load(_ node: Node) -> Load? {
        guard node.members != nil else { return log.wrongType(node, "the load as an object") }
        let modelNode = node.member("model")
        switch modelNode?.value.content {
        case nil:
            log.error("the key \"model\" is missing; write \"model\": \"open\", \"closed\" or \"search\"", at: node)
        case .string("open"):
            return openLoad(node)
        case .string("closed"):
            return closedLoad(node)
        case .string("search"):
            return searchLoad(node)
        case .string(let text):
            guard let modelNode else { return nil }
            let message =
                text == "trace"
                ? "this version does not support the load model \"trace\" yet; write \"open\", \"closed\" or \"search\""
                : "unknown load model \"\(text.shortened)\"\(Spelling.hint(for: text, among: Self.loadModels))"
            log.error(message, at: modelNode)
        default:
            guard let modelNode else { return nil }
            return log.wrongType(modelNode, "\"open\", \"closed\" or \"search\"")
        }
        return nil
    }

    private static let loadModels = ["open", "closed", "search"]

    private func openLoad(_ node: Node) -> Load? {
        guard let fields = Fields(node, as: ScenarioFormat.openLoad, log) else { return nil }
        let phases = fields.read("phases") { self.phases($0, as: ScenarioFormat.openPhase) }
        var load = plannedLoad(fields, phases: phases ?? [])
        if let list = fields["bursts"] {
            requireUnique(list, key: "id", noun: "burst")
            load.bursts = log.list(list) { burst($0, offered: phases.map(Self.offeredTime)) } ?? []
        }
        checkArrivals(load, at: fields["phases"])
        return load
    }

    /// Reads what all loads with planned arrivals have in common.
    func plannedLoad(_ fields: Fields, phases: [Phase]) -> Load {
        let arrivals = fields.read("arrivals", self.arrivals) ?? .even
        fields.read("producers", checkIndependent)
        var load = Load(model: .open(arrivals: arrivals), phases: phases)
        load.keys = fields.read("keys", keys) ?? .none
        load.lanes = fields.read("priorities", lanes) ?? .none
        load.late = fields.read("late") { log.choice($0, of: Load.LatePolicy.self) } ?? .keep
        load.latenessLimit = fields.read("fidelity") { node in
            Fields(node, as: ScenarioFormat.fidelity, log)?.read("lateness.p99", log.positiveDuration)
        }
        if let late = fields["late"], load.late == .drop, load.latenessLimit == nil, fields["fidelity"] == nil {
            log.error("\"late\": \"drop\" needs a bound; add \"fidelity\": { \"lateness.p99\": \"1ms\" }", at: late)
        }
        return load
    }

    private func arrivals(_ node: Node) -> Load.Arrivals? {
        if case .string("jittered") = node.value.content {
            log.error("this version does not support jittered arrivals yet; write \"even\" or \"poisson\"", at: node)
            return nil
        }
        return log.choice(node, of: Load.Arrivals.self)
    }

    private func checkIndependent(_ node: Node) -> Void? {
        if case .string("independent") = node.value.content { return () }
        let mend = "write \"independent\", or set \"model\": \"closed\" for a number of loops"
        log.error("the producers of open load are independent; \(mend)", at: node)
        return nil
    }

    private func closedLoad(_ node: Node) -> Load? {
        guard let fields = Fields(node, as: ScenarioFormat.closedLoad, log) else { return nil }
        let producers = fields.read("producers") { log.count($0, in: 1...100_000) } ?? 1
        let think = fields.read("think", durations)
        let awaiting = fields.read("await") { log.choice($0, of: Load.Awaiting.self) } ?? .finished
        let phases = fields.read("phases") { self.phases($0, as: ScenarioFormat.closedPhase) }
        let model = Load.Model.closed(producers: producers, think: think, awaiting: awaiting)
        var load = Load(model: model, phases: phases ?? [])
        load.keys = fields.read("keys", keys) ?? .none
        load.lanes = fields.read("priorities", lanes) ?? .none
        return load
    }

    /// Reads phases; those of a search, whose highest rate is given, have shares of it.
    func phases(_ node: Node, as shape: ObjectShape, highestRate: Double? = nil) -> [Phase]? {
        requireSome(node, "phase")
        requireUnique(node, key: "name", noun: "phase")
        let phases = log.list(node) { phase($0, as: shape, highestRate: highestRate) }
        let elements = node.elements ?? []
        for element in elements.dropLast() {
            guard let until = element.member("until") else { continue }
            log.error(
                "only the last phase can wait until the target is empty; give this one a time (\"for\")",
                at: until
            )
        }
        if elements.count == 1, let until = elements[0].member("until") {
            log.error("the only phase offers no load; put a phase with a time (\"for\") before it", at: until)
        }
        if let phases, phases.count == elements.count, !phases.isEmpty, !phases.contains(where: \.measure) {
            log.warning("no phase is measured; the totals will be empty", at: node)
        }
        return phases
    }

    private func phase(_ node: Node, as shape: ObjectShape, highestRate: Double?) -> Phase? {
        guard let fields = Fields(node, as: shape, log) else { return nil }
        let name = fields.read("name", log.identifier)
        let duration = fields.read("for", log.positiveDuration)
        let limit = fields.read("limit", log.positiveDuration)
        let count = fields.read("operations") { log.count($0) }
        let isDraining = fields.read("until", checkEmpty) != nil
        let rate = fields.read("rate") { node -> RateCurve? in
            guard let highestRate else { return rateCurve(node, within: duration) }
            return shareOfRate(node).map { .constant($0 * highestRate) }
        }
        if let node = fields["limit"], fields["for"] != nil {
            log.error("\"limit\" does not go with \"for\"; remove it", at: node)
        }
        if let node = fields["rate"], isDraining {
            log.error("a phase that waits until the target is empty offers nothing; remove \"rate\"", at: node)
        }
        let end: Phase.End? =
            if let duration { .after(duration) } else if let limit, let count {
                .operations(count, limit: limit)
            } else if let limit, isDraining { .empty(limit: limit) } else { nil }
        guard let name, let end else { return nil }
        return Phase(
            name: name,
            end: end,
            rate: rate ?? .constant(isDraining ? 0 : highestRate ?? 0),
            measure: fields.read("measure", log.boolean) ?? true
        )
    }

    private func checkEmpty(_ node: Node) -> Void? {
        if case .string("empty") = node.value.content { return () }
        log.error("a phase can wait until the target is \"empty\" and for nothing else; write \"empty\"", at: node)
        return nil
    }

    private func burst(_ node: Node, offered: Duration?) -> Burst? {
        guard let fields = Fields(node, as: ScenarioFormat.burst, log) else { return nil }
        let id = fields.read("id", log.identifier)
        let at = fields.read("at", log.duration)
        let over = fields.read("over", log.duration)
        let duration = fields.read("for", log.positiveDuration)
        var count = fields.read("count") { log.count($0, in: 1...Int64(Self.arrivalLimit)) }
        if let rateNode = fields["rate"], let rate = log.measure(rateNode, .rate), let duration {
            let arrivals = (rate * duration.seconds).rounded()
            if (1...Double(Self.arrivalLimit)).contains(arrivals) {
                count = Int(arrivals)
            } else {
                log.error(
                    "the burst adds \(arrivals.plainText) arrivals; write a rate and time that add 1 or more",
                    at: rateNode
                )
            }
        }
        guard let id, let at, let count, let length = over ?? duration else { return nil }
        if let offered, at + length > offered {
            log.error(
                "the burst ends after the last phase with load, at \(offered.text); move it or lengthen the phase",
                at: node
            )
        }
        return Burst(id: id, at: at, count: count, over: length)
    }

    private static func offeredTime(of phases: [Phase]) -> Duration {
        phases.filter { !$0.isWaiting }.reduce(.zero) { $0 + $1.longest }
    }
}

extension Phase {
    /// Whether the phase offers nothing and waits.
    var isWaiting: Bool {
        if case .empty = end { true } else { false }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
