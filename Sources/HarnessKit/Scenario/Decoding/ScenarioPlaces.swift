/// The names and times that later parts of a scenario refer to.
struct ScenarioPlaces {
    /// The ids of all targets, in order.
    var targets: [String] = []
    /// The names of all phases, in order; also of those that are otherwise wrong.
    var phases: [String] = []
    /// Names that `after` may refer to, without their `.end`.
    var moments: [String] = []
    /// The longest that the run can last; `nil` when the phases are wrong.
    var longestRun: Duration?

    init(load: Load?, loadNode: Node?, targetNode: Node?) {
        targets = targetNode.map { Self.names("id", of: $0) } ?? []
        phases = loadNode?.member("phases").map { Self.names("name", of: $0) } ?? []
        let bursts = loadNode?.member("bursts").map { Self.names("id", of: $0) } ?? []
        moments = bursts + phases
        guard let load, load.phases.count == phases.count else { return }
        longestRun = load.phases.reduce(.zero) { $0 + $1.longest }
    }

    func adding(timeline: Node?) -> ScenarioPlaces {
        var places = self
        for (index, event) in (timeline?.elements ?? []).enumerated() {
            guard let node = event.member("id") else {
                places.moments.append(Self.eventID(index))
                continue
            }
            if case .string(let id) = node.value.content { places.moments.append(id) }
        }
        return places
    }

    /// The id of an event that has none of its own.
    static func eventID(_ index: Int) -> String { "event-\(index + 1)" }

    private static func names(_ key: String, of list: Node) -> [String] {
        (list.elements ?? []).compactMap { element in
            guard case .string(let name) = element.member(key)?.value.content else { return nil }
            return name
        }
    }
}

extension Phase {
    /// The longest that the phase can last.
    var longest: Duration {
        switch end {
        case .after(let duration): duration
        case .empty(let limit), .operations(_, let limit): limit
        }
    }
}
