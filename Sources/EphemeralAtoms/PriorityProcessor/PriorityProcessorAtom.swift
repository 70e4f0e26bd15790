public import Ephemeral
internal import EphemeralTime

/// A processor of items that others take over from while it fails, and that comes back by itself when it works again.
///
/// ```swift
/// let primary = try PriorityProcessorAtom(priority: 1, signals: sink) { id, _ in try await process(id) }
/// let backup = try PriorityProcessorAtom(priority: 2, signals: sink) { id, _ in try await processElsewhere(id) }
/// try await primary.enqueue("widget-123")
/// try await primary.drain()
/// try await backup.drain()
/// ```
///
/// Processors that share a sink are a group. An item goes to the healthy member of the highest priority that is not above
/// the one it was brought to; members of the same priority take turns. When none is healthy, the member of the lowest
/// priority takes it all the same.
///
/// A member becomes unhealthy when as many items in a row have failed as its threshold says, within its window. In the same
/// moment what waits for it moves to the next, in order; what it is processing goes on there. Once in each interval it is
/// then tried with its probe, or with a real item, which a backup gets if that fails.
///
/// **Ordering**: items of one member begin in the order in which they came there.
///
/// **Cancellation**: cancelling a task that waits in a method here ends the wait with `CancellationError` and changes
/// nothing else. Bodies are cancelled by ``cancel()`` and ``shutdown()`` alone. A processor that is released cancels.
public final class PriorityProcessorAtom: Sendable {
    /// Processes an item; an error means that it failed.
    public typealias Process = @Sendable (_ id: String, _ context: OperationContext) async throws -> Void

    /// The rank of the processor in its group, 1 being the highest.
    public let priority: Int
    private let group: ProcessorGroup
    private let member: UInt64
    private let coordinator: WorkCoordinator<ProcessorAssignment>

    /// Creates a processor and adds it to the group of its sink.
    ///
    /// - Parameters:
    ///   - priority: Its rank, 1 being the highest.
    ///   - signals: The sink that tells of everything it decides, and makes it one of a group.
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not be processed, because of ``cancel()``.
    ///   - onFailure: What gets an item that failed here and goes to nobody else, and the error. Called outside all locks,
    ///     and before ``drain()`` returns.
    ///   - process: Processes an item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when the priority or an option is outside its range.
    public init(
        priority: Int,
        signals: SignalSink,
        options: PriorityProcessorOptions = PriorityProcessorOptions(),
        onDiscard: (@Sendable (_ id: String) -> Void)? = nil,
        onFailure: (@Sendable (_ id: String, _ error: any Error) -> Void)? = nil,
        process: @escaping Process
    ) throws {
        try options.validate(priority: priority)
        let group = ProcessorGroup.of(signals)
        let worker = ProcessorWorker(
            group: group,
            priority: priority,
            probe: options.probe,
            process: process,
            onFailure: onFailure
        )
        let coordinator = try WorkCoordinator(options: options.coordinatorOptions(sink: signals)) { assignment in
            group.discard(assignment.work, of: assignment.member)
        } body: { assignment, context in
            try await worker.perform(assignment, in: context)
        }
        let alarm = Alarm(
            "Ephemeral probe",
            time: options.time,
            spawner: TaskSpawner(executor: options.executor)
        )
        member = group.join(
            priority: priority,
            limit: coordinator.currentMaxConcurrency,
            options: options
        ) { member in
            ProcessorGroup.Runner(
                time: options.time,
                alarm: alarm,
                start: { [weak coordinator] work in coordinator?.start(work, for: member) ?? false },
                onDiscard: onDiscard
            )
        }
        self.priority = priority
        self.group = group
        self.coordinator = coordinator
    }

    /// Creates a processor whose closure answers whether it has processed an item, and adds it to the group of its sink.
    ///
    /// - Parameters:
    ///   - priority: Its rank, 1 being the highest.
    ///   - signals: The sink that tells of everything it decides, and makes it one of a group.
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not be processed, because of ``cancel()``.
    ///   - onFailure: What gets an item that failed here and goes to nobody else, and the error. Called outside all locks,
    ///     and before ``drain()`` returns.
    ///   - process: Processes an item; `false` and an error mean that it failed.
    /// - Returns: The processor.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when the priority or an option is outside its range.
    public static func answering(
        priority: Int,
        signals: SignalSink,
        options: PriorityProcessorOptions = PriorityProcessorOptions(),
        onDiscard: (@Sendable (_ id: String) -> Void)? = nil,
        onFailure: (@Sendable (_ id: String, _ error: any Error) -> Void)? = nil,
        process: @escaping @Sendable (_ id: String, _ context: OperationContext) async throws -> Bool
    ) throws -> PriorityProcessorAtom {
        try PriorityProcessorAtom(
            priority: priority,
            signals: signals,
            options: options,
            onDiscard: onDiscard,
            onFailure: onFailure
        ) { id, context in
            guard try await process(id, context) else { throw PriorityProcessorError(item: id, priority: priority) }
        }
    }

    deinit { group.release(member) }

    /// Brings an item; suspends while as many wait as may for the member that is to have it.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter id: What identifies the item.
    /// - Returns: The identity of its operation.
    /// - Throws: `CoordinatorError` with code `completed` when this processor takes nothing more.
    @discardableResult
    public func enqueue(_ id: String) async throws -> OperationID { try await group.enqueue(id, through: member) }

    /// Brings an item if there is room, without suspending.
    ///
    /// - Parameter id: What identifies the item.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ id: String) -> Bool { group.tryEnqueue(id, through: member) }

    /// Whether items are routed here.
    public var isHealthy: Bool { group.member(member)?.isHealthy ?? false }

    /// How many items have failed here since the last that did not.
    public var consecutiveFailures: Int { group.member(member)?.consecutiveFailures ?? 0 }

    /// Forgets all failures: items are routed here again.
    public func resetHealth() { group.resetHealth(member) }

    /// Takes nothing more; what was accepted is still processed, here or by others.
    ///
    /// Idempotent.
    public func finish() { group.finish(member) }

    /// Takes nothing more, and returns when nothing waits here or is processed here, not even a probe.
    ///
    /// Drain the member of the highest priority first: while it drains, others still take over from it, and what has moved
    /// to them is theirs.
    ///
    /// **Cancellation**: throws `CancellationError`; the processor stays finished and goes on.
    public func drain() async throws {
        try await group.drain(member)
        // The group learns of an end from within the operation, before the coordinator does.
        try await coordinator.waitUntilIdle()
    }

    /// Takes nothing more, drops what waits here, and cancels what is processed here.
    public func cancel() {
        group.cancel(member)
        coordinator.cancel()
    }

    /// Cancels, and returns when everything that was processed here has ended.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        cancel()
        await coordinator.shutdown()
    }

    /// The counters of this member in one consistent reading.
    public var stats: PriorityProcessorStats { group.member(member)?.stats ?? PriorityProcessorStats() }

    /// The counters of the whole group in one consistent reading, as those of one queue.
    public var groupStats: CoordinatorStats { group.stats }

    /// What is processed here, and what was and is still visible; probes included.
    public func snapshot() -> [OperationSnapshot] { coordinator.snapshot() }
}

/// What a processor is told when its closure answers that an item failed.
public struct PriorityProcessorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The item.
    public let item: String
    /// Where it failed.
    public let priority: Int

    /// The text shown to people.
    public var description: String { "\(item) was not processed at priority \(priority)" }
}
