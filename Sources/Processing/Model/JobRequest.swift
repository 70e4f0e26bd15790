/// A job that is to be stored.
public struct JobRequest: Sendable, Hashable {
    /// The identity; a fresh one by default.
    public var id: JobID
    /// The name of its processor.
    public var operation: String
    /// What the processor gets, encoded.
    public var payload: [UInt8]
    /// How urgent it is.
    public var priority: JobPriority
    /// How many attempts there may be before it becomes a dead letter; 1 or more.
    public var maxAttempts: Int
    /// How long it waits before it may start, by the store's clock.
    public var delay: Duration
    /// Words to find it by.
    public var tags: [String]
    /// What makes a second request the same as the first.
    public var idempotency: Idempotency?

    /// A key under which only one job is stored for a while.
    public struct Idempotency: Sendable, Hashable {
        /// The key, of the queue.
        public var key: String
        /// How long the first job is remembered, whatever becomes of it.
        public var window: Duration

        /// Creates a key.
        ///
        /// - Parameters:
        ///   - key: The key, of the queue.
        ///   - window: How long the first job is remembered, whatever becomes of it.
        public init(_ key: String, window: Duration = .seconds(86_400)) {
            self.key = key
            self.window = window
        }
    }

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - operation: The name of its processor.
    ///   - payload: What the processor gets, encoded.
    ///   - id: The identity, which no other job has.
    ///   - priority: How urgent it is.
    ///   - maxAttempts: How many attempts there may be; 1 or more.
    ///   - delay: How long it waits before it may start.
    ///   - tags: Words to find it by.
    ///   - idempotency: What makes a second request the same as the first.
    public init(
        operation: String,
        payload: [UInt8],
        id: JobID = .next(),
        priority: JobPriority = .normal,
        maxAttempts: Int = 3,
        delay: Duration = .zero,
        tags: [String] = [],
        idempotency: Idempotency? = nil
    ) {
        self.operation = operation
        self.payload = payload
        self.id = id
        self.priority = priority
        self.maxAttempts = maxAttempts
        self.delay = delay
        self.tags = tags
        self.idempotency = idempotency
    }
}

extension JobRequest {
    /// Refuses what no store may take; every store calls this before it stores a request.
    ///
    /// - Parameters:
    ///   - queue: The queue that it is for.
    ///   - maxPayloadBytes: The size that the store allows.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` or `payloadTooLarge`.
    public func validate(queue: String, maxPayloadBytes: Int) throws {
        func refuse(_ message: String) -> ProcessingError {
            ProcessingError(code: .invalidArgument, message: "job '\(operation)' for queue '\(queue)': \(message)")
        }
        guard !queue.isEmpty else { throw refuse("the queue has no name; give one") }
        for name in [queue, id.rawValue, operation, idempotency?.key ?? ""] where name.utf8.contains(0) {
            throw refuse("a name or key contains a zero byte; leave it out")
        }
        guard !id.rawValue.isEmpty else {
            throw refuse("the job has an empty identity; leave it out to get a fresh one")
        }
        guard maxAttempts >= 1 else { throw refuse("maxAttempts is \(maxAttempts); it must be 1 or more") }
        guard delay >= .zero else { throw refuse("delay is \(delay); it must not be negative") }
        if let idempotency {
            guard !idempotency.key.isEmpty else {
                throw refuse("the idempotency key is empty; leave it out or give one")
            }
            guard idempotency.window > .zero else {
                throw refuse("the idempotency window is \(idempotency.window); it must be more than zero")
            }
        }
        try ProcessingError.checkSize(
            payload.count,
            limit: maxPayloadBytes,
            of: "job '\(operation)' for queue '\(queue)'"
        )
    }
}

/// What became of a request.
public struct JobReceipt: Sendable, Hashable {
    /// The job that is stored: the first one when there was one under the same idempotency key.
    public var id: JobID
    /// Whether there was one already, so that nothing was stored.
    public var isDuplicate: Bool

    /// Creates a receipt; stores do.
    public init(id: JobID, isDuplicate: Bool) {
        self.id = id
        self.isDuplicate = isDuplicate
    }
}
