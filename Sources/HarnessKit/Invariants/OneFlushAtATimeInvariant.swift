/// Batches are handled one at a time.
enum OneFlushAtATimeInvariant: Invariant {
    /// It has no options.
    typealias Options = NoInvariantOptions

    static let id = "one-flush-at-a-time"
    static let summary = "no batch is handled while another one is"

    static func check(_ evidence: Evidence, options: Options) -> Finding {
        guard let history = evidence.history else { return .unknown(FindingText.needsHistory) }
        var homes: [Int32: Int32] = [:]
        /// Operations that are being handled, with their batches.
        var running: [Int32: Int32] = [:]
        for event in history.events {
            switch event.kind {
            case .assigned:
                homes[event.operation] = event.detail
            case .started:
                guard let batch = homes[event.operation] else { continue }
                if let other = running.filter({ $0.value != batch }).min(by: { $0.key < $1.key }) {
                    return .fail(
                        "batch \(batch) began with #\(event.operation) at \(FindingText.time(event.time)) while "
                            + "#\(other.key) of batch \(other.value) was being handled"
                    )
                }
                running[event.operation] = batch
            case .completed, .failed, .cancelled:
                running[event.operation] = nil
            default:
                continue
            }
        }
        let count = Set(homes.values).count
        guard count > 1 else { return .unknown("\(FindingText.count(count, "batch", "batches")) cannot overlap") }
        return .pass("\(count) batches, one after another")
    }
}
