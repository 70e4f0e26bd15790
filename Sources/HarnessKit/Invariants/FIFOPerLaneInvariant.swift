/// Operations of one lane start in the order in which they were accepted; in keyed targets, those of one lane and key.
enum FIFOPerLaneInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "fifo-per-lane"
    static let summary = "operations of one lane, in keyed targets of one key, start in the order of their acceptance"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        guard !history.laneNames.isEmpty else {
            return .unknown("the operations have no lanes; give the load 'priorities'")
        }
        let isKeyed = evidence.capabilities.isKeyed
        let count = Int32(history.laneNames.count)
        let perKey = isKeyed ? evidence.allowedConcurrencyPerKey : evidence.slots
        // One number for key and lane: at most 10 million keys and 256 lanes, which 32 bits tell apart.
        let order = StartOrder(history, slots: max(1, min(perKey, evidence.slots))) { event in
            Int32(event.lane) &+ (isKeyed ? event.detail &* count : 0)
        }
        if let overtaking = order.overtaking {
            let number = UInt32(bitPattern: overtaking.lane)
            let lane = history.laneNames[Int(number % UInt32(count))]
            let key = isKeyed ? ", key \(number / UInt32(count))" : ""
            return .fail("lane '\(lane)'\(key): \(overtaking.text)")
        }
        guard order.compared > 0 else {
            return .unknown("no operation was submitted after another of its lane had been accepted")
        }
        return .pass("\(FindingText.count(order.compared, "start")) in order")
    }
}
