internal import EphemeralTime
internal import Synchronization

/// Waits for the target, but never for ever.
struct BoundedWait: Sendable {
    let stage: RunStage
    let interruption: Interruption
    /// The longest wait once the user wants to stop.
    let interruptedLimit: Duration

    /// Waits until `operation` ends, at most for `limit`; returns whether it ended.
    ///
    /// An operation that does not end is cancelled and left behind: only an unstructured task can be.
    func callAsFunction(_ limit: Duration, _ operation: @escaping @Sendable () async -> Void) async -> Bool {
        let outcome = FirstOutcome()
        let work = stage.spawn {
            await operation()
            outcome.settle(true)
        }
        let timer = stage.spawn { await expire(outcome, after: limit) }
        let ended = await interruption.whileHearing(
            { stage.spawn { await expire(outcome, after: interruptedLimit) } },
            { await outcome.value }
        )
        timer.cancel()
        if !ended { work.cancel() }
        return ended
    }

    private func expire(_ outcome: FirstOutcome, after limit: Duration) async {
        do {
            try await stage.time.sleep(for: limit)
            outcome.settle(false)
        } catch {
            // The wait is over already.
        }
    }
}

/// The first of several answers.
private final class FirstOutcome: Sendable {
    private let state = Mutex(State.open([]))

    private enum State {
        case open([CheckedContinuation<Bool, Never>])
        case settled(Bool)
    }

    func settle(_ value: Bool) {
        let waiters = state.withLock { state -> [CheckedContinuation<Bool, Never>] in
            guard case .open(let waiters) = state else { return [] }
            state = .settled(value)
            return waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    var value: Bool {
        get async {
            await withCheckedContinuation { continuation in
                let settled = state.withLock { state -> Bool? in
                    switch state {
                    case .settled(let value):
                        return value
                    case .open(let waiters):
                        state = .open(waiters + [continuation])
                        return nil
                    }
                }
                if let settled { continuation.resume(returning: settled) }
            }
        }
    }
}
