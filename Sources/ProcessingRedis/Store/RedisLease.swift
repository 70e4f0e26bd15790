internal import Processing

/// What a lease token says: which entry of which stream is held by whom.
///
/// A job that is claimed again is another entry, so no two claims have the same token.
struct RedisLease: Sendable, Hashable {
    let priority: JobPriority
    let entry: StreamID
    let worker: String

    init(priority: JobPriority, entry: StreamID, worker: String) {
        self.priority = priority
        self.entry = entry
        self.worker = worker
    }

    /// Reads a token; `nil` when it comes from somewhere else.
    init?(_ token: LeaseToken) {
        let parts = token.rawValue.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int(parts[0]), let priority = JobPriority(number: number),
            let entry = StreamID(parts[1])
        else { return nil }
        self.init(priority: priority, entry: entry, worker: String(parts[2]))
    }

    var token: LeaseToken { LeaseToken(rawValue: "\(priority.number)/\(entry)/\(worker)") }
}
