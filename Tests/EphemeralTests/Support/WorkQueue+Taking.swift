import EphemeralTime

@testable import Ephemeral

extension WorkQueue {
    /// Takes out the operation whose turn it is, with what it holds while it runs.
    mutating func takeNext(now: Timestamp) -> (entry: Entry, claim: Claim)? {
        guard let head = next(now: now) else { return nil }
        return (start(head, now: now).entry, head.claim)
    }
}

extension KeyedLine {
    /// The first waiting operation of a key.
    func first(_ key: Int) -> Entry? {
        let first = lists[key].first
        return first < 0 ? nil : nodes[first].entry
    }
}
