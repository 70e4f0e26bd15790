internal import EphemeralTime

/// One lane of a priority coordinator: its name, its bounds and what it does about signals.
public struct PriorityLane: Sendable {
    /// What `enqueue(_:lane:)` calls it.
    public var name: String
    /// How many items may wait in the lane before it refuses more; `nil`, 0 and less are unbounded.
    public var maxDepth: Int?
    /// How many bodies of the lane may run at a time; `nil` leaves it to the coordinator's limit.
    public var maxConcurrency: Int?
    /// While a matching signal is live in the sink, waiting items are cancelled and new ones refused.
    public var cancelOn: SignalPatternSet = []
    /// While a matching signal is live in the sink, nothing of the lane starts; other lanes go on.
    public var deferOn: SignalPatternSet = []
    /// How many intervals of ``deferCheckInterval`` the lane's first item is held back before it starts regardless; 0 never
    /// defers, `nil` waits for ever.
    public var maxDeferAttempts: Int? = 50
    /// The unit of the allowance above.
    public var deferCheckInterval: Duration = .milliseconds(100)

    /// Creates a lane.
    ///
    /// - Parameters:
    ///   - name: What `enqueue(_:lane:)` calls it.
    ///   - maxDepth: How many items may wait in it.
    ///   - maxConcurrency: How many of its bodies may run at a time.
    public init(_ name: String, maxDepth: Int? = nil, maxConcurrency: Int? = nil) {
        self.name = name
        self.maxDepth = maxDepth
        self.maxConcurrency = maxConcurrency
    }

    private func validate(hasSink: Bool) throws {
        guard name.contains(where: { !$0.isWhitespace }) else {
            throw CoordinatorError(code: .invalidArgument, message: "a lane has a blank name; give it one")
        }
        if let maxConcurrency, maxConcurrency <= 0 {
            throw CoordinatorError.invalid("maxConcurrency of lane \(name)", maxConcurrency, "give 1 or more, or nil")
        }
        if let maxDeferAttempts, maxDeferAttempts < 0 {
            throw CoordinatorError.invalid(
                "maxDeferAttempts of lane \(name)",
                maxDeferAttempts,
                "give 0 or more, or nil"
            )
        }
        guard deferCheckInterval > .zero else {
            throw CoordinatorError.invalid(
                "deferCheckInterval of lane \(name)",
                deferCheckInterval,
                "give a positive time"
            )
        }
        guard hasSink || (cancelOn.isEmpty && deferOn.isEmpty) else {
            throw CoordinatorError(
                code: .invalidArgument,
                message: "lane \(name) has signal rules but there is no sink; set signals.sink in the options"
            )
        }
    }

    /// Lanes that fit together; the default lane where there are none.
    @usableFromInline
    static func validated(_ lanes: [PriorityLane], options: EphemeralOptions) throws -> [PriorityLane] {
        var names: Set<String> = []
        for lane in lanes {
            try lane.validate(hasSink: options.signals.sink != nil)
            guard names.insert(lane.name).inserted else {
                throw CoordinatorError(
                    code: .invalidArgument,
                    message: "two lanes are called \(lane.name); give each a name of its own"
                )
            }
        }
        return lanes.isEmpty ? [PriorityLane(defaultName)] : lanes
    }

    static let defaultName = "normal"

    var state: Lane {
        let depth = maxDepth.flatMap { $0 > 0 ? $0 : nil }
        let allowance = maxDeferAttempts.map { deferCheckInterval.allowance(times: $0) }
        return Lane(name: name, depth: depth, limit: maxConcurrency, gate: StartGate(allowance: allowance))
    }
}

/// The lanes of a coordinator by name.
@usableFromInline
struct LaneDirectory: Sendable {
    private let numbers: [String: Int]
    private let names: [String]
    private let defaultLane: Int

    @usableFromInline
    init(_ lanes: [PriorityLane]) {
        names = lanes.map(\.name)
        numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        defaultLane = numbers[PriorityLane.defaultName] ?? 0
    }

    /// The number of a lane; of the default lane without a name.
    @usableFromInline
    func number(of lane: String?) throws -> Int {
        guard let lane else { return defaultLane }
        if let number = numbers[lane] { return number }
        throw CoordinatorError(
            code: .laneUnknown,
            message: "there is no lane \(lane); the lanes are \(names.joined(separator: ", "))"
        )
    }
}

extension LaneTable {
    @usableFromInline
    init(_ lanes: [PriorityLane], agingInterval: Duration?) throws {
        if let agingInterval, agingInterval <= .zero {
            throw CoordinatorError.invalid("agingInterval", agingInterval, "give a positive time, or nil for none")
        }
        self.init(lanes.map(\.state), agingInterval: agingInterval)
    }
}
