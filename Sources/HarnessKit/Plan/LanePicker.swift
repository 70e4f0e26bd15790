/// How operations get their lanes, ready to pick: numbers into the names of the scenario.
enum LanePicker: Sendable {
    case none
    /// The share of the lanes up to and including each, ascending to 1.
    case table(cumulative: [Double])
    case inTurn([Int])

    /// The most lanes of a scenario: histories hold a lane in one byte.
    static let limit = 256

    init(_ distribution: LaneDistribution) throws(PlanError) {
        let names = distribution.names
        guard names.count <= Self.limit else {
            throw PlanError(message: "the load has \(names.count) lanes; give \(Self.limit) at most")
        }
        switch distribution {
        case .none:
            self = .none
        case .shares(let shares):
            var sum = 0.0
            var cumulative: [Double] = []
            for share in shares {
                guard share.share >= 0, share.share.isFinite else {
                    throw PlanError(message: "the share of lane \"\(share.lane)\" is \(share.share); give 0 to 1")
                }
                sum += share.share
                cumulative.append(sum)
            }
            guard abs(sum - 1) < 1e-6 else {
                throw PlanError(message: "the shares of the lanes add up to \(sum); make them add up to 1")
            }
            self = .table(cumulative: cumulative.map { $0 / sum })
        case .inTurn(let turns):
            guard !turns.isEmpty else { throw PlanError(message: "the list of lanes is empty; name at least one") }
            self = .inTurn(turns.map { names.firstIndex(of: $0) ?? 0 })
        }
    }

    /// The lane of an operation, by its number and a word drawn for it.
    @inline(__always)
    func lane(of index: Int, word: @autoclosure () -> UInt64) -> Int {
        switch self {
        case .none:
            return 0
        case .table(let cumulative):
            let value = word().unitInterval
            return cumulative.firstIndex { $0 > value } ?? cumulative.count - 1
        case .inTurn(let lanes):
            return lanes[index % lanes.count]
        }
    }
}
