public import Ephemeral

/// Collects items and hands them over in batches, when a batch is full or its first item has waited long enough.
///
/// ```swift
/// let log = try BatchingAtom<LogEntry>(options: BatchingOptions(maxBatchSize: 100, flushInterval: .seconds(5))) {
///     entries, _ in try await database.insert(entries)
/// }
/// try log.enqueue(entry)      // never waits
/// try await log.drain()       // hands over the rest
/// ```
///
/// Every accepted item is in exactly one batch, no batch is empty or larger than its limit, and one batch is handled at a
/// time. No timer exists while nothing waits.
///
/// **Ordering**: items are in batches, and batches are handled, in the order in which they were accepted.
///
/// **Cancellation**: batches are cancelled by ``cancel()`` alone; an atom that is released without ``drain()`` cancels.
public final class BatchingAtom<Item: Sendable>: Sendable {
    /// Handles a batch.
    public typealias Body = @Sendable (_ batch: [Item], _ context: OperationContext) async throws -> Void

    private let desk: BatchingDesk<Item>
    private let coordinator: WorkCoordinator<BatchTurn>
    private let onDiscard: (@Sendable (_ items: [Item]) -> Void)?

    /// Creates an atom.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - onBatchError: What gets the items of a batch whose handling threw, and the error. Called outside all locks.
    ///   - onDiscard: What gets the accepted items that ``cancel()`` drops. Called outside all locks.
    ///   - onBatch: Handles a batch. Its context is that of the batch's operation.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: BatchingOptions = BatchingOptions(),
        onBatchError: (@Sendable (_ error: any Error, _ batch: [Item]) -> Void)? = nil,
        onDiscard: (@Sendable (_ items: [Item]) -> Void)? = nil,
        onBatch: @escaping Body
    ) throws {
        try options.validate()
        let desk = BatchingDesk<Item>(options)
        coordinator = try WorkCoordinator(options: options.coordinatorOptions) { _, context in
            try await desk.handleBatch(in: context, onBatchError: onBatchError, onBatch: onBatch)
        }
        self.desk = desk
        self.onDiscard = onDiscard
        desk.connect { [weak coordinator] in _ = coordinator?.tryEnqueue(BatchTurn()) }
    }

    deinit { discard(desk.cancel()) }

    /// Adds an item without waiting; the handling of a batch never runs here.
    ///
    /// - Parameter item: What to hand over.
    /// - Returns: Whether it was accepted; `false` when as many items wait as may.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) throws -> Bool {
        switch desk.enqueue(item) {
        case .accepted: true
        case .full: false
        case .closed: throw CoordinatorError.completed("batching atom")
        }
    }

    /// Adds an item; suspends while as many items wait as may.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted.
    ///
    /// **Ordering**: callers are let in in the order in which they came.
    ///
    /// - Parameter item: What to hand over.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    public func enqueueWhenThereIsRoom(_ item: Item) async throws {
        try Task.checkCancellation()
        try await desk.enqueueWhenThereIsRoom(item)
    }

    /// Hands over what waits, full or not, and returns when it and everything before it has been handled.
    ///
    /// What is accepted meanwhile does not concern it.
    ///
    /// **Cancellation**: throws `CancellationError`; the batches go on.
    public func flush() async throws { try await desk.flush() }

    /// Takes nothing more; what was accepted is handed over.
    ///
    /// Idempotent.
    public func finish() { desk.finish() }

    /// Takes nothing more, hands over the rest, and returns when everything has been handled.
    ///
    /// Any number of callers may wait.
    ///
    /// **Cancellation**: throws `CancellationError`; the atom stays finished and goes on.
    public func drain() async throws {
        desk.finish()
        try await desk.flush()
        try await coordinator.drain()
    }

    /// Takes nothing more, drops what waits and cancels the batch that is being handled.
    public func cancel() {
        discard(desk.cancel())
        coordinator.cancel()
    }

    /// Hands over the rest, waits until everything has been handled, and ends the worker.
    ///
    /// **Cancellation**: cancels the atom as ``cancel()`` does, and still waits for the batch that is being handled.
    public func shutdown() async {
        do { try await drain() } catch { cancel() }
        await coordinator.shutdown()
    }

    /// Whether nothing more is taken.
    public var isFinished: Bool { desk.isClosed }

    /// All counters in one consistent reading.
    public var stats: BatchingStats { desk.stats }

    /// The batch that is being handled and those that are still visible: each is one operation.
    public func snapshot() -> [OperationSnapshot] { coordinator.snapshot() }

    private func discard(_ items: [Item]) {
        if !items.isEmpty { onDiscard?(items) }
    }
}

/// That a batch is ready: it is taken from the buffer by whoever comes for it.
struct BatchTurn: Sendable {}

extension BatchingDesk {
    /// Handles the next batch, if it is still there.
    func handleBatch(
        in context: OperationContext,
        onBatchError: (@Sendable (_ error: any Error, _ batch: [Item]) -> Void)?,
        onBatch: BatchingAtom<Item>.Body
    ) async throws {
        guard let batch = begin() else { return }
        do {
            try await onBatch(batch.items, context)
        } catch {
            if error is CancellationError, Task.isCancelled {
                end(.cancelled)
            } else {
                context.emit("batch.failed:\(batch.items.count)")
                onBatchError?(error, batch.items)
                end(.failed)
            }
            throw error
        }
        context.emit("batch.flushed:\(batch.items.count)")
        end(.delivered)
    }
}
