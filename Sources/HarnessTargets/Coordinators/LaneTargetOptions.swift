import Ephemeral
import HarnessKit

/// The options of targets with lanes beside those of all coordinators.
struct LaneTargetOptions: Codable, Sendable {
    var lanes: [Lane]?
    var agingInterval: DurationText?

    /// One lane.
    struct Lane: Codable, Sendable {
        var name: String
        var maxDepth: Int?
        var maxConcurrency: Int?
        var cancelOnSignals: SignalPatterns?
        var deferOnSignals: SignalPatterns?
        var maxDeferAttempts: Int?
        var deferCheckInterval: DurationText?

        var lane: PriorityLane {
            var lane = PriorityLane(name, maxDepth: maxDepth, maxConcurrency: maxConcurrency)
            if let cancelOnSignals { lane.cancelOn = SignalPatternSet(cancelOnSignals.patterns) }
            if let deferOnSignals { lane.deferOn = SignalPatternSet(deferOnSignals.patterns) }
            if let maxDeferAttempts { lane.maxDeferAttempts = maxDeferAttempts }
            if let deferCheckInterval { lane.deferCheckInterval = deferCheckInterval.duration }
            return lane
        }
    }

    static let descriptions = [
        "lanes":
            "The lanes from the highest, each with name and, if wanted, maxDepth, maxConcurrency, cancelOnSignals, "
            + "deferOnSignals, maxDeferAttempts and deferCheckInterval; one lane 'normal' when absent.",
        "agingInterval": "How long an operation waits before it counts as one lane higher; never when absent.",
    ]

    /// The names of the lanes, from the highest.
    var names: [String] {
        guard let lanes, !lanes.isEmpty else { return ["normal"] }
        return lanes.map(\.name)
    }

    /// The library's lanes.
    var priorityLanes: [PriorityLane] { (lanes ?? []).map(\.lane) }

    func validate() throws {
        var seen: Set<String> = []
        for (index, lane) in (lanes ?? []).enumerated() {
            func refuse(_ option: String, _ message: String) -> PluginOptionError {
                PluginOptionError(option: "lanes/\(index)/\(option)", message: message)
            }
            guard lane.name.contains(where: { !$0.isWhitespace }) else { throw refuse("name", "is blank; give a name") }
            guard seen.insert(lane.name).inserted else {
                throw refuse("name", "'\(lane.name)' exists already; give this lane another name")
            }
            for (option, value, least) in [
                ("maxDepth", lane.maxDepth, 1), ("maxConcurrency", lane.maxConcurrency, 1),
                ("maxDeferAttempts", lane.maxDeferAttempts, 0),
            ] {
                if let value, value < least { throw refuse(option, "is \(value); give \(least) or more") }
            }
            if let interval = lane.deferCheckInterval, interval.duration <= .zero {
                throw refuse("deferCheckInterval", "is \(interval.text); give a positive time")
            }
        }
        if let agingInterval, agingInterval.duration <= .zero {
            throw PluginOptionError(option: "agingInterval", message: "is \(agingInterval.text); give a positive time")
        }
    }
}

/// The lane of each operation by the name that the target knows it by.
struct LaneNames: Sendable {
    private let names: [String]

    init(_ environment: TargetEnvironment) {
        names = environment.lanes
    }

    /// The lane's name; `nil`, which is the default lane, when the scenario names none.
    subscript(operation: Operation) -> String? {
        names.indices.contains(operation.lane) ? names[operation.lane] : nil
    }
}
