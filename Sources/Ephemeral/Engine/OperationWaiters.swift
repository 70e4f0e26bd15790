/// Everybody who waits for an operation to end.
@usableFromInline
struct OperationWaiters: Sendable {
    @usableFromInline typealias Continuation = CheckedContinuation<OperationRecord, any Error>

    private struct Waiter: Sendable {
        let id: UInt64
        let continuation: Continuation
    }

    private var waiters: [OperationID: [Waiter]] = [:]
    private var cancelledEarly = EarlyCancellations()
    /// Operations whose submitter will come to wait; with their record once they have ended.
    private var expected: [OperationID: OperationRecord?] = [:]

    var isEmpty: Bool { waiters.isEmpty && expected.isEmpty }
    /// Whether nothing is kept of anybody, whatever became of them.
    var hasForgottenAll: Bool { isEmpty && cancelledEarly.isEmpty }

    /// Somebody who is about to submit an operation will wait for its end.
    @usableFromInline
    mutating func expect(_ operation: OperationID) { expected.updateValue(nil, forKey: operation) }

    /// Who expected an operation will not come, or has come.
    ///
    /// - Returns: The operation's record if it has ended.
    @usableFromInline
    mutating func takeExpected(_ operation: OperationID) -> OperationRecord? {
        expected.removeValue(forKey: operation) ?? nil
    }

    /// Registers a waiter; one whose cancellation came first is not.
    @usableFromInline
    mutating func add(_ id: UInt64, for operation: OperationID, _ continuation: Continuation) -> Bool {
        if cancelledEarly.take(id) { return false }
        waiters[operation, default: []].append(Waiter(id: id, continuation: continuation))
        return true
    }

    /// Takes a waiter out because its task was cancelled, or remembers that before it registers.
    @usableFromInline
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
    @usableFromInline
    mutating func forget(_ id: UInt64) {
        cancelledEarly.forget(id)
    }

    /// An operation has ended; takes out everybody who waits for it.
    mutating func end(_ record: OperationRecord) -> [Continuation] {
        if !expected.isEmpty, let index = expected.index(forKey: record.id) { expected.values[index] = record }
        return waiters.removeValue(forKey: record.id)?.map(\.continuation) ?? []
    }
}
