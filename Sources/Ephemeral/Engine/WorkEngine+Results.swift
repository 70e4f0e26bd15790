internal import EphemeralTime
internal import Synchronization

extension WorkEngine {
    /// Suspends until an operation has ended.
    func waitForEnd(of id: OperationID) async throws -> OperationRecord {
        let waiter = base.nextWaiter()
        defer { state.withLock { $0.core.operationWaiters.forget(waiter) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = withWholeState { $0.answer(to: waiter, about: id, continuation) }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.core.operationWaiters.cancel(waiter, for: id) }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Records of visible and running operations.
    func records(where predicate: (OperationRecord) -> Bool) -> [OperationRecord] {
        let now = base.now
        return withWholeState { state in
            state.core.window.trim(now: now)
            return state.core.records(where: predicate)
        }
    }
}

extension WorkState {
    /// What a caller that asks for the end of an operation gets at once; `nil` when it has to wait.
    fileprivate mutating func answer(
        to waiter: UInt64,
        about id: OperationID,
        _ continuation: OperationWaiters.Continuation
    ) -> Result<OperationRecord, any Error>? {
        if core.running.contains(where: { $0?.id == id }) || queue.contains(id) {
            return core.operationWaiters.add(waiter, for: id, continuation) ? nil : .failure(CancellationError())
        }
        if let record = core.window.record(id) { return .success(record) }
        return .failure(
            CoordinatorError(
                code: .operationEvicted,
                message:
                    "operation \(id) is unknown or has left the window; raise maxTrackedOperations to keep it longer"
            )
        )
    }
}
