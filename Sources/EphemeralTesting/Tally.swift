internal import Synchronization

/// A number that only grows, and tasks that wait for it to reach a value.
final class Tally: Sendable {
    private struct State {
        var value = 0
        var lastWaiter: UInt64 = 0
        var waiters: [(id: UInt64, target: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var cancelledEarly: Set<UInt64> = []
    }

    private let state = Mutex(State())

    var value: Int { state.withLock { $0.value } }

    func increment() {
        let reached = state.withLock { state in
            state.value += 1
            let value = state.value
            defer { state.waiters.removeAll { $0.target <= value } }
            return state.waiters.filter { $0.target <= value }
        }
        for waiter in reached { waiter.continuation.resume() }
    }

    /// Suspends until the number is at least `target`.
    func reach(_ target: Int) async throws {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        defer { state.withLock { _ = $0.cancelledEarly.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.value >= target { return .success(()) }
                    if state.cancelledEarly.contains(id) { return .failure(CancellationError()) }
                    state.waiters.append((id, target, continuation))
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelledEarly.insert(id)
                return state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}
