internal import Synchronization

/// What the body of an operation returned, and where the caller waits for its end who submitted it.
///
/// It travels with the operation, so that nobody has to look for either. The end comes under the engine's lock, when the
/// record is complete, and is announced after its release; the caller may begin to wait before, between and after.
@usableFromInline
final class ResultCell: OperationTag, ArrivalRoute {
    private struct State: Sendable {
        var value: (any ResultValue)?
        var record: OperationRecord?
        var waiter: WorkerContinuation?
        var isAbandoned = false
    }

    private let isAwaited: Bool
    private let state = Mutex(State())

    /// - Parameter isAwaited: Whether somebody is going to call ``wait()``.
    @usableFromInline
    init(isAwaited: Bool = false) { self.isAwaited = isAwaited }

    @usableFromInline var tag: (any OperationTag)? { self }

    /// What the body returned; `nil` as long as it has not.
    @usableFromInline
    func result<Output: Sendable>(as type: Output.Type) -> Output? {
        (state.withLock { $0.value } as? Returned<Output>)?.output
    }

    /// The body has returned something.
    @usableFromInline
    func keep(_ value: any ResultValue) { state.withLock { $0.value = value } }

    @usableFromInline
    func hasEnded(_ record: OperationRecord) -> Bool {
        guard isAwaited else { return false }
        var record = record
        // It refers to whom this belongs.
        record.tag = nil
        state.withLock { $0.record = record }
        return true
    }

    @usableFromInline
    func announceEnd() {
        guard isAwaited else { return }
        let waiter = state.withLock { $0.waiter.take() }
        waiter?.resume()
    }

    /// Suspends until the operation has ended.
    ///
    /// **Cancellation**: throws `CancellationError`, unless the operation has ended.
    @usableFromInline
    func wait() async throws -> OperationRecord {
        if let record = state.withLock({ $0.record }) { return record }
        await withTaskCancellationHandler {
            await WorkerContinuation.suspend { continuation in
                if !isWaiting(continuation) { continuation.resume() }
            }
        } onCancel: {
            abandon()?.resume()
        }
        guard let record = state.withLock({ $0.record }) else { throw CancellationError() }
        return record
    }

    private func isWaiting(_ continuation: WorkerContinuation) -> Bool {
        state.withLock { state in
            guard state.record == nil, !state.isAbandoned else { return false }
            state.waiter = continuation
            return true
        }
    }

    private func abandon() -> WorkerContinuation? {
        state.withLock { state in
            state.isAbandoned = true
            return state.waiter.take()
        }
    }
}

/// Something that a body returned.
@usableFromInline
protocol ResultValue: AnyObject, Sendable {}

@usableFromInline
final class Returned<Output: Sendable>: ResultValue {
    @usableFromInline let output: Output

    @inlinable
    init(_ output: Output) { self.output = output }
}
