internal import DequeModule

/// Permits and who waits for them, as a pure value.
///
/// Granted permits are counted against the limit, not handed on from holder to holder: a lower limit takes effect also
/// while somebody waits, and a higher one grants no more than it adds.
struct PermitQueue: Sendable {
    typealias Continuation = CheckedContinuation<Void, any Error>

    private(set) var limit: Int
    private(set) var held = 0
    private var waiters: Deque<(id: UInt64, continuation: Continuation)> = []
    private var cancelledEarly = EarlyCancellations()

    init(limit: Int) { self.limit = limit }

    /// Takes a permit if one is free and nobody has waited longer.
    mutating func take() -> Bool {
        guard held < limit, waiters.isEmpty else { return false }
        held += 1
        return true
    }

    /// What a caller that could not be served at once gets.
    enum Answer {
        case granted
        case waits
        case cancelled
    }

    mutating func wait(_ id: UInt64, _ continuation: Continuation) -> Answer {
        if cancelledEarly.take(id) { return .cancelled }
        if take() { return .granted }
        waiters.append((id, continuation))
        return .waits
    }

    /// Takes a waiter out because its task was cancelled, or remembers that before it registers.
    mutating func cancel(_ id: UInt64) -> Continuation? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else {
            cancelledEarly.note(id)
            return nil
        }
        return waiters.remove(at: index).continuation
    }

    /// Forgets an identity whose wait is over.
    mutating func forget(_ id: UInt64) {
        cancelledEarly.forget(id)
    }

    /// A permit comes back.
    ///
    /// - Returns: Who gets one now; `nil` when no permit was out.
    mutating func release() -> [Continuation]? {
        guard held > 0 else { return nil }
        held -= 1
        return grant()
    }

    mutating func setLimit(_ limit: Int) -> [Continuation] {
        self.limit = limit
        return grant()
    }

    private mutating func grant() -> [Continuation] {
        var granted: [Continuation] = []
        while held < limit, let waiter = waiters.popFirst() {
            held += 1
            granted.append(waiter.continuation)
        }
        return granted
    }
}
