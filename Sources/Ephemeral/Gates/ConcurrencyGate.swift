internal import Synchronization

/// Lets a bounded number of callers through at a time; the others wait their turn.
///
/// Coordinators bound their bodies themselves. A gate is for code that has no queue: callers acquire a permit, do their
/// work and release it.
///
/// ```swift
/// let gate = try FixedConcurrencyGate(limit: 4)
/// let page = try await gate.withPermit { try await fetch(url) }
/// ```
public protocol ConcurrencyGate: AnyObject, Sendable {
    /// How many permits may be out at a time.
    var limit: Int { get }

    /// Takes a permit; suspends until one is free.
    ///
    /// **Ordering**: permits are granted in the order in which callers came.
    ///
    /// **Cancellation**: throws `CancellationError` at once; no permit is taken.
    func acquire() async throws

    /// Gives a permit back.
    ///
    /// To release more permits than are out is a mistake in the program; it stops debug builds and is ignored in release.
    func release()

    /// Changes the limit.
    ///
    /// - Parameter limit: The new limit; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `dynamicConcurrencyDisabled` where the limit is fixed, or `invalidArgument`.
    func updateLimit(_ limit: Int) throws
}

extension ConcurrencyGate {
    /// Runs work with a permit.
    ///
    /// **Cancellation**: throws `CancellationError` while it waits; the work itself sees the cancellation of its task.
    ///
    /// - Parameter work: What is done with the permit.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    public func withPermit<Result>(_ work: () async throws -> Result) async throws -> Result {
        try await acquire()
        defer { release() }
        return try await work()
    }
}

/// A gate whose limit never changes.
public final class FixedConcurrencyGate: ConcurrencyGate {
    private let permits: Permits

    /// Creates a gate.
    ///
    /// - Parameter limit: How many permits may be out at a time; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument`.
    public init(limit: Int) throws { permits = try Permits(limit: limit) }

    /// How many permits may be out at a time.
    public var limit: Int { permits.limit }

    /// Takes a permit; see ``ConcurrencyGate/acquire()``.
    ///
    /// **Cancellation**: throws `CancellationError` at once; no permit is taken.
    public func acquire() async throws { try await permits.acquire() }

    /// Gives a permit back; see ``ConcurrencyGate/release()``.
    public func release() { permits.release() }

    /// Refuses: the limit is fixed.
    ///
    /// - Parameter limit: Not used.
    /// - Throws: ``CoordinatorError`` with code `dynamicConcurrencyDisabled`.
    public func updateLimit(_ limit: Int) throws {
        throw CoordinatorError(
            code: .dynamicConcurrencyDisabled,
            message: "the limit of this gate is fixed at \(self.limit); use an AdjustableConcurrencyGate"
        )
    }
}

/// A gate whose limit can change while permits are out.
public final class AdjustableConcurrencyGate: ConcurrencyGate {
    private let permits: Permits

    /// Creates a gate.
    ///
    /// - Parameter limit: How many permits may be out at a time at first; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument`.
    public init(limit: Int) throws { permits = try Permits(limit: limit) }

    /// How many permits may be out at a time.
    public var limit: Int { permits.limit }

    /// Takes a permit; see ``ConcurrencyGate/acquire()``.
    ///
    /// **Cancellation**: throws `CancellationError` at once; no permit is taken.
    public func acquire() async throws { try await permits.acquire() }

    /// Gives a permit back; see ``ConcurrencyGate/release()``.
    public func release() { permits.release() }

    /// Changes the limit.
    ///
    /// A higher one lets callers through at once, a lower one as permits come back.
    ///
    /// - Parameter limit: The new limit; 1 or more.
    /// - Throws: ``CoordinatorError`` with code `invalidArgument`.
    public func updateLimit(_ limit: Int) throws { try permits.updateLimit(limit) }
}

/// What both gates do.
private final class Permits: Sendable {
    private let queue: Mutex<PermitQueue>
    private let lastWaiter = Atomic<UInt64>(0)

    init(limit: Int) throws {
        try Self.check(limit)
        queue = Mutex(PermitQueue(limit: limit))
    }

    private static func check(_ limit: Int) throws {
        guard limit > 0 else { throw CoordinatorError.invalid("limit", limit, "give 1 or more") }
    }

    var limit: Int { queue.withLock { $0.limit } }

    func acquire() async throws {
        try Task.checkCancellation()
        if queue.withLock({ $0.take() }) { return }
        let waiter = lastWaiter.wrappingAdd(1, ordering: .relaxed).newValue
        defer { queue.withLock { $0.forget(waiter) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                switch queue.withLock({ $0.wait(waiter, continuation) }) {
                case .granted: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
                case .waits: break
                }
            }
        } onCancel: {
            queue.withLock { $0.cancel(waiter) }?.resume(throwing: CancellationError())
        }
    }

    func release() {
        guard let granted = queue.withLock({ $0.release() }) else {
            return assertionFailure("a permit is released that nobody holds")
        }
        for continuation in granted { continuation.resume() }
    }

    func updateLimit(_ limit: Int) throws {
        try Self.check(limit)
        for continuation in queue.withLock({ $0.setLimit(limit) }) { continuation.resume() }
    }
}
