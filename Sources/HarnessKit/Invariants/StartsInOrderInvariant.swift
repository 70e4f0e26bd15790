/// Operations start in the order in which they were accepted.
enum StartsInOrderInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "starts-in-order"
    static let summary = "operations start in the order of their acceptance"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        let order = StartOrder(history, slots: evidence.slots) { _ in 0 }
        if let overtaking = order.overtaking {
            let slots = FindingText.count(evidence.slots, "slot")
            return .fail("\(overtaking.text), which overtook \(overtaking.count) with \(slots)")
        }
        guard order.compared > 0 else {
            return .unknown("no operation was submitted after another had been accepted")
        }
        return .pass("\(FindingText.count(order.compared, "start")) in order")
    }
}
