public import Ephemeral

/// A pool of workers that runs a body over items, a fixed number at a time.
///
/// ```swift
/// let thumbnails = try FixedWorkAtom<Image>(maxConcurrency: 4) { image, _ in try await resize(image) }
/// try await thumbnails.enqueue(image)
/// try await thumbnails.drain()
/// print(thumbnails.stats.completed)
/// ```
///
/// It is a `WorkCoordinator` without anything to decide. All that `Coordinator` says holds.
///
/// **Ordering**: operations start in the order in which they were accepted.
///
/// **Cancellation**: as for `WorkCoordinator`.
public final class FixedWorkAtom<Item: Sendable>: ControlledCoordinator {
    private let coordinator: WorkCoordinator<Item>

    /// Creates a pool.
    ///
    /// - Parameters:
    ///   - maxConcurrency: How many bodies run at a time; `nil`, 0 and less are the number of CPUs.
    ///   - maxTracked: How many finished operations stay visible; `nil`, 0 and less are 200.
    ///   - signals: The sink that operations' signals are mirrored to.
    ///   - body: What is done with each item.
    /// - Throws: Nothing at present.
    public convenience init(
        maxConcurrency: Int? = nil,
        maxTracked: Int? = nil,
        signals: SignalSink? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        var options = EphemeralOptions(atomLimit: maxConcurrency, signals: signals)
        if let maxTracked, maxTracked > 0 { options.maxTrackedOperations = maxTracked }
        try self.init(options: options, body: body)
    }

    /// Creates a pool that behaves as options say.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - onDiscard: What gets an accepted item that will not run, because of a cancellation. Called outside all locks.
    ///   - body: What is done with each item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: EphemeralOptions,
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping @Sendable (_ item: Item, _ context: OperationContext) async throws -> Void
    ) throws {
        coordinator = try WorkCoordinator(options: options, onDiscard: onDiscard, body: body)
    }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { coordinator.control }

    /// Adds an item to the queue; suspends while the queue is full.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the operation.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID { try await coordinator.enqueue(item) }

    /// Adds an item to the queue if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { coordinator.tryEnqueue(item) }
}
