public import Ephemeral

/// Runs a body over items, and runs it again after a while when it throws.
///
/// ```swift
/// var policy = RetryPolicy(maxAttempts: 3)
/// policy.backoff = { .milliseconds(100) * (1 << $0) }        // 200 ms, then 400 ms
/// let calls = try RetryAtom<Call>(policy: policy, maxConcurrency: 4) { call, attempt in try await send(call) }
/// try await calls.enqueue(call)
/// try await calls.drain()
/// ```
///
/// An item that waits for its next attempt holds no place: others run meanwhile. Signals: `retry.attempt:{n}` when the
/// second and any later attempt begins, `retry.exhausted` when the last one has failed.
///
/// **Ordering**: first attempts begin in the order in which items were accepted; an item that is tried again gets in line
/// behind what waits then.
///
/// **Cancellation**: cancelling a task that waits in a method here ends the wait with `CancellationError` and changes
/// nothing else. Bodies are cancelled by ``cancel()`` and ``shutdown()`` alone; a body that throws `CancellationError`
/// without that has failed, and is not run again. An atom that is released cancels.
public final class RetryAtom<Item: Sendable>: Sendable {
    /// What is done with an item, in every attempt.
    public typealias Body = @Sendable (_ item: Item, _ attempt: RetryAttempt) async throws -> Void

    private let desk: RetryDesk<Item>
    private let coordinator: WorkCoordinator<RetryStateMachine<Item>.Submission>
    private let drainRequests: SignalSubscription?

    /// Creates an atom.
    ///
    /// - Parameters:
    ///   - policy: How often something is tried again, after how long, and because of which errors.
    ///   - maxConcurrency: How many attempts run at a time; `nil`, 0 and less are the number of CPUs.
    ///   - signals: The sink that signals are mirrored to.
    ///   - body: What is done with an item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when the policy makes no attempt.
    public convenience init(
        policy: RetryPolicy = RetryPolicy(),
        maxConcurrency: Int? = nil,
        signals: SignalSink? = nil,
        body: @escaping Body
    ) throws {
        let options = EphemeralOptions(atomLimit: maxConcurrency, signals: signals)
        try self.init(options: options, policy: policy, body: body)
    }

    /// Creates an atom that behaves as options say.
    ///
    /// - Parameters:
    ///   - options: How it behaves. The capacity of the queue counts items that wait for an attempt, whichever; signal rules
    ///     hold for every attempt; `observer` and `onSample` see attempts.
    ///   - policy: How often something is tried again, after how long, and because of which errors.
    ///   - onDiscard: What gets an accepted item that will not run, or not again, because of a cancellation.
    ///   - body: What is done with an item.
    /// - Throws: `CoordinatorError` with code `invalidArgument` when an option is outside its range.
    public init(
        options: EphemeralOptions,
        policy: RetryPolicy = RetryPolicy(),
        onDiscard: (@Sendable (_ item: Item) -> Void)? = nil,
        body: @escaping Body
    ) throws {
        try policy.validate()
        // Not all of them reach the coordinator, which would check them too.
        try options.validate()
        let desk = RetryDesk<Item>(options, policy: policy, onDiscard: onDiscard)
        let coordinator = try WorkCoordinator(options: Self.attemptOptions(options)) {
            desk.discard($0)
        } body: { submission, context in
            try await desk.attempt(submission, in: context, body: body)
        }
        desk.connect(
            RetryDesk.Workers { [weak coordinator] submission in
                coordinator?.tryEnqueue(submission, as: submission.id) ?? false
            } isCurrent: { [weak coordinator] in
                coordinator?.control.isInsideABody ?? false
            }
        )
        self.desk = desk
        self.coordinator = coordinator
        drainRequests = DrainRequests(options).flatMap { requests in
            options.signals.sink?.subscribe(to: requests.patterns) { [weak desk] event in
                if requests.include(event) { desk?.finish() }
            }
        }
    }

    deinit { desk.cancel() }

    /// Attempts are operations under their item's identity, so none may stay visible beside the next one; and the end of the
    /// input must not turn away items that wait for their time.
    private static func attemptOptions(_ options: EphemeralOptions) -> EphemeralOptions {
        var attempts = options
        attempts.queueCapacity = nil
        attempts.maxTrackedOperations = 0
        attempts.signals.drainOn = []
        attempts.signals.obeysDrainRequests = false
        return attempts
    }

    /// Adds an item; suspends while as many wait as may.
    ///
    /// **Cancellation**: throws `CancellationError`; the item is not accepted and no counter changes.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: The identity of the item in all its attempts.
    /// - Throws: `CoordinatorError` with code `completed` when no more input is taken.
    @discardableResult
    public func enqueue(_ item: Item) async throws -> OperationID { try await desk.enqueue(item) }

    /// Adds an item if there is room, without suspending.
    ///
    /// - Parameter item: What the body will get.
    /// - Returns: Whether it was accepted.
    public func tryEnqueue(_ item: Item) -> Bool { desk.tryEnqueue(item) != nil }

    /// Stops attempts from beginning; running ones go on.
    public func pause() { coordinator.pause() }

    /// Lets attempts begin again.
    public func resume() { coordinator.resume() }

    /// Takes nothing more; what was accepted goes on, with all its attempts.
    ///
    /// Idempotent.
    public func finish() { desk.finish() }

    /// Whether nothing more is taken.
    public var isFinished: Bool { !desk.isOpen }

    /// Whether nothing more is taken and nothing is left.
    public var isDrained: Bool { desk.isDrained }

    /// Takes nothing more, and returns when every item has come to its end; waits between attempts are waited out.
    ///
    /// **Cancellation**: throws `CancellationError`; the atom stays finished and goes on.
    public func drain() async throws {
        desk.finish()
        try await desk.wait(for: .drained)
    }

    /// Returns when every item has come to its end; more may come.
    ///
    /// **Cancellation**: throws `CancellationError`.
    public func waitUntilIdle() async throws { try await desk.wait(for: .idle) }

    /// Takes nothing more, drops what waits, for a worker or for its time, and cancels attempts that run.
    ///
    /// Dropped items count as cancelled.
    public func cancel() {
        desk.cancel()
        coordinator.cancel()
    }

    /// Cancels, and returns when all attempts have ended.
    ///
    /// **Cancellation**: does not shorten the wait for bodies that ignore it.
    public func shutdown() async {
        drainRequests?.cancel()
        cancel()
        await coordinator.shutdown()
    }

    /// The present limit of running attempts.
    public var currentMaxConcurrency: Int { coordinator.currentMaxConcurrency }

    /// All counters in one consistent reading; each item is counted once, and one between two attempts as pending.
    public var stats: CoordinatorStats { desk.stats }

    /// The items that have ended and are still visible, in the order of their end, then those that have begun.
    public func snapshot() -> [RetrySnapshot] { desk.snapshots() }
}
