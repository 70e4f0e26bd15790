internal import Synchronization

/// Lets closed producers wait for the end of the operation that they have submitted.
final class CompletionTable: Sendable {
    private let shards = InlineArray<64, Shard> { _ in Shard() }

    private struct Shard: ~Copyable, Sendable {
        let waiting = Mutex(PendingCompletions<CheckedContinuation<Void, Never>>())
        let padding = InlineArray<8, Int>(repeating: 0)
    }

    /// Announces an operation before it is submitted, because it may end before the submission returns.
    func expect(_ index: Int) {
        shards[index & 63].waiting.withLock { $0.expect(index) }
    }

    /// Takes an announcement back.
    func forget(_ index: Int) {
        shards[index & 63].waiting.withLock { $0.forget(index) }
    }

    /// Waits until an announced operation has ended or ``releaseAll()`` is called.
    func wait(for index: Int) async {
        await withCheckedContinuation { continuation in
            let ended = shards[index & 63].waiting.withLock { $0.wait(index, continuation) }
            if ended { continuation.resume() }
        }
    }

    /// Notes the end of an operation, announced or not.
    func finish(_ index: Int) {
        shards[index & 63].waiting.withLock { $0.finish(index) }?.resume()
    }

    /// Ends every wait, those to come included.
    func releaseAll() {
        for shard in 0..<ThreadShards.count {
            for waiter in shards[shard].waiting.withLock({ $0.release() }) { waiter.resume() }
        }
    }
}

/// Operations whose end somebody waits for, or is about to.
struct PendingCompletions<Waiter> {
    private var pending: [Int: State] = [:]
    private var isReleased = false

    private enum State {
        case expected
        case awaited(Waiter)
        case ended
    }

    mutating func expect(_ index: Int) { pending[index] = .expected }

    mutating func forget(_ index: Int) { pending[index] = nil }

    /// Returns whether there is nothing to wait for; otherwise the waiter is kept.
    mutating func wait(_ index: Int, _ waiter: Waiter) -> Bool {
        guard !isReleased, let state = pending[index] else { return true }
        if case .ended = state {
            pending[index] = nil
            return true
        }
        pending[index] = .awaited(waiter)
        return false
    }

    /// Returns the waiter to resume.
    mutating func finish(_ index: Int) -> Waiter? {
        switch pending[index] {
        case .awaited(let waiter):
            pending[index] = nil
            return waiter
        case .expected:
            pending[index] = .ended
            return nil
        case .ended, nil:
            return nil
        }
    }

    /// Returns all waiters; from now on nobody waits.
    mutating func release() -> [Waiter] {
        isReleased = true
        // By number: the order of a dictionary differs from process to process.
        let waiters: [Waiter] = pending.sorted { $0.key < $1.key }.compactMap {
            if case .awaited(let waiter) = $0.value { waiter } else { nil }
        }
        pending = [:]
        return waiters
    }
}
