/// Everybody who waits for an operation to end.
struct OperationWaiters: Sendable {
    typealias Continuation = CheckedContinuation<OperationRecord, any Error>

    private struct Waiter: Sendable {
        let id: UInt64
        let continuation: Continuation
    }

    private var waiters: [OperationID: [Waiter]] = [:]
    private var cancelledEarly = EarlyCancellations()

    var isEmpty: Bool { waiters.isEmpty }
    /// Whether nothing is kept of anybody, whatever became of them.
    var hasForgottenAll: Bool { isEmpty && cancelledEarly.isEmpty }

    /// Registers a waiter; one whose cancellation came first is not.
    mutating func add(_ id: UInt64, for operation: OperationID, _ continuation: Continuation) -> Bool {
        if cancelledEarly.take(id) { return false }
        waiters[operation, default: []].append(Waiter(id: id, continuation: continuation))
        return true
    }

    /// Takes a waiter out because its task was cancelled, or remembers that before it registers.
    mutating func cancel(_ id: UInt64, for operation: OperationID) -> Continuation? {
        guard let index = waiters[operation]?.firstIndex(where: { $0.id == id }) else {
            cancelledEarly.note(id)
            return nil
        }
        let continuation = waiters[operation]?.remove(at: index).continuation
        if waiters[operation]?.isEmpty == true { waiters[operation] = nil }
        return continuation
    }

    /// Forgets an identity whose wait is over.
    mutating func forget(_ id: UInt64) { cancelledEarly.forget(id) }

    /// An operation has ended; takes out everybody who waits for it.
    mutating func end(_ record: OperationRecord) -> [Continuation] {
        waiters.removeValue(forKey: record.id)?.map(\.continuation) ?? []
    }
}
