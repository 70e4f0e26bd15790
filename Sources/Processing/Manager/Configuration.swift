internal import Synchronization

/// The manager of the process, for programs that have one.
private let processManager = Mutex<ProcessingManager?>(nil)

/// Makes a manager and lets the free functions ``process(_:processor:queueName:priority:maxAttempts:delay:tags:idempotency:)``
/// and `processCritical` use it.
///
/// Calling it again replaces the manager; calls under way go on with the former one.
///
/// - Parameters:
///   - store: Where jobs and backups are kept.
///   - processors: The processors by name.
///   - journal: A store on this machine for backups that the store does not take.
///   - options: How it behaves.
/// - Returns: The manager.
/// - Throws: ``ProcessingError`` with code `invalidArgument` when an option is outside its range.
@discardableResult
public func configure(
    store: any ProcessingStore,
    processors: ProcessorRegistry = ProcessorRegistry(),
    journal: (any EmergencyStore)? = nil,
    options: ProcessingOptions = ProcessingOptions()
) throws -> ProcessingManager {
    let manager = try ProcessingManager(store: store, processors: processors, journal: journal, options: options)
    processManager.withLock { $0 = manager }
    return manager
}

/// The manager that ``configure(store:processors:journal:options:)`` made.
///
/// - Returns: The manager.
/// - Throws: ``ProcessingError`` with code `notConfigured` when there is none.
public func configuredManager() throws -> ProcessingManager {
    guard let manager = processManager.withLock({ $0 }) else {
        throw ProcessingError(
            code: .notConfigured,
            message: "there is no manager of this process; call configure(store:) when the program starts"
        )
    }
    return manager
}

/// Stores a job through the manager of the process; see
/// ``ProcessingManager/process(_:processor:queueName:priority:maxAttempts:delay:tags:idempotency:)``.
///
/// **Cancellation**: as there.
///
/// - Parameters:
///   - entity: What the processor gets.
///   - processor: The name of the processor.
///   - queueName: The queue.
///   - priority: How urgent it is.
///   - maxAttempts: How many attempts it has.
///   - delay: How long it waits before it may start.
///   - tags: Words to find it by.
///   - idempotency: What makes a second request the same as the first.
/// - Returns: The job that is stored.
/// - Throws: As there; ``ProcessingError`` with code `notConfigured`.
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
    try await configuredManager().process(
        entity,
        processor: processor,
        queueName: queueName,
        priority: priority,
        maxAttempts: maxAttempts,
        delay: delay,
        tags: tags,
        idempotency: idempotency
    )
}

/// Executes a critical operation through the manager of the process; see
/// ``ProcessingManager/processCritical(_:processor:tags:operationID:timeout:_:)``.
///
/// **Cancellation**: as there.
///
/// - Parameters:
///   - entity: What the operation is about.
///   - processor: The name under which a processor for the same entity is registered.
///   - tags: Words to find the backup by.
///   - operationID: The identity.
///   - timeout: How long the processor may take before it is cancelled.
///   - work: What is done.
/// - Returns: What the processor returns.
/// - Throws: As there; ``ProcessingError`` with code `notConfigured`.
public func processCritical<Entity: Encodable & Sendable, Output: Sendable>(
    _ entity: Entity,
    processor: String? = nil,
    tags: [String] = [],
    operationID: EmergencyID = .next(),
    timeout: Duration? = nil,
    _ work: @escaping @Sendable (_ entity: Entity, _ context: ProcessingContext) async throws -> Output
) async throws -> Output {
    try await configuredManager().processCritical(
        entity,
        processor: processor,
        tags: tags,
        operationID: operationID,
        timeout: timeout,
        work
    )
}
