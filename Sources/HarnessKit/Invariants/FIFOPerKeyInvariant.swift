/// Operations of one key start in the order in which they were accepted.
enum FIFOPerKeyInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "fifo-per-key"
    static let summary = "operations of one key start in the order of their acceptance"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        // A keyed target runs one operation of a key at a time unless its option says otherwise.
        let perKey = evidence.capabilities.isKeyed ? evidence.allowedConcurrencyPerKey : evidence.slots
        let order = StartOrder(history, slots: max(1, min(perKey, evidence.slots)), lane: \.detail)
        if let overtaking = order.overtaking {
            return .fail("key \(overtaking.lane): \(overtaking.text)")
        }
        guard order.compared > 0 else {
            return .unknown("no operation was submitted after another of its key had been accepted")
        }
        return .pass(
            "\(FindingText.count(order.compared, "start")) in order over \(FindingText.count(order.lanes, "key"))"
        )
    }
}
