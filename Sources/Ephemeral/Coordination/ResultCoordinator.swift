internal import EphemeralTime

/// A long-lived queue whose bodies return something that callers can wait for.
///
/// ```swift
/// let resizer = try ResultCoordinator { (image: Image, context) in try await resize(image) }
/// let thumbnail = try await resizer.result(of: image).get()
/// ```
///
/// A result lives exactly as long as its operation is visible, so that memory is bounded by
/// ``EphemeralOptions/maxTrackedOperations``. Somebody who waits already gets it in any case; ``enqueue(_:)`` and
/// ``waitForResult(_:)`` are for those who come for it later.
///
/// **Ordering**: as for ``WorkCoordinator``.
///
/// **Cancellation**: as for ``WorkCoordinator``; cancelling a task that waits for a result does not cancel the operation.
public final class ResultCoordinator<Input: Sendable, Output: Sendable>: ControlledCoordinator {
    @usableFromInline let engine: WorkEngine<ArrivalQueue<Input, ResultCell>>

    /// Creates a coordinator; its workers are created when they are needed.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - body: What makes a result of an input. Its context is the handle on the running operation.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public init(
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ input: Input, _ context: OperationContext) async throws -> Output
    ) throws {
        engine = WorkEngine(
            core: try CoordinatorCore(options),
            queue: ArrivalQueue(),
            base: EngineBase(options: options)
        ) { input, context in
            context.keep(Returned(try await body(input, context)))
        }
        engine.attachRules(options)
    }

    /// Creates a coordinator whose body does not look at its operation.
    ///
    /// - Parameters:
    ///   - options: How it behaves.
    ///   - body: What makes a result of an input.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument` when an option is outside its range.
    @inlinable
    public convenience init(
        options: EphemeralOptions = EphemeralOptions(),
        body: @escaping @Sendable (_ input: Input) async throws -> Output
    ) throws {
        try self.init(options: options) { input, _ in try await body(input) }
    }

    deinit { control.release() }

    /// The handle through which it is paused, drained, limited and observed.
    public var control: CoordinatorControl { CoordinatorControl(engine) }

    /// Adds an input to the queue; suspends while the queue is full.
    ///
    /// **Cancellation**: throws `CancellationError`; the input is not accepted and no counter changes.
    ///
    /// - Parameter input: What the body will get.
    /// - Returns: The identity under which the result can be waited for.
    /// - Throws: ``CoordinatorError`` with code `completed` when no more input is taken.
    @inlinable
    @discardableResult
    public func enqueue(_ input: Input) async throws -> OperationID {
        try await engine.enqueue(input, route: ResultCell())
    }

    /// Adds an input to the queue if there is room, without suspending.
    ///
    /// - Parameter input: What the body will get.
    /// - Returns: The identity under which the result can be waited for; `nil` when the queue is full or no more input is
    ///   taken.
    @inlinable
    public func tryEnqueue(_ input: Input) -> OperationID? {
        engine.tryEnqueue(input, route: ResultCell())
    }

    /// Adds an input and suspends until its operation has ended, whatever became of it.
    ///
    /// Unlike ``waitForResult(_:)`` it cannot come too late, however few operations stay visible, and takes O(1).
    ///
    /// **Cancellation**: throws `CancellationError`; an operation that was accepted goes on.
    ///
    /// - Parameter input: What the body will get.
    /// - Returns: The operation and what its body returned.
    /// - Throws: ``CoordinatorError`` with code `completed` when no more input is taken.
    @inlinable
    public func result(of input: Input) async throws -> ResultSnapshot<Output> {
        let cell = ResultCell(isAwaited: true)
        _ = try await engine.enqueue(input, route: cell)
        let record = try await cell.wait()
        return ResultSnapshot(record, output: cell.result(as: Output.self), wallOffset: engine.base.wallOffset)
    }

    /// Suspends until an operation has ended, whatever became of it; any number of callers may wait.
    ///
    /// O(queue + window) when called; nothing while it waits.
    ///
    /// **Cancellation**: throws `CancellationError`; the operation goes on.
    ///
    /// - Parameter id: What ``enqueue(_:)`` returned.
    /// - Returns: The operation and what its body returned.
    /// - Throws: ``CoordinatorError`` with code `operationEvicted` when the operation is unknown or no longer visible.
    public func waitForResult(_ id: OperationID) async throws -> ResultSnapshot<Output> {
        ResultSnapshot(try await engine.waitForEnd(of: id), wallOffset: engine.base.wallOffset)
    }

    /// What the visible bodies returned, in the order of their end.
    ///
    /// O(window).
    public func results() -> [Output] {
        engine.records { $0.state == .completed }.compactMap { $0.output(as: Output.self) }
    }

    /// The visible operations of one kind with their results, in the order of `snapshot()`.
    ///
    /// O(window).
    ///
    /// - Parameter selection: Which operations; `nil` is all.
    /// - Returns: The operations.
    public func resultSnapshots(in selection: OperationSelection? = nil) -> [ResultSnapshot<Output>] {
        engine.records { selection?.contains($0) ?? true }
            .map { ResultSnapshot($0, wallOffset: engine.base.wallOffset) }
    }
}
