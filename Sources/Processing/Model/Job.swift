public import EphemeralTime

/// How urgent a job is among those of its queue.
public enum JobPriority: String, CaseIterable, Sendable, Hashable, Codable {
    /// Before all others.
    case high
    /// The usual one.
    case normal
    /// After all others.
    case low

    /// The place in the order: 0 is the most urgent.
    public var rank: Int {
        switch self {
        case .high: 0
        case .normal: 1
        case .low: 2
        }
    }
}

extension JobPriority: Comparable {
    /// Whether one is more urgent than the other.
    public static func < (left: JobPriority, right: JobPriority) -> Bool { left.rank < right.rank }
}

/// A piece of work as a store keeps it.
public struct Job: Sendable, Hashable {
    /// The identity, the same in every attempt.
    public var id: JobID
    /// The queue it is in.
    public var queue: String
    /// How urgent it is.
    public var priority: JobPriority
    /// The name of its processor.
    public var operation: String
    /// What the processor gets, encoded.
    public var payload: [UInt8]
    /// How many attempts have ended without success so far, those included whose worker was lost.
    public var attempts: Int
    /// How many attempts there may be before it becomes a dead letter.
    public var maxAttempts: Int
    /// Words to find it by.
    public var tags: [String]
    /// When it was enqueued, by the store's clock.
    public var enqueuedAt: WallTime

    /// Creates a job; stores do.
    public init(_ request: JobRequest, queue: String, enqueuedAt: WallTime) {
        id = request.id
        self.queue = queue
        priority = request.priority
        operation = request.operation
        payload = request.payload
        attempts = 0
        maxAttempts = request.maxAttempts
        tags = request.tags
        self.enqueuedAt = enqueuedAt
    }
}
