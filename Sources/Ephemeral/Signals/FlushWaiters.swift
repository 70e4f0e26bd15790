/// Callers that wait until everything that was accepted before them has ended; what comes later does not concern them.
struct FlushWaiters: Sendable {
    typealias Continuation = CheckedContinuation<Void, any Error>

    private struct Waiter: Sendable {
        let id: UInt64
        /// The number of the last value that is waited for.
        let last: UInt64
        /// How many of those up to `last` have not ended.
        var remaining: Int
        let continuation: Continuation
    }

    private var waiters: [Waiter] = []
    private var cancelledEarly = EarlyCancellations()
    private var lastWaiter: UInt64 = 0

    /// An identity for a caller that is about to wait.
    mutating func nextWaiter() -> UInt64 {
        lastWaiter += 1
        return lastWaiter
    }

    /// Registers a waiter.
    ///
    /// - Returns: How its wait ends at once; `nil` when it waits.
    mutating func add(
        _ id: UInt64,
        after last: UInt64,
        remaining: Int,
        _ continuation: Continuation
    ) -> Result<Void, any Error>? {
        if cancelledEarly.take(id) { return .failure(CancellationError()) }
        if remaining == 0 { return .success(()) }
        waiters.append(Waiter(id: id, last: last, remaining: remaining, continuation: continuation))
        return nil
    }

    /// Takes a waiter out because its task was cancelled, or remembers that before it registers.
    mutating func cancel(_ id: UInt64) -> Continuation? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            cancelledEarly.note(id)
            return nil
        }
        return waiters.remove(at: index).continuation
    }

    /// Forgets an identity whose wait is over.
    mutating func forget(_ id: UInt64) { cancelledEarly.forget(id) }

    /// The value of a number has ended, by whatever way.
    ///
    /// - Returns: Whose wait is over.
    mutating func ended(_ number: UInt64) -> [Continuation] {
        guard !waiters.isEmpty else { return [] }
        for index in waiters.indices where waiters[index].last >= number { waiters[index].remaining -= 1 }
        let ready = waiters.filter { $0.remaining == 0 }.map(\.continuation)
        if !ready.isEmpty { waiters.removeAll { $0.remaining == 0 } }
        return ready
    }
}
