public import DequeModule
public import EphemeralTime
public import Synchronization

extension WorkEngine {
    /// The whole state, with what producers have brought taken over.
    ///
    /// Producers go on meanwhile. What they bring after `body` began has not been considered by it, and was not announced
    /// by them either; it gets its worker here, or nobody would come for it before the next arrival.
    @inlinable
    func withWholeState<Result: Sendable>(_ body: (inout WorkState<Queue>) -> Result) -> Result {
        let (result, isArrivalUnattended) = state.withLock { state in
            intake.withLock { intake in
                takeOver(&state, &intake)
                // What `body` may add to the queue has its place, whatever producers bring meanwhile.
                intake.room = max(0, intake.room &- 1)
            }
            let result = body(&state)
            let now = base.now
            let isArrivalUnattended = intake.withLock { intake in
                state.noteBlocked(now: now)
                let isWanted = state.wantsArrivals(now: now)
                let hasArrivals = !intake.entries.isEmpty
                takeOver(&state, &intake)
                intake.isOpen = state.core.lifecycle == .open
                intake.wantsWakeUp = isWanted && !hasArrivals
                return isWanted && hasArrivals
            }
            return (result, isArrivalUnattended)
        }
        if isArrivalUnattended { findWorker() }
        return result
    }

    @usableFromInline
    func tryEnqueueWithSecondLook(_ entry: Queue.Entry) -> OperationID? {
        let now = base.now
        let answer = withWholeState { $0.reconsider(entry, ignoringCapacity: false, mayWait: false, now: now) }
        guard case .accepted(let wakeUp) = answer else { return nil }
        attend(wakeUp)
        return entry.ticket.id
    }

    /// Adds an item if everything that waits already allows it.
    @usableFromInline
    func tryEnqueueAfterALook(_ item: Item, route: Queue.Route) -> Bool {
        tryEnqueueWithSecondLook(Queue.Entry(item: item, route: route, ticket: base.ticket())) != nil
    }

    @inlinable
    func enqueueWhenThereIsRoom(_ entry: Queue.Entry) async throws {
        let isAncestor = base.isAncestor
        let now = base.now
        switch withWholeState({ $0.reconsider(entry, ignoringCapacity: isAncestor, mayWait: true, now: now) }) {
        case .accepted(let wakeUp): attend(wakeUp)
        case .refused(let error): throw error
        case .full, .waits, .waitsShortly: try await waitForRoom(entry)
        }
    }

    @inlinable
    func waitForRoom(_ entry: Queue.Entry) async throws {
        let waiter = base.nextWaiter()
        defer { state.withLock { $0.forgetProducer(waiter) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(WorkState<Queue>.WaitingProducer(waiter: waiter, entry: entry, continuation: continuation))
            }
        } onCancel: {
            let producer = withWholeState { $0.cancelProducer(waiter) }
            producer?.continuation.resume(throwing: CancellationError())
        }
    }

    @inlinable
    func wait(_ producer: WorkState<Queue>.WaitingProducer) {
        let now = base.now
        switch withWholeState({ $0.wait(producer, now: now) }) {
        case .waits, .full: break
        case .waitsShortly: admitSoon()
        case .accepted(let wakeUp):
            attend(wakeUp)
            producer.continuation.resume()
        case .refused(let error): producer.continuation.resume(throwing: error)
        }
    }

    /// Suspends until the coordinator has reached a state.
    func wait(for condition: Waiters.Condition) async throws {
        let waiter = base.nextWaiter()
        defer { state.withLock { $0.core.waiters.forget(waiter) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = withWholeState { state in
                    if state.core.isMet(condition) { return .success(()) }
                    let isWaiting = state.core.waiters.add(waiter, for: condition, continuation)
                    return isWaiting ? nil : .failure(CancellationError())
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.core.waiters.cancel(waiter) }
            continuation?.resume(throwing: CancellationError())
        }
    }
}
