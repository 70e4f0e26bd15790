/// The batches of a history: who was handled in which, when, and for how long.
struct BatchTable {
    /// One batch.
    struct Batch {
        var number: Int32
        var operations: [Int32] = []
        var begin: Int64
        /// When its last body ended, or it was told to have ended.
        var end: Int64
    }

    /// By number, ascending.
    private(set) var batches: [Batch] = []
    /// The first operation that is in two batches.
    private(set) var doubled: (operation: Int32, batches: [Int32])?

    init(_ history: History) {
        var places: [Int32: Int] = [:]
        var homes: [Int32: Int32] = [:]
        for event in history.events where event.operation >= 0 {
            switch event.kind {
            case .assigned:
                if let other = homes[event.operation] {
                    if doubled == nil { doubled = (event.operation, [other, event.detail]) }
                    continue
                }
                homes[event.operation] = event.detail
                let place = places[event.detail] ?? batches.count
                if place == batches.count {
                    places[event.detail] = place
                    batches.append(Batch(number: event.detail, begin: event.time, end: event.time))
                }
                batches[place].operations.append(event.operation)
            case .completed, .failed, .cancelled, .ended:
                guard let place = homes[event.operation].flatMap({ places[$0] }) else { continue }
                batches[place].end = max(batches[place].end, event.time)
            default:
                continue
            }
        }
        batches.sort { $0.number < $1.number }
    }
}
