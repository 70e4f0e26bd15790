/// No operation starts while one of a higher lane, which could have started instead, has been waiting.
///
/// Only certain overtakings count; ``LaneOrder`` says what a history can be certain of. Lanes with a limit of their own,
/// and lanes with a deferring signal that was raised during the run, are not judged as waiting: they may have been unable
/// to start.
enum LanePriorityInvariant: Invariant {
    /// Options of the invariant.
    struct Options: Codable, Sendable, Equatable {
        /// The lanes from the highest, of a target whose options do not list them; the highest one is deferred by the
        /// target's `deferPriorityOn`.
        var lanes: [String]?
    }

    static let id = "lane-priority"
    static let summary = "no operation starts while a startable one of a higher lane waits"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard !history.laneNames.isEmpty else {
            return .unknown("the operations have no lanes; give the load 'priorities'")
        }
        guard !evidence.hasOption("agingInterval") else {
            return .unknown("with 'agingInterval' operations of low lanes may overtake")
        }
        guard !evidence.hasOption("fairness") else {
            return .unknown("with 'fairness' operations of low lanes may overtake")
        }
        guard let slots = evidence.laneSlots else {
            return .unknown("the target's options have no 'maxConcurrency': nobody knows when all slots are busy")
        }
        let lanes = evidence.lanes(orElse: options.lanes ?? evidence.laneNames ?? [])
        guard lanes.count > 1 else { return .unknown("the target has no two lanes") }
        let order = LaneOrder(
            history,
            ranks: history.laneNames.map { name in lanes.firstIndex { $0.name == name } ?? 0 },
            isJudged: lanes.map { $0.isAlwaysStartable(in: history, slots: slots) },
            slots: slots,
            isKeyed: evidence.capabilities.isKeyed
        )
        if let overtaking = order.overtaking {
            return .fail(overtaking.text(lane: { lanes[$0].name }))
        }
        guard order.decided > 0 else {
            return .unknown("no operation of a higher lane met a waiting one of a lower lane")
        }
        return .pass("\(FindingText.count(order.decided, "start")) ahead of waiting operations of lower lanes")
    }
}

/// What the invariant knows of a target's lane.
struct LaneOptions {
    var name: String
    var maxConcurrency: Int?
    var deferOnSignals: [Glob] = []

    /// Whether a waiting operation of the lane can start whenever one of another lane can.
    func isAlwaysStartable(in history: History, slots: Int) -> Bool {
        if let maxConcurrency, maxConcurrency < slots { return false }
        return !history.signalNames.contains { name in deferOnSignals.contains { $0.matches(name) } }
    }
}

extension Evidence {
    /// The lanes among the target's options, from the highest; without any, lanes of these names.
    func lanes(orElse names: [String]) -> [LaneOptions] {
        guard case .object(let options) = targetOptions, case .array(let elements) = options["lanes"] else {
            var lanes = names.map { LaneOptions(name: $0) }
            let deferring = patternsOption("deferPriorityOn") ?? []
            if !lanes.isEmpty { lanes[0].deferOnSignals = deferring.map { Glob($0) } }
            return lanes
        }
        return elements.compactMap { element in
            guard case .object(let lane) = element, case .string(let name) = lane["name"] else { return nil }
            var options = LaneOptions(name: name)
            if case .integer(let limit) = lane["maxConcurrency"] { options.maxConcurrency = Int(exactly: limit) }
            switch lane["deferOnSignals"] {
            case .string(let pattern): options.deferOnSignals = [Glob(pattern)]
            case .array(let patterns):
                options.deferOnSignals = patterns.compactMap {
                    if case .string(let pattern) = $0 { Glob(pattern) } else { nil }
                }
            default: break
            }
            return options
        }
    }

    /// How many operations may have been taken at one time where lanes compete: all together, or of each key.
    fileprivate var laneSlots: Int? {
        guard capabilities.isKeyed else { return allowedConcurrency }
        let perKey = allowedConcurrencyPerKey
        return max(1, min(perKey, allowedConcurrency ?? perKey))
    }

    fileprivate func hasOption(_ name: String) -> Bool {
        guard case .object(let options) = targetOptions else { return false }
        return options[name] != nil
    }
}
