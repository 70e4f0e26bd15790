internal import Synchronization

/// A barrier that bodies stop at and a test opens, so that a test decides which operations are running at which moment.
///
/// ```swift
/// let gate = Gate()
/// let coordinator = try WorkCoordinator<Int> { _ in try await gate.wait() }
/// try await coordinator.enqueue(1)
/// try await gate.arrivals(1)
/// #expect(coordinator.activeCount == 1)
/// gate.open()
/// try await coordinator.drain()
/// ```
///
/// Nothing is polled: the test is resumed by the arrival it waits for, bodies are resumed by the opening.
public final class Gate: Sendable {
    private let state: Mutex<GateState>
    private let tally = Tally()

    /// Creates a gate.
    ///
    /// - Parameter isOpen: Whether it lets everybody through from the start.
    public init(isOpen: Bool = false) {
        state = Mutex(GateState(isOpen: isOpen))
    }

    /// How many times somebody has come to the gate so far, those it let through at once included.
    public var arrivalCount: Int { tally.value }

    /// How many stand at the gate now.
    public var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Stops here until the gate lets the caller through.
    ///
    /// **Ordering**: callers are let through in the order of their arrival.
    ///
    /// **Cancellation**: throws `CancellationError`; a permit of ``release(_:)`` is not used up.
    public func wait() async throws {
        let id = state.withLock { $0.nextCaller() }
        defer { state.withLock { $0.forget(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { arrive(id, $0) }
        } onCancel: {
            state.withLock { $0.cancel(id) }?.resume(throwing: CancellationError())
        }
    }

    /// Stops here until the gate lets the caller through, whether its task is cancelled or not: the body of a test that
    /// must not give in to cancellation.
    public func waitIgnoringCancellation() async {
        let id = state.withLock { $0.nextCaller() }
        // Only cancellation ends a wait with an error, and nothing here reports one.
        try? await withCheckedThrowingContinuation { arrive(id, $0) }
    }

    private func arrive(_ id: UInt64, _ continuation: CheckedContinuation<Void, any Error>) {
        let answer = state.withLock { $0.arrive(id, continuation) }
        tally.increment()
        if let answer { continuation.resume(with: answer) }
    }

    /// Suspends until at least this many have come to the gate since it was made.
    ///
    /// **Cancellation**: throws `CancellationError`.
    ///
    /// - Parameter count: How many arrivals to wait for, those of the past included.
    /// - Throws: `CancellationError` when the calling task is cancelled.
    public func arrivals(_ count: Int) async throws {
        try await tally.reach(count)
    }

    /// Lets everybody through who stands here, and everybody who comes later until ``close()``.
    public func open() {
        let passing = state.withLock { $0.open() }
        for continuation in passing { continuation.resume() }
    }

    /// Stops those who come from now on.
    public func close() {
        state.withLock { $0.isOpen = false }
    }

    /// Lets a number through: first those who stand here, in the order of their arrival, then the next to come.
    ///
    /// - Parameter count: How many; zero and less let nobody through.
    public func release(_ count: Int = 1) {
        let passing = state.withLock { $0.release(count) }
        for continuation in passing { continuation.resume() }
    }
}

private struct GateState {
    typealias Continuation = CheckedContinuation<Void, any Error>

    var isOpen: Bool
    private var permits = 0
    private var lastCaller: UInt64 = 0
    private(set) var waiting: [(id: UInt64, continuation: Continuation)] = []
    private var cancelledEarly: Set<UInt64> = []

    init(isOpen: Bool) {
        self.isOpen = isOpen
    }

    mutating func nextCaller() -> UInt64 {
        lastCaller += 1
        return lastCaller
    }

    /// - Returns: How the wait of the caller ends at once; `nil` when it has to wait.
    mutating func arrive(_ id: UInt64, _ continuation: Continuation) -> Result<Void, any Error>? {
        if cancelledEarly.contains(id) { return .failure(CancellationError()) }
        if isOpen { return .success(()) }
        if permits > 0 {
            permits -= 1
            return .success(())
        }
        waiting.append((id, continuation))
        return nil
    }

    mutating func cancel(_ id: UInt64) -> Continuation? {
        cancelledEarly.insert(id)
        return waiting.firstIndex { $0.id == id }.map { waiting.remove(at: $0).continuation }
    }

    mutating func forget(_ id: UInt64) {
        cancelledEarly.remove(id)
    }

    mutating func open() -> [Continuation] {
        isOpen = true
        permits = 0
        defer { waiting = [] }
        return waiting.map(\.continuation)
    }

    mutating func release(_ count: Int) -> [Continuation] {
        let count = max(0, count)
        let passing = waiting.prefix(count).map(\.continuation)
        waiting.removeFirst(passing.count)
        if !isOpen { permits += count - passing.count }
        return passing
    }
}
