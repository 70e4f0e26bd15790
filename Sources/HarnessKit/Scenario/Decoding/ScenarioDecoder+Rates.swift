extension ScenarioDecoder {
    /// The most arrivals that one run may plan.
    static let arrivalLimit = 50_000_000

    /// Reads a rate or a curve of rates within a phase of that duration, when it is known.
    func rateCurve(_ node: Node, within duration: Duration?) -> RateCurve? {
        guard node.members != nil else { return log.measure(node, .rate).map { .constant($0) } }
        guard let fields = Fields(node, as: ScenarioFormat.rateCurve, log) else { return nil }
        let rate = { (node: Node) in log.measure(node, .rate) }
        if let list = fields["steps"] { return steps(list, within: duration) }
        if let spike = fields["spike"] {
            guard let fields = Fields(spike, as: ScenarioFormat.spike, log) else { return nil }
            guard let base = fields.read("base", rate), let peak = fields.read("peak", rate) else { return nil }
            return .spike(base: base, peak: peak)
        }
        let from = fields.read("from", rate)
        let to = fields.read("to", rate)
        guard let from, let to else { return nil }
        return .linear(from: from, to: to)
    }

    private func steps(_ list: Node, within duration: Duration?) -> RateCurve? {
        requireSome(list, "step")
        guard let steps = log.list(list, step), steps.count == list.elements?.count else { return nil }
        if let duration {
            let fixed = steps.compactMap(\.duration).reduce(.zero, +)
            let hasFree = steps.contains { $0.duration == nil }
            if fixed > duration || (hasFree && fixed == duration) {
                log.error("the steps last longer than their phase (\(duration.text)); shorten them", at: list)
            } else if !hasFree, fixed < duration {
                log.error(
                    "the steps last \(fixed.text), their phase \(duration.text); make them equal or leave one \"for\" out",
                    at: list
                )
            }
        }
        return .steps(steps)
    }

    private func step(_ node: Node) -> RateCurve.Step? {
        guard node.members != nil else { return log.measure(node, .rate).map { RateCurve.Step(rate: $0) } }
        guard let fields = Fields(node, as: ScenarioFormat.step, log) else { return nil }
        let rate = fields.read("rate") { log.measure($0, .rate) }
        let duration = fields.read("for", log.positiveDuration)
        return rate.map { RateCurve.Step(rate: $0, duration: duration) }
    }

    /// Reports a load that offers nothing, or more than a plan can hold.
    func checkArrivals(_ load: Load, at phases: Node?) {
        guard let phases, load.phases.count == phases.elements?.count, !load.phases.isEmpty else { return }
        let inPhases = load.phases.reduce(0) { $0 + $1.rate.mean(over: $1.longest) * $1.longest.seconds }
        let expected = load.bursts.reduce(inPhases) { $0 + Double($1.count) }
        if expected > Double(Self.arrivalLimit) {
            let message =
                "the load offers about \(expected.plainText) operations, more than the \(Self.arrivalLimit) of one run"
            log.error("\(message); lower the rates or shorten the phases", at: phases)
        } else if expected < 1 {
            log.warning("the load offers less than one operation; raise the rates or lengthen the phases", at: phases)
        }
    }

    func keys(_ node: Node) -> KeyDistribution? {
        guard
            let (name, fields) = variant(
                node,
                ScenarioFormat.keyShapes,
                later: ScenarioFormat.laterKeyDistributions,
                noun: "key distribution"
            )
        else { return nil }
        guard let count = fields.read("count", { log.count($0, in: 1...10_000_000) }) else { return nil }
        switch name {
        case "zipf":
            guard let exponentNode = fields["s"], let exponent = log.number(exponentNode) else { return nil }
            guard (0...20).contains(exponent) else {
                log.error("the exponent \(exponent) is out of range; write a number from 0 to 20", at: exponentNode)
                return nil
            }
            return .zipf(count: count, exponent: exponent)
        case "round-robin": return .roundRobin(count: count)
        default: return .uniform(count: count)
        }
    }

    /// Reads a duration or a distribution of durations.
    func durations(_ node: Node) -> DurationDistribution? {
        guard node.members != nil else { return log.duration(node).map { .constant($0) } }
        guard
            let (name, fields) = variant(
                node,
                ScenarioFormat.distributionShapes,
                later: ScenarioFormat.laterDistributions,
                noun: "distribution"
            )
        else { return nil }
        switch name {
        case "uniform":
            let (low, high) = (fields.read("min", log.duration), fields.read("max", log.duration))
            fields.requireOrder(("min", low), ("max", high), orEqual: true)
            guard let low, let high else { return nil }
            return .uniform(min: low, max: high)
        case "exponential":
            return fields.read("mean", log.positiveDuration).map { .exponential(mean: $0) }
        case "lognormal":
            let (median, p99) = (fields.read("median", log.positiveDuration), fields.read("p99", log.positiveDuration))
            fields.requireOrder(("median", median), ("p99", p99), orEqual: false)
            guard let median, let p99 else { return nil }
            return .lognormal(median: median, p99: p99)
        default:
            return fields.read("value", log.duration).map { .constant($0) }
        }
    }

    /// Reads an object whose `dist` decides which other keys it has.
    private func variant(
        _ node: Node,
        _ shapes: [ObjectShape],
        later: [String],
        noun: String
    ) -> (name: String, fields: Fields)? {
        guard node.members != nil else { return log.wrongType(node, "a \(noun) as an object") }
        let names = shapes.compactMap(\.variantName)
        guard let nameNode = node.member("dist") else {
            log.error("the key \"dist\" is missing; write one of \(names.joined(separator: ", "))", at: node)
            return nil
        }
        guard let name = log.text(nameNode) else { return nil }
        guard let index = names.firstIndex(of: name) else {
            let message =
                later.contains(name)
                ? "this version does not support the \(noun) \"\(name)\" yet; known: \(names.joined(separator: ", "))"
                : "unknown \(noun) \"\(name.shortened)\"\(Spelling.hint(for: name, among: names))"
            log.error(message, at: nameNode)
            return nil
        }
        return Fields(node, as: shapes[index], log).map { (name, $0) }
    }
}

extension ObjectShape {
    /// The value of `dist` that the shape belongs to.
    fileprivate var variantName: String? {
        guard case .constant(.string(let name)) = fields.first?.shape else { return nil }
        return name
    }
}

extension RateCurve {
    /// The mean rate over a phase of some length.
    fileprivate func mean(over duration: Duration) -> Double {
        switch self {
        case .constant(let rate): return rate
        case .linear(let from, let to): return (from + to) / 2
        case .spike(let base, let peak): return (base + peak) / 2
        case .steps(let steps):
            let fixed = steps.compactMap(\.duration).reduce(.zero, +)
            let free = steps.count { $0.duration == nil }
            let share = free > 0 ? (duration - fixed).seconds / Double(free) : 0
            let arrivals = steps.reduce(0) { $0 + $1.rate * ($1.duration?.seconds ?? share) }
            return arrivals / duration.seconds
        }
    }
}

extension Double {
    /// The number without fraction, for messages; in exponential form when it is very large.
    var plainText: String {
        abs(self) < 1e15 ? String(Int64(rounded())) : String(self)
    }
}
