/// How operations get the lanes of a target that has several.
public enum LaneDistribution: Sendable, Equatable {
    /// Operations name no lane: a target with lanes takes its own default.
    case none
    /// Each lane gets a share of the operations, drawn from the seed; the shares add up to 1.
    case shares([Share])
    /// Lanes in turn; a name may occur several times.
    case inTurn([String])

    /// A lane's share of the operations.
    public struct Share: Sendable, Equatable {
        /// The lane's name.
        public var lane: String
        /// The part of all operations, from 0 to 1.
        public var share: Double

        /// Creates a share.
        public init(lane: String, share: Double) {
            self.lane = lane
            self.share = share
        }
    }

    /// The names of the lanes, each once, in the order of the scenario; ``Operation/lane`` counts them from 0.
    public var names: [String] {
        switch self {
        case .none: []
        case .shares(let shares): shares.map(\.lane)
        case .inTurn(let names): names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        }
    }
}
