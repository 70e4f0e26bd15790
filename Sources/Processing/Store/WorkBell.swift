package import EphemeralTime
internal import Synchronization

/// Wakes everybody who waits for work in a store of this process.
///
/// Who wants to wait takes a ticket, looks for work, and waits with the ticket: a ring between look and wait is not missed.
package final class WorkBell: Sendable {
    private struct State {
        var rings: UInt64 = 0
        var isClosed = false
        var lastWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var cancelledEarly: Set<UInt64> = []

        /// All who wait, in the order of their coming: that of a dictionary differs from process to process.
        mutating func takeWaiters() -> [CheckedContinuation<Void, any Error>] {
            defer { waiters = [:] }
            return waiters.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private let state = Mutex(State())

    /// Creates a bell.
    package init() {}

    /// A ticket for waiting.
    package var ticket: UInt64 { state.withLock { $0.rings } }

    /// Wakes everybody.
    package func ring() {
        let waiters = state.withLock { state in
            state.rings += 1
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Ends all waiting with an error, now and later.
    package func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume(throwing: ProcessingError.closedStore) }
    }

    /// Suspends until a ring after the ticket was taken, or until a deadline.
    ///
    /// **Cancellation**: throws `CancellationError`.
    package func wait(
        after ticket: UInt64,
        until deadline: ContinuousClock.Instant,
        by time: any TimeSource
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.wait(after: ticket) }
            group.addTask { try await time.sleep(until: deadline) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Suspends until a ring after the ticket was taken.
    ///
    /// **Cancellation**: throws `CancellationError`.
    package func wait(after ticket: UInt64) async throws {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        defer { state.withLock { _ = $0.cancelledEarly.remove(id) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.isClosed { return .failure(ProcessingError.closedStore) }
                    if state.rings > ticket { return .success(()) }
                    if state.cancelledEarly.contains(id) { return .failure(CancellationError()) }
                    state.waiters[id] = continuation
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.cancelledEarly.insert(id)
                return state.waiters.removeValue(forKey: id)
            }
            waiter?.resume(throwing: CancellationError())
        }
    }
}

extension WorkBell {
    /// What a look for work has found.
    package struct Look: Sendable {
        /// The jobs that were taken.
        package var jobs: [ClaimedJob]
        /// When to look again although nobody rings, if ever.
        package var nextDue: ContinuousClock.Instant?

        /// Creates a finding.
        package init(jobs: [ClaimedJob], nextDue: ContinuousClock.Instant?) {
            self.jobs = jobs
            self.nextDue = nextDue
        }
    }

    /// Looks for work until there is some or the patience is at its end.
    ///
    /// **Cancellation**: throws `CancellationError` while it waits.
    package func claim(
        patience: Duration,
        by time: any TimeSource,
        look: () async throws -> Look
    ) async throws -> [ClaimedJob] {
        let deadline = time.now.advanced(by: patience)
        while true {
            let ticket = ticket
            let found = try await look()
            guard found.jobs.isEmpty, time.now < deadline else { return found.jobs }
            try await wait(after: ticket, until: min(deadline, found.nextDue ?? deadline), by: time)
        }
    }
}
