internal import Synchronization

/// An event on its way through a dispatcher.
struct Dispatch: Sendable {
    let number: UInt64
    let event: SignalEvent
}

/// What a dispatcher knows besides its queue: the handlers, and which events have not ended.
final class DispatchDesk: Sendable {
    typealias Handler = @Sendable (SignalEvent) async throws -> Void

    private let state = Mutex(DispatchState())

    var refusedCount: Int { state.withLock { $0.refused } }
    var failedHandlerCount: Int { state.withLock { $0.failedHandlers } }

    func register(_ pattern: SignalPattern, _ handler: @escaping Handler) {
        state.withLock { $0.register(pattern, handler) }
    }

    func unregister(_ pattern: SignalPattern) -> Bool {
        state.withLock { $0.unregister(pattern) }
    }

    /// Runs all handlers of an event.
    ///
    /// - Throws: The first error of one of them.
    func handle(_ event: SignalEvent) async throws {
        var firstError: (any Error)?
        for handler in state.withLock({ $0.handlers(of: event) }) {
            try Task.checkCancellation()
            do {
                try await handler(event)
            } catch {
                state.withLock { $0.failedHandlers += 1 }
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
    }

    func begin(_ event: SignalEvent) -> Dispatch {
        Dispatch(number: state.withLock { $0.begin() }, event: event)
    }

    func end(_ dispatch: Dispatch) {
        let ready = state.withLock { $0.end(dispatch.number) }
        for continuation in ready { continuation.resume() }
    }

    func refuse(_ dispatch: Dispatch) {
        state.withLock { $0.refused += 1 }
        end(dispatch)
    }

    /// Waits until everything that has begun so far has ended.
    func flush() async throws {
        let waiter = state.withLock { $0.waiters.nextWaiter() }
        defer { state.withLock { $0.waiters.forget(waiter) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { $0.wait(waiter, continuation) }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.cancel(waiter) }?.resume(throwing: CancellationError())
        }
    }
}

/// The guarded state of a desk.
private struct DispatchState: Sendable {
    private var registrations: [(pattern: SignalPattern, handler: DispatchDesk.Handler)] = []
    private var lastNumber: UInt64 = 0
    private var unended = 0
    var refused = 0
    var failedHandlers = 0
    var waiters = FlushWaiters()

    mutating func register(_ pattern: SignalPattern, _ handler: @escaping DispatchDesk.Handler) {
        if let index = place(of: pattern) {
            registrations[index].handler = handler
        } else {
            registrations.append((pattern, handler))
        }
    }

    mutating func unregister(_ pattern: SignalPattern) -> Bool {
        guard let index = place(of: pattern) else { return false }
        registrations.remove(at: index)
        return true
    }

    private func place(of pattern: SignalPattern) -> Int? {
        registrations.firstIndex { $0.pattern.text.hasSameBytes(as: pattern.text) }
    }

    func handlers(of event: SignalEvent) -> [DispatchDesk.Handler] {
        registrations.filter { $0.pattern.matches(event.signal) }.map(\.handler)
    }

    mutating func begin() -> UInt64 {
        lastNumber += 1
        unended += 1
        return lastNumber
    }

    mutating func end(_ number: UInt64) -> [FlushWaiters.Continuation] {
        unended -= 1
        return waiters.ended(number)
    }

    mutating func wait(_ waiter: UInt64, _ continuation: FlushWaiters.Continuation) -> Result<Void, any Error>? {
        waiters.add(waiter, after: lastNumber, remaining: unended, continuation)
    }
}
