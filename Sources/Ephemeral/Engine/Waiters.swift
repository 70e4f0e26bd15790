/// Everybody who waits for a coordinator to reach a state.
struct Waiters: Sendable {
    /// What is waited for.
    enum Condition: Sendable, CaseIterable {
        /// Nothing waits and nothing runs.
        case idle
        /// No input will come and nothing is left.
        case drained
        /// Drained, and all workers have ended.
        case joined
    }

    private struct Waiter: Sendable {
        let id: UInt64
        let condition: Condition
        let continuation: CheckedContinuation<Void, any Error>
    }

    private var waiters: [Waiter] = []
    private var cancelledEarly = EarlyCancellations()

    var isEmpty: Bool { waiters.isEmpty }

    /// Registers a waiter; one whose cancellation came first is handed back.
    mutating func add(
        _ id: UInt64,
        for condition: Condition,
        _ continuation: CheckedContinuation<Void, any Error>
    ) -> Bool {
        if cancelledEarly.take(id) { return false }
        waiters.append(Waiter(id: id, condition: condition, continuation: continuation))
        return true
    }

    /// Takes a waiter out because its task was cancelled, or remembers that before it registers.
    mutating func cancel(_ id: UInt64) -> CheckedContinuation<Void, any Error>? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            cancelledEarly.note(id)
            return nil
        }
        return waiters.remove(at: index).continuation
    }

    /// Forgets an identity whose wait is over.
    mutating func forget(_ id: UInt64) {
        cancelledEarly.forget(id)
    }

    /// Takes out everybody who waits for one of these.
    mutating func take(_ met: [Condition]) -> [CheckedContinuation<Void, any Error>] {
        let ready = waiters.filter { met.contains($0.condition) }
        waiters.removeAll { met.contains($0.condition) }
        return ready.map(\.continuation)
    }
}
