internal import Ephemeral
internal import EphemeralTime
internal import Synchronization

/// Executes what must not be lost, and queues what may wait.
///
/// ```swift
/// var processors = ProcessorRegistry()
/// try processors.register("mail.send") { (mail: Mail, context) in try await mailer.send(mail) }
/// let manager = try ProcessingManager(store: store, processors: processors)
///
/// try await manager.process(mail, processor: "mail.send", queueName: "mails", priority: .low)
/// let receipt = try await manager.processCritical(order, processor: "order.charge") { order, context in
///     try await provider.charge(order, idempotencyKey: context.operationID)
/// }
/// ```
///
/// **Ordering**: jobs of a queue and priority start in the order in which they were stored; critical operations are
/// independent of one another.
public final class ProcessingManager: Sendable {
    /// Where jobs and backups are kept.
    public let store: any ProcessingStore
    /// Where backups are kept that the store does not take, until they can be copied up.
    public let journal: (any EmergencyStore)?
    /// The processors by name.
    public let processors: ProcessorRegistry
    /// How it behaves.
    public let options: ProcessingOptions
    let unsettled = Mutex(UnsettledRuns())

    /// Creates a manager.
    ///
    /// - Parameters:
    ///   - store: Where jobs and backups are kept.
    ///   - processors: The processors by name, for workers and for trying critical operations again.
    ///   - journal: A store on this machine for backups that the store does not take.
    ///   - options: How it behaves.
    /// - Throws: ``ProcessingError`` with code `invalidArgument` when an option is outside its range.
    public init(
        store: any ProcessingStore,
        processors: ProcessorRegistry = ProcessorRegistry(),
        journal: (any EmergencyStore)? = nil,
        options: ProcessingOptions = ProcessingOptions()
    ) throws {
        try options.validate()
        self.store = store
        self.processors = processors
        self.journal = journal
        self.options = options
    }

    deinit { unsettled.withLock(\.teller)?.cancel() }

    var time: any TimeSource { options.time }

    func raise(_ signal: @autoclosure () -> String) { options.sink?.raise(signal()) }

    func noteStoreFailure(_ error: any Error) { options.observer?.storeFailed(error) }
}

// Jobs
extension ProcessingManager {
    /// Stores a job; a worker runs it later.
    ///
    /// When it returns, the job is stored as durably as the store promises.
    ///
    /// **Cancellation**: may throw `CancellationError` before the job is stored.
    ///
    /// - Parameters:
    ///   - entity: What the processor gets.
    ///   - processor: The name of the processor; a worker must know it, this process need not.
    ///   - queueName: The queue.
    ///   - priority: How urgent it is.
    ///   - maxAttempts: How many attempts it has; those of the options by default.
    ///   - delay: How long it waits before it may start.
    ///   - tags: Words to find it by.
    ///   - idempotency: What makes a second request the same as the first.
    /// - Returns: The job that is stored.
    /// - Throws: ``ProcessingError``. With code `outcomeUnknown` the job may be stored; with an idempotency key it is safe to
    ///   try again.
    @discardableResult
    public func process(
        _ entity: some Encodable & Sendable,
        processor: String,
        queueName: String = "default",
        priority: JobPriority = .normal,
        maxAttempts: Int? = nil,
        delay: Duration = .zero,
        tags: [String] = [],
        idempotency: JobRequest.Idempotency? = nil
    ) async throws -> JobReceipt {
        let request = JobRequest(
            operation: processor,
            payload: try PayloadCoding.encode(entity, for: processor),
            priority: priority,
            maxAttempts: maxAttempts ?? options.maxAttempts,
            delay: delay,
            tags: tags,
            idempotency: idempotency
        )
        let receipts = try await store.enqueue([request], in: queueName)
        guard let receipt = receipts.first else {
            throw ProcessingError(code: .outcomeUnknown, message: "the store gave no receipt for job '\(request.id)'")
        }
        if !receipt.isDuplicate {
            raise("queue.enqueued:\(queueName):\(priority.rawValue)")
            options.observer?.jobsEnqueued(1, queue: queueName, priority: priority)
        }
        return receipt
    }

    /// One consistent reading of each queue.
    ///
    /// - Parameter queues: The queues; all known ones by default.
    /// - Returns: The readings.
    /// - Throws: ``ProcessingError``.
    public func queueStatus(of queues: [String]? = nil) async throws -> [QueueStatus] {
        let names: [String]
        if let queues { names = queues } else { names = try await store.queues() }
        return try await store.status(of: names)
    }

    /// Dead letters of a queue, oldest first.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - last: The last dead letter of the page before; `nil` begins.
    ///   - limit: How many at most.
    /// - Returns: The dead letters.
    /// - Throws: ``ProcessingError``.
    public func deadLetters(in queue: String, after last: JobID? = nil, limit: Int = 100) async throws -> [DeadLetter] {
        try await store.deadLetters(in: queue, after: last, limit: limit)
    }

    /// Lets dead letters wait again, with no attempt counted.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - queue: The queue.
    /// - Returns: The jobs.
    /// - Throws: ``ProcessingError``.
    @discardableResult
    public func requeueDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await store.requeueDeadLetters(selection, in: queue)
    }

    /// Removes dead letters for good.
    ///
    /// - Parameters:
    ///   - selection: Which.
    ///   - queue: The queue.
    /// - Returns: The jobs.
    /// - Throws: ``ProcessingError``.
    @discardableResult
    public func discardDeadLetters(_ selection: DeadLetterSelection, in queue: String) async throws -> [JobID] {
        try await store.discardDeadLetters(selection, in: queue)
    }
}
